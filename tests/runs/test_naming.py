"""Schedules of a run keep their names, whatever is decoded into it later."""

import dataclasses
from typing import Any

import pytest

from hexcli.recipe.file import expand
from hexcli.records import Generation
from hexcli.runs.asked import Asked
from hexcli.runs.naming import names_in
from hexcli.runs.reading import Run
from tests.scoring.runs import generation, run


def recipe(**fields: Any) -> Asked:
    (one,) = expand({"limit": 1, **fields})
    return Asked(recipe=one.to_dict(), expected=1)


def rows(asked: Asked) -> list[Generation]:
    (one,) = expand(dict(asked.recipe))
    blank = generation(1, "8", "7")
    return [dataclasses.replace(blank, schedule=schedule) for schedule in one.ensemble(64)]


def run_of(*asked: Asked, listed: list[Asked] | None = None) -> Run:
    generations = [row for one in asked for row in rows(one)]
    return run(*generations, recipe=asked[-1].recipe, recipes=tuple(listed or asked))


SAMPLED = recipe(schedules=["8", "16@64", "32:remasking=entropy"], temperature=0.9, samples=2)
GREEDY = recipe(schedules=["8", "16@128"])


def test_the_names_are_those_of_the_recipe() -> None:
    assert list(names_in(run_of(SAMPLED)).values()) == ["8", "16@64", "32:remasking=entropy"]


@pytest.mark.parametrize("listed", [[SAMPLED, GREEDY], [GREEDY, SAMPLED]])
def test_they_stay_when_another_recipe_joins_and_the_first_is_asked_again(listed: list[Asked]) -> None:
    alone, together = names_in(run_of(SAMPLED)), names_in(run_of(SAMPLED, GREEDY, listed=listed))
    assert {one: together[one] for one in alone} == alone
    assert set(together.values()) - set(alone.values()) == {"8:temperature=0", "16@128:temperature=0"}


def test_a_run_without_a_recipe_that_can_be_read_is_named_after_its_first_row() -> None:
    for strange in ({"import": []}, {**SAMPLED.recipe, "schedules": ["x"]}, {**SAMPLED.recipe, "schedules": None}):
        found = run(*rows(SAMPLED), recipe=strange)
        assert list(names_in(found).values()) == ["8", "16", "32:remasking=entropy"]
