from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.answers.equality import equal_math, same_math, verdict
from hexcli.answers.judge.asking import equal_expressions
from hexcli.answers.latex import latex
from hexcli.answers.undecided import watched
from tests.tables import GARBLED, table

ROOTS = [r"\sqrt{2}", r"\frac{2}{\sqrt2}", r"2\sqrt3", r"\sqrt{12}", "1", "x", "(1,2)"]


def equal(a: str, b: str) -> bool:
    return equal_math(a, b, equal_expressions)


@pytest.mark.parametrize(("a", "b", "same"), table("equal_math.tsv"))
def test_equal_with_algebra(a: str, b: str, same: str) -> None:
    assert equal(a, b) == equal(b, a) == (same == "yes")


@pytest.mark.parametrize(("a", "b", "same"), table("kinds.tsv"))
def test_equal_in_every_kind_of_notation(a: str, b: str, same: str) -> None:
    assert equal(a, b) == equal(b, a) == (same == "yes")
    assert equal(latex(a), b) == (same == "yes")  # the form in which answers are kept


@pytest.mark.parametrize(("a", "b", "same"), table("same_math.tsv"))
def test_equal_without_algebra(a: str, b: str, same: str) -> None:
    assert same_math(a, b) == same_math(b, a) == equal(a, b) == (same == "yes")


@pytest.mark.parametrize(("a", "b", "same"), table("hostile.tsv"))
def test_hostile_pairs_have_an_answer(a: str, b: str, same: str) -> None:
    assert equal(a, b) == equal(b, a) == (same == "yes")


def test_words_numbers_and_other_shapes_never_reach_the_judge() -> None:
    def judge(question: str) -> bool:
        raise AssertionError(f"asked {question}")

    pairs = (
        r"5 7, 0.5 \frac13, A B, odd even, 2k 2b, (1;2) 1;2, (1;2) (1;3), x 5, [1;2) (1;2), 1;2 1;2;3, x\sqrt2 \sqrt2"
    )
    for a, b in (pair.replace(";", ",").split() for pair in pairs.split(", ")):
        assert not equal_math(a, b, judge)


def give_up(question: str) -> bool:
    raise TimeoutError


def test_a_judge_that_gives_up_says_no_and_is_counted() -> None:
    with watched() as undecided:
        assert not equal_math(r"\sin 1", r"\cos 1", give_up)
        assert not equal_math(r"\cos 1", r"\sin 1", give_up)
        assert not equal_math(r"(1,\sin 1)", r"(1,\cos 1)", give_up)
        assert equal_math(r"\sin 1", r"\sin 1", give_up)
        assert not equal_math(r"\sqrt2", r"\sqrt3", give_up)  # arithmetic
    assert undecided == {(r"\cos 1", r"\sin 1"), (r"(1,\cos 1)", r"(1,\sin 1)")}
    assert verdict(r"\sin 1", r"\cos 1", give_up).by == "undecided"


def test_a_number_too_large_to_be_worked_out_is_undecided_and_asked_of_nobody() -> None:
    def judge(question: str) -> bool:
        raise AssertionError(f"asked {question}")

    for pair in (
        ("9^{9^9}", "3"),
        ("(10^{10})!", "5"),
        (r"\binom{10^9}{5\cdot10^8}", r"\sin 1"),
        (r"\sin(9^{9^9})", "1"),
    ):
        assert verdict(*pair, judge).by == "undecided"


@pytest.mark.parametrize(
    ("a", "b", "equal", "by"),
    [
        ("x + 1", "x+1", True, "text"),
        ("3, 5", "5, 3", True, "tree"),
        ("0.5", r"\frac12", True, "arithmetic"),
        (r"\sqrt2", r"\sqrt3", False, "arithmetic"),
        (r"5\text{ cm}", r"5\text{ kg}", False, "units"),
        (r"5\text{ north}", r"5\text{ south}", False, "words"),
        (r"\sin 30^\circ", r"\frac12", True, "judge"),
        ("8{3}", "24", False, "text"),
    ],
)
def test_a_verdict_says_who_decided(a: str, b: str, equal: bool, by: str) -> None:
    found = verdict(a, b, equal_expressions)
    assert (found.equal, found.by) == (equal, by)
    assert found.steps


@settings(deadline=None, max_examples=60)  # the machine may be busy
@given(GARBLED, GARBLED)
def test_equality_is_reflexive_and_symmetric_on_any_text(a: str, b: str) -> None:
    assert equal(a, a)
    assert equal(a, latex(a))
    assert equal(a, b) == equal(b, a)
    assert not same_math(a, b) or equal(a, b)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(ROOTS), min_size=2, max_size=5), st.randoms())
def test_lists_have_no_order(values: list[str], random: Random) -> None:
    other = {ROOTS[0]: ROOTS[1], ROOTS[2]: ROOTS[3]}
    rewritten = [other.get(value, value) for value in random.sample(values, len(values))]
    assert equal(", ".join(values), ", ".join(rewritten))


def test_deep_and_long_answers() -> None:
    for brackets in ("()", "[]", "{}"):
        assert not equal(brackets[0] * 1900 + "1,2" + brackets[1] * 1900, "1")
    assert not equal("(1," * 1200 + ")" * 1200, r"\{" * 900 + r"\}" * 900)
    assert not equal("7" * 100_000, "7" * 99_999)
    assert not equal(r"\pm" * 1000, r"\pm" * 999)
    assert not equal(",".join(map(str, range(1000))), ",".join(map(str, range(1001))))


@pytest.mark.timeout(60)  # quadratic time would be hours
@pytest.mark.parametrize("unit", ["{", "}", r"\{", "(", "1,", "x,", "<", r"\cup", r"\pm1,", "1", "a", "é😀", "\x00"])
def test_a_megabyte_of_anything_is_compared(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    latex(text[:3900])  # where shortcuts for the long do not help
    assert not equal(text, "1")
    assert not equal(text[:3900] + "1", text[:3900] + "2")
