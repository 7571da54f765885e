from collections.abc import Callable

import pytest
from hypothesis import given, settings

from hexcli.answers.boxes import boxed
from hexcli.answers.extraction import answer_tag, claim, conclusion, only_line, stated
from hexcli.answers.formulas import bare_formula, formula, stated_formula
from hexcli.answers.response import response_text
from tests.tables import GARBLED, texts

FUNCTIONS = [response_text, boxed, answer_tag, conclusion]
READERS = [boxed, answer_tag, conclusion, only_line, formula, bare_formula, stated_formula]


@pytest.mark.parametrize(
    ("function", "text", "expected"),
    [(function, *row) for function in [*FUNCTIONS, stated] for row in texts(f"{function.__name__}.jsonl")],
)
def test_a_response_says_its_answer(function: Callable[[str], object], text: str, expected: object) -> None:
    assert function(text) == expected


def test_a_claim_is_a_sentence_without_its_reason() -> None:
    assert claim("B, since the others are gases") == "B"
    assert claim("B as well as C") == "B as well as C"
    assert claim("12, 13") == "12, 13"


def test_letters_that_fold_to_others_are_read_as_those() -> None:
    assert stated("The AN\u017fWER is 5") == stated("the answer is 5") == ["5"]


@settings(deadline=None)  # the machine may be busy
@given(GARBLED)
def test_what_is_found_is_part_of_the_text(text: str) -> None:
    for read in (answer_tag, conclusion, only_line):
        found = read(text)
        assert found is None or any(map(str.isalnum, found))
    assert text.startswith(response_text(text))
    content = boxed(text)
    assert content is None or (content == content.strip() and all(part in text for part in content.split(", ")))
    for said in stated(text, numeric=True):
        assert any(map(str.isalnum, said))


def test_nesting_a_thousand_deep() -> None:
    assert boxed(r"\boxed{" * 1000 + "5" + "}" * 1000) == "5"
    deep = r"\boxed{" + "{" * 1000 + "5" + "}" * 1000 + "}"
    assert boxed(deep) == deep[len(r"\boxed{") : -1]


@pytest.mark.timeout(60)  # quadratic time would be many minutes, in C too
@pytest.mark.parametrize(
    "unit",
    ["{", "}", r"\boxed{", r"\boxed{}", r"\boxed1", r"\boxed{1},", "boxed", r"\{", "\\", "<answer>", "</answer>", "</",
     "<", " ", "\n", "answer is ", "answer:\n", "answer to ", "\nA:", "\nQ:", "Question: ", "is $", "1,", "a.", ". ",
     "$", "é😀", "\x00", "<|"],
)  # fmt: skip
def test_half_a_megabyte_of_anything_is_read(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    for function in (response_text, *READERS, stated, claim):
        function(text)
    stated(text, numeric=True)
    conclusion(text + "</answer>")
