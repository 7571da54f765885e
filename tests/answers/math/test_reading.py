r"""What is read, and what is not: all of a text or nothing of it; and no text takes long."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.answers.equality import same_math
from hexcli.answers.latex import latex
from hexcli.answers.math.describing import described
from hexcli.answers.math.printing import printed
from hexcli.answers.math.reading import read, readings, why_not
from hexcli.answers.math.shapes import shape
from tests.answers.random_pairs import pair
from tests.tables import GARBLED, table

# What a text of random pieces may be made of, so that much of it is nearly mathematics.
PIECES = r"""
    \frac \sqrt \sqrt[3] \text{ \text{and} \left( \right) \begin{pmatrix} \end{pmatrix} \\ & \{ \} { } ( ) [ ] |
    , ; : . = < > \le \ge \neq \approx \in \cup \setminus \mid + - * / ^ _ ! ' 1 2 10 0.5 1,000 x y n i e \pi
    \infty \theta sin \cos log \ln ° % $ \$ cm \text{cm} and or a.m. dozen \pm \circ \binom \sum \int \log_
    ^{-1} √ ½ ² ** \cdot \overline f( \angle _{2} \lfloor
"""


@pytest.mark.parametrize(("text", "tree"), table("trees.tsv"))
def test_a_text_has_its_tree(text: str, tree: str) -> None:
    found = read(text)
    assert (described(found) if found is not None else "none") == tree


def test_what_is_not_read_says_why() -> None:
    assert why_not(r"\frac12") == ""
    assert why_not(r"\frac{1}{2") == "} is missing at the end"
    assert why_not("8{3}") == "something is left over at '{'"
    assert why_not("(" * 50 + "1" + ")" * 50) == "too many brackets in brackets at '('"
    assert why_not("7" * 5000) == "an answer has at most 2000 characters"


def test_a_comma_may_mean_two_things() -> None:
    assert [described(tree) for tree in readings("1,100")] == ["1,100", "Listing(1, 100, ,)"]
    for certain in ("1,000", "1, 100", "(1,100)", r"1{,}100", "12,14"):
        assert len(readings(certain)) == 1


@settings(deadline=None, max_examples=150)  # the machine may be busy
@given(GARBLED)
def test_what_is_printed_is_read_back(text: str) -> None:
    tree = read(text)
    normal = latex(text)
    assert tree is None or read(normal) == tree
    assert latex(normal) == normal


@settings(deadline=None, max_examples=150)
@given(GARBLED)
def test_a_shape_is_its_own(text: str) -> None:
    for tree in readings(text):
        once = shape(tree)
        assert isinstance(printed(once), str)
        assert shape(once) == once


def garbled(seed: int) -> str:
    """Pieces in any order, or an answer with a few of them put in, or some of it gone."""
    dice = random.Random(seed)
    if dice.random() < 0.3:
        return dice.choice(("", " ")).join(dice.choice(PIECES.split()) for _ in range(dice.randint(1, 40)))
    text = pair(dice)[0] if dice.random() < 0.6 else dice.choice(table("kinds.tsv"))[0]
    for _ in range(dice.randint(1, 3)):
        place = dice.randint(0, len(text))
        if dice.random() < 0.6:
            text = text[:place] + dice.choice("0123456789xyni+-/^ ") + text[place + 1 :]
        elif dice.random() < 0.5:
            text = text[:place] + dice.choice(("", " ")) + dice.choice(PIECES.split()) + text[place:]
        else:
            text = text[:place] + text[place + dice.randint(1, 3) :]
    return text


@pytest.mark.parametrize("block", range(4))
def test_no_text_crashes_or_takes_long(block: int) -> None:
    """Of the processor's time: 2 s would be a thousand times what an answer takes."""
    for seed in range(block * 150, block * 150 + 150):
        text, other = garbled(seed), garbled(seed + 10_000)
        before = time.process_time()
        assert isinstance(same_math(text, other), bool)
        assert same_math(text, text)
        assert same_math(text, latex(text))
        assert time.process_time() - before < 2, text


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=150)
def test_any_text_is_the_same_as_itself(text: str) -> None:
    assert same_math(text, text)
    assert same_math(text, latex(text))


@pytest.mark.timeout(60)  # exponential time would never end
@pytest.mark.parametrize(
    "nested",
    [r"\frac{", r"2\frac{", "(", "[", r"\{", "|", "{", r"\sqrt{", r"\text{", "^{", "_{", r"\sin ", r"\sin(", "-", "x^",
     "f(", r"\begin{pmatrix}", r"\lfloor ", "1,", "x=", "1/", "x<", r"\pm", r"1\pm", "2!", "x'", "(1,", r"\log_",
     r"\overline{", "2^", "1+", "x*"],
)  # fmt: skip
def test_nests_of_anything_are_read_in_time(nested: str) -> None:
    for times in (5, 39, 300):
        text = nested * times + "1"
        assert same_math(text, text)
        assert same_math(text, latex(text))
        same_math(text, text + "+1")
        for tree in readings(text):
            shape(tree)
