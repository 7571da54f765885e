import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.answers.equality import same_math
from hexcli.answers.grading import number
from tests.tables import GARBLED, NONE, table


@pytest.mark.parametrize(("text", "expected"), table("number.tsv"))
def test_number(text: str, expected: str) -> None:
    assert number(text) == (None if expected == NONE else expected)


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
def test_a_megabyte_of_anything_is_read(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    number(text)
    number(text[:3900])  # where shortcuts for the long do not help
