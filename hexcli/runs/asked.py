"""What was asked of a run folder: every recipe, with how many generations it makes and whether they are all there."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, Self

from hexcli.tasks.file_names import TASK_FILES, data_file, plain_name

# Fields of a recipe of which one that asks for more covers one that asks for less.
_LOOSE = ("schedules", "limit", "samples", "seed", "prompts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One recipe, with the number of generations it makes.

    problems  prompts of one's own, which no task can load again: their ids and questions
    """

    recipe: Mapping[str, Any]
    expected: int
    complete: bool = False
    problems: tuple[Mapping[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object in `recipes` of run.json."""
        fields = {"recipe": dict(self.recipe), "expected": self.expected, "complete": self.complete}
        return {**fields, "problems": [dict(one) for one in self.problems]} if self.problems else fields

    @classmethod
    def from_dict(cls, fields: Any) -> Self:
        """Raises ValueError where it is no such object."""
        try:
            recipe, expected, complete = fields["recipe"], fields["expected"], fields["complete"]
            problems = tuple({"id": one["id"], "question": one["question"]} for one in fields.get("problems", ()))
        except (TypeError, KeyError, AttributeError):
            raise ValueError("field 'recipes' is of the wrong type") from None
        numbers = isinstance(expected, int) and not isinstance(expected, bool) and isinstance(complete, bool)
        texts = all(isinstance(text, str) for one in problems for text in one.values())
        if not isinstance(recipe, Mapping) or not numbers or not texts:
            raise ValueError("field 'recipes' is of the wrong type")
        return cls(recipe=recipe, expected=expected, complete=complete, problems=problems)

    def covers(self, other: "Asked") -> bool:
        """Whether all that `other` asks for is asked for here too, as far as the recipes tell."""
        if self.problems != other.problems:
            return False
        mine, theirs = meant(self.recipe), meant(other.recipe)
        if {**mine, **dict.fromkeys(_LOOSE)} != {**theirs, **dict.fromkeys(_LOOSE)}:
            return False
        schedules = set(other.recipe.get("schedules", ())) <= set(self.recipe.get("schedules", ()))
        own, others = mine.get("prompts", ()), theirs.get("prompts", ())
        prompts = set(others) <= set(own) if own and others else own == others
        return (
            schedules
            and prompts
            and all(
                wide[0] <= narrow[0] and narrow[1] <= wide[1]
                for wide, narrow in zip(_ranges(self.recipe), _ranges(other.recipe), strict=True)
            )
        )


def meant(recipe: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a recipe asks for, wherever its files are: two of one run folder ask for the same where this is equal, as
    all that is in a folder is of the same rows, definition and wordings (runs.writing.require_same)."""
    if "import" in recipe:
        return recipe
    found = {name: value for name, value in recipe.items() if name != "data"}
    if "task" in found:
        found["task"] = plain_name(str(found["task"]))
    if isinstance(prompts := found.get("prompts"), list | tuple):
        found["prompts"] = [PurePath(one).stem if str(one).endswith(TASK_FILES) else one for one in prompts]
    if isinstance(examples := found.get("fewshot_data"), str):
        found["fewshot_data"] = PurePath(examples).name
    return found


def asked_anew(before: Sequence[Asked], now: Asked) -> tuple[Asked, ...]:
    """What was asked before and is asked now: the same again takes the place of what it was, and is the last. All have
    their rows where they are now."""
    same = (meant(now.recipe), now.problems)
    others = [replace(one, recipe=_at(one, now)) for one in before if (meant(one.recipe), one.problems) != same]
    return (*others, now)


def _at(one: Asked, now: Asked) -> Mapping[str, Any]:
    """A recipe of the same folder, with the task and the data at the paths that are named now."""
    if one.problems or now.problems or "import" in {**one.recipe, **now.recipe} or not files_of(now.recipe):
        return one.recipe
    rest = {name: value for name, value in one.recipe.items() if name != "data"}
    return {**rest, **{name: now.recipe[name] for name in ("task", "data") if now.recipe.get(name) is not None}}


def files_of(recipe: Mapping[str, Any]) -> dict[str, str]:
    """The files that a recipe has its task and its rows of: under `task`, `data`, or both; empty where it has none."""
    found = {}
    task, data = str(recipe.get("task")), recipe.get("data")
    if rows := data_file(task):
        found["task"] = rows[0]
    elif task.endswith(TASK_FILES):
        found["task"] = task
    return {**found, "data": data} if isinstance(data, str) else found


def missing_file(recipe: Mapping[str, Any]) -> tuple[str, str]:
    """Of these files the first that is not there, and the option that says where it is now, as ` --data FOLDER/my.csv`;
    two empty texts where all are."""
    for name, file in files_of(recipe).items():
        if not Path(file).exists():
            option = "--set task=" if name == "task" and file.endswith(TASK_FILES) else "--data "
            return file, f" {option}{shlex.quote(f'FOLDER/{PurePath(file).name}')}"
    return "", ""


def finished(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """After the last of them is there: it, and those that it covers, are complete."""
    return tuple(replace(one, complete=one.complete or asked[-1].covers(one)) for one in asked)


def _ranges(recipe: Mapping[str, Any]) -> list[tuple[float, float]]:
    """The first and the last problem, and the first and the last seed."""
    seed, samples = recipe.get("seed", 0), recipe.get("samples", 1)
    limit = recipe.get("limit")
    if limit is None:
        return [(0, float("inf")), (seed, seed + samples)]
    first, dash, last = str(limit).partition("-")
    return [(int(first), int(last)) if dash else (0, int(first) - 1), (seed, seed + samples)]
