import pytest
from hypothesis import given, settings

from hexcli.answers.letters import choice, letter, only_choice
from tests.tables import GARBLED, NONE, table


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


def test_a_letter_may_have_a_reason() -> None:
    assert letter("B, since A and C are gases", 4) == "B"
    assert letter("(b) because it floats", 4) == "B"
    assert letter("A or B, since both float", 4) is None
    assert letter("a because it floats", 4) is None  # a word
    assert choice("gray wolf, which howls", ["blue whale", "gray wolf"]) == "B"


def test_nothing_but_the_answer_is_stricter() -> None:
    options = ["lead", "iron"]
    assert [only_choice(text, options) for text in ("B", "(b)", "B. iron", "iron", "**B**")] == ["B"] * 5
    assert [only_choice(text, options) for text in ("B. lead", "A. metal", "a", "C", "")] == [None] * 5
    assert only_choice("Q", []) == "Q"


@settings(deadline=None)  # the machine may be busy
@given(GARBLED)
def test_a_letter_names_itself(text: str) -> None:
    for read in (choice, only_choice):
        named = read(text, ["one", "two"])
        assert named is None or read(named, ["one", "two"]) == named


@pytest.mark.timeout(60)  # quadratic time would be hours
@pytest.mark.parametrize("unit", ["{", "\\text{", " ", "(", "A. ", "A or ", ", since ", "a", "1", "é😀", "\x00"])
def test_a_megabyte_of_anything_is_read(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    for read in (choice, only_choice):
        read(text, ["a", "b"])
        read(text[:3900], ["a", "b"])  # where shortcuts for the long do not help
