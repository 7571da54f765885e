"""Which recipe asks for all that another one does."""

from typing import Any

import pytest

from hexcli.runs.asked import Asked, asked_anew, finished


def asked(**fields: Any) -> Asked:
    return Asked(recipe={"task": "sums", "schedules": ["8", "16"], "limit": "50", **fields}, expected=100)


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        ({}, {}, True),
        ({"schedules": ["8", "16", "32"]}, {}, True),
        ({"schedules": ["8"]}, {}, False),
        ({"limit": "100"}, {}, True),
        ({"limit": None}, {}, True),
        ({}, {"limit": None}, False),
        ({"limit": "40"}, {}, False),
        ({"limit": "0-49"}, {}, True),
        ({"limit": "1-60"}, {}, False),
        ({}, {"limit": "10-49"}, True),
        ({"samples": 5}, {"samples": 2}, True),
        ({"samples": 5}, {"samples": 2, "seed": 3}, True),
        ({"samples": 5}, {"samples": 3, "seed": 3}, False),
        ({"temperature": 0.9}, {}, False),
        ({"schedules": ["8", "16", "32"], "limit": "100"}, {"task": "choices"}, False),
    ],
)
def test_more_schedules_problems_or_samples_of_the_same_cover_fewer(
    wide: dict[str, Any], narrow: dict[str, Any], covers: bool
) -> None:
    assert asked(**wide).covers(asked(**narrow)) == covers


def test_prompts_of_ones_own_are_told_apart() -> None:
    one, other = (
        Asked(recipe={"task": "prompt"}, expected=1, problems=({"id": name, "question": name},)) for name in "ab"
    )
    assert not one.covers(other)
    assert asked_anew([one], other) == (one, other)
    assert Asked.from_dict(one.to_dict()) == one


def test_what_is_asked_again_is_the_last() -> None:
    first, second = asked(), asked(temperature=0.9)
    assert asked_anew([first, second], asked()) == (second, first)
    assert [one.complete for one in finished((first, second))] == [False, True]
    assert [one.complete for one in finished((first, asked(limit=None)))] == [True, True]


@pytest.mark.parametrize(
    "fields", [None, 3, {}, {"recipe": 1, "expected": 1, "complete": True}, {"recipe": {}, "expected": "1"}]
)
def test_what_is_no_recipe_is_refused(fields: Any) -> None:
    with pytest.raises(ValueError, match="field 'recipes' is of the wrong type"):
        Asked.from_dict(fields)


def test_a_recipe_of_more_wordings_covers_one_of_fewer_of_them() -> None:
    wide, narrow, own = asked(prompts=["plain", "answer"]), asked(prompts=["answer"]), asked()
    assert wide.covers(narrow) and own.covers(asked())
    assert not narrow.covers(wide) and not wide.covers(own) and not own.covers(narrow)
