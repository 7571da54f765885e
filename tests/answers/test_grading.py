from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.answers.grading import choice, letter, number
from hexcli.answers.values import same_math
from tests.tables import GARBLED, NONE, table


@pytest.mark.parametrize(("text", "expected"), table("number.tsv"))
def test_number(text: str, expected: str) -> None:
    assert number(text) == (None if expected == NONE else expected)


@pytest.mark.parametrize(("text", "n", "expected"), table("letter.tsv"))
def test_letter(text: str, n: str, expected: str) -> None:
    assert letter(text, int(n)) == (None if expected == NONE else expected)


def test_an_option_may_be_named_by_its_text() -> None:
    options = ["Blue whale", "Gray wolf.", "A"]
    assert choice("gray wolf", options) == "B"
    assert choice(r"\text{(B)}", options) == "B"
    assert choice("B - Gray wolf", options) == "B"
    assert choice("wolf", options) is None
    assert choice("A - Gray wolf", options) is None
    assert choice("", options) is None
    assert choice("same", ["same", "Same!"]) is None


def test_an_option_may_speak_of_other_options() -> None:
    options = ["heat", "light", "sound", "A and B"]
    assert choice("D) A and B", options) == "D"
    assert choice("A and B", options) == "D"
    assert choice("A and C", options) is None


def test_numbers_that_would_fill_memory_are_none() -> None:
    for bomb in ("1e999999999", "9^{9^9}", "1e-99999", "1" * 5000, r"3\times10^{9999}", "10^9999", "1/" + "3" * 5000):
        assert number(bomb) is None
    assert number("1/" + "3" * 20) == "1/" + "3" * 20
    assert number("1e-300") == "1/1" + "0" * 300  # exact, and no decimal of 300 places


@settings(deadline=None)  # the machine may be busy
@given(GARBLED)
def test_a_canonical_answer_is_its_own(text: str) -> None:
    found = number(text)
    assert found is None or number(found) == found
    named = choice(text, ["one", "two"])
    assert named is None or choice(named, ["one", "two"]) == named


@settings(deadline=None)
@given(st.fractions(), st.integers(-(10**30), 10**30))
def test_numbers_survive_their_notations(fraction: object, integer: int) -> None:
    canonical = number(str(fraction))
    assert canonical is not None
    assert same_math(str(fraction), canonical)
    assert number(f"${integer:,}") == number(f"{integer} dollars.") == number(f"{integer}.00") == str(integer)


@pytest.mark.timeout(60)  # quadratic time would be hours
@pytest.mark.parametrize(
    "unit",
    [
        "{",
        r"\text{",
        r"\frac",
        "\\",
        " ",
        "(",
        "1,",
        "1",
        ".",
        "a",
        "$",
        "=",
        "A. ",
        "minus ",
        "2 words ",
        "é😀",
        "\x00",
    ],
)
@pytest.mark.parametrize("function", [number, lambda text: letter(text, 4), lambda text: choice(text, ["a", "b"])])
def test_a_megabyte_of_anything_is_read(unit: str, function: Callable[[str], object]) -> None:
    text = unit * (1_000_000 // len(unit))
    function(text)
    function(text[:3900])  # where shortcuts for the long do not help
