"""Drafts of a text are kept as edits, and give the texts again."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.answers.drafts import drafts_of, held, texts_of
from hexcli.records import Response
from tests.samples import RESPONSE

TEXTS = st.lists(st.text("ab ✓", max_size=6), min_size=1, max_size=8)


@given(TEXTS)
def test_the_texts_come_back_where_they_changed(texts: list[str]) -> None:
    found = list(texts_of(drafts_of(enumerate(texts))))
    again = [text for place, text in enumerate(texts) if place == 0 or text != texts[place - 1]]
    assert [text for _, text in found] == again
    for step, text in found:
        assert texts[step] == text


@given(TEXTS)
def test_they_survive_a_row(texts: list[str]) -> None:
    response = Response.from_dict({**RESPONSE.to_dict(), "drafts": None})
    assert "drafts" not in response.to_dict()
    recorded = dataclasses.replace(response, drafts=drafts_of(enumerate(texts)))
    assert Response.from_dict(recorded.to_dict()) == recorded


def test_each_text_holds_until_the_next_and_the_last_one_to_the_end() -> None:
    recorded = dataclasses.replace(RESPONSE, drafts=drafts_of([(0, "a"), (2, "b")]))
    assert held(recorded, 8) == [("a", 0, 2), ("b", 2, 8)]
    assert held(recorded, 0) == [("a", 0, 2), ("b", 2, 3)], "more steps than are known"
    assert held(RESPONSE, 8) == []


@pytest.mark.parametrize(
    "drafts",
    [
        "a",
        [3],
        [{"step": 0, "keep": 1, "back": 0, "text": "a"}],
        [{"step": 0, "keep": 0, "back": 0, "text": 3}],
        [{"step": 0, "keep": 0, "back": 0}],
        [{"step": 1, "keep": 0, "back": 0, "text": "a"}, {"step": 1, "keep": 0, "back": 0, "text": "b"}],
        [{"step": 0, "keep": 0, "back": 0, "text": "abc"}, {"step": 1, "keep": 2, "back": 2, "text": ""}],
    ],
)
def test_what_are_no_drafts_is_no_row(drafts: object) -> None:
    with pytest.raises(ValueError):
        Response.from_dict({**RESPONSE.to_dict(), "drafts": drafts})
