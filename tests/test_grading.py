import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.grading import (
    answer_tag,
    boxed,
    choice,
    latex,
    letter,
    math_key,
    number,
    response_text,
    same_math,
)

DATA = Path(__file__).parent / "data" / "grading"
NONE = "∅"

# Text as models garble it: pieces of answers in any order, next to any text at all.
PIECES = r"""\boxed{ \fbox{ \text{ \frac \dfrac \sqrt \pi \left \right \circ \cdot \times \infty \cup \in boxed { } \{
    \} \( \) $ \$ \% % \! \, ( ) [ ] , . / = ^ _ - + ! ... <answer> </answer> 1 2 10 000 0.5 .5 x k cm and or A B. C
    e"""
GARBLED = st.one_of(
    st.lists(st.sampled_from([*PIECES.split(), " ", "\n"]), max_size=24).map("".join), st.text(max_size=60)
)


def table(name: str) -> list[list[str]]:
    """The rows of a TSV file below its header, without the last column (why)."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    columns = lines[0].count("\t")
    return [(line.split("\t") + [""] * columns)[:columns] for line in lines[1:]]


def texts(name: str) -> list[tuple[str, str | None]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [(row["text"], row["expected"]) for row in map(json.loads, lines)]


@pytest.mark.parametrize(("text", "expected"), texts("response_text.jsonl"))
def test_response_text(text: str, expected: str) -> None:
    assert response_text(text) == expected


@pytest.mark.parametrize(("text", "expected"), texts("boxed.jsonl"))
def test_boxed(text: str, expected: str | None) -> None:
    assert boxed(text) == expected


@pytest.mark.parametrize(("text", "expected"), texts("answer_tag.jsonl"))
def test_answer_tag(text: str, expected: str | None) -> None:
    assert answer_tag(text) == expected


@pytest.mark.parametrize(("text", "expected"), table("number.tsv"))
def test_number(text: str, expected: str) -> None:
    assert number(text) == (None if expected == NONE else expected)


@pytest.mark.parametrize(("text", "n", "expected"), table("letter.tsv"))
def test_letter(text: str, n: str, expected: str) -> None:
    assert letter(text, int(n)) == (None if expected == NONE else expected)


@pytest.mark.parametrize(("text", "expected"), table("latex.tsv"))
def test_latex(text: str, expected: str) -> None:
    assert latex(text) == expected
    assert latex(expected) == expected


@pytest.mark.parametrize(("a", "b", "same"), table("same_math.tsv"))
def test_same_math(a: str, b: str, same: str) -> None:
    assert same_math(a, b) == same_math(b, a) == (same == "yes")


def test_an_option_may_be_named_by_its_text() -> None:
    options = ["Blue whale", "Gray wolf.", "A"]
    assert choice("gray wolf", options) == "B"
    assert choice(r"\text{(B)}", options) == "B"
    assert choice("wolf", options) is None
    assert choice("", options) is None
    assert choice("same", ["same", "Same!"]) is None


def test_numbers_that_would_fill_memory_are_none() -> None:
    for bomb in ("1e999999999", "9^{9^9}", "1e-99999", "1" * 5000, r"3\times10^{9999}", "1/" + "3" * 5000):
        assert number(bomb) is None
    assert number("1/" + "3" * 20) == "1/" + "3" * 20
    assert number("1e-300") == "1/1" + "0" * 300  # exact, and no decimal of 300 places


@settings(deadline=None)  # the machine may be busy
@given(GARBLED)
def test_no_text_raises(text: str) -> None:
    response_text(text)
    answer_tag(text)
    same_math(text, "1")
    choice(text, ["one", "two"])
    content = boxed(text)
    assert content is None or content.strip() == content != ""


@settings(deadline=None)
@given(GARBLED)
def test_a_canonical_number_is_its_own(text: str) -> None:
    found = number(text)
    assert found is None or number(found) == found


@settings(deadline=None)
@given(GARBLED)
def test_a_normal_form_is_its_own(text: str) -> None:
    assert latex(latex(text)) == latex(text)
    assert same_math(text, latex(text))


@settings(deadline=None)
@given(st.fractions(), st.integers(-(10**30), 10**30))
def test_numbers_survive_their_notations(fraction: object, integer: int) -> None:
    canonical = number(str(fraction))
    assert canonical is not None
    assert same_math(str(fraction), canonical)
    assert number(f"${integer:,}") == number(f"{integer} dollars.") == number(f"{integer}.00") == str(integer)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["1", "0.5", r"\frac12", "x", "(1,2)", "2, 3"]), min_size=2, max_size=5), st.randoms())
def test_lists_have_no_order(values: list[str], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert math_key(", ".join(values)) == math_key(", ".join(shuffled))


@pytest.mark.parametrize(
    "unit",
    ["{", "}", r"\boxed{", r"\boxed{}", "boxed", r"\text{", r"\frac", r"\{", "\\", "<answer>", "</answer>", "<", " ",
     "\n", "(", "1,", "1", ".", "a", "$", "=", "é😀", "\x00"],
)  # fmt: skip
@pytest.mark.parametrize("function", [response_text, boxed, answer_tag, number, latex, math_key])
def test_a_megabyte_takes_no_time(unit: str, function: Callable[[str], object]) -> None:
    text = unit * (1_000_000 // len(unit))
    start = time.process_time()
    function(text)
    function(text[:3900])  # where shortcuts for the long do not help
    assert time.process_time() - start < 3


def test_nesting_a_thousand_deep() -> None:
    assert boxed(r"\boxed{" * 1000 + "5" + "}" * 1000) == "5"
    deep = r"\boxed{" + "{" * 1000 + "5" + "}" * 1000 + "}"
    assert boxed(deep) == deep[len(r"\boxed{") : -1]
    assert number(deep) is None or number(deep) == "5"
    for brackets in ("()", "[]", "{}"):
        same_math(brackets[0] * 1900 + "1,2" + brackets[1] * 1900, "1")
    same_math("(1," * 1200 + ")" * 1200, r"\{" * 900 + r"\}" * 900)
