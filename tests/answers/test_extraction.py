from collections.abc import Callable

import pytest
from hypothesis import given, settings

from hexcli.answers.extraction import answer_tag, boxed, conclusion, response_text, stated
from tests.tables import GARBLED, texts

FUNCTIONS = [response_text, boxed, answer_tag, stated, conclusion]


@pytest.mark.parametrize(
    ("function", "text", "expected"),
    [(function, *row) for function in FUNCTIONS for row in texts(f"{function.__name__}.jsonl")],
)
def test_a_response_says_its_answer(function: Callable[[str], str | None], text: str, expected: str | None) -> None:
    assert function(text) == expected


@settings(deadline=None)  # the machine may be busy
@given(GARBLED)
def test_what_is_found_is_part_of_the_text(text: str) -> None:
    for function in FUNCTIONS[1:]:
        found = function(text)
        assert found is None or any(map(str.isalnum, found))
    assert text.startswith(response_text(text))
    content = boxed(text)
    assert content is None or (content in text and content == content.strip())


def test_nesting_a_thousand_deep() -> None:
    assert boxed(r"\boxed{" * 1000 + "5" + "}" * 1000) == "5"
    deep = r"\boxed{" + "{" * 1000 + "5" + "}" * 1000 + "}"
    assert boxed(deep) == deep[len(r"\boxed{") : -1]


@pytest.mark.timeout(60)  # quadratic time would be hours
@pytest.mark.parametrize(
    "unit",
    ["{", "}", r"\boxed{", r"\boxed{}", r"\boxed1", "boxed", r"\{", "\\", "<answer>", "</answer>", "</", "<", " ", "\n",
     "answer is ", "answer to ", "1,", "a.", ". ", "$", "é😀", "\x00", "<|"],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    for function in FUNCTIONS:
        function(text)
    conclusion(text + "</answer>")
