"""run.json: what was run, how much of it there is, and whether that is all."""

import dataclasses
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from hexcli.errors import UsageError
from hexcli.runs.asked import Asked, missing_file
from hexcli.runs.sources import Source
from hexcli.version import VERSION

FORMAT = 1

_LATER = ("data", "definition", "until_decided", "recipes", "prompts", "sources")  # fields that not every run.json has
_LISTED: dict[str, type[Asked] | type[Source]] = {"recipes": Asked, "sources": Source}
_UNTIL_DECIDED = {"certainty": (int, float), "not_needed": (int,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """run.json: what a run folder holds and how it came about.

    hexcli          the version that wrote it
    name            of the folder it was made in; a run is called by the folder it stands in (Run.name)
    created         when, as ISO 8601 text
    recipe          the settings that were asked for, the last time
    task_version    Task.version; scores of different versions do not compare
    model           the name that was asked for; model_identity is what it turned out to be
    hardware        where it ran, free-form
    expected        generations when all is done; generations = how many there were when this was written
    complete        whether all that was asked for is there
    data            hash of the data file that the problems are from; empty where they are the task's own
    definition      of a custom task, so that the folder alone is enough to vote and score; empty for the others
    until_decided   where votes were left out because their problem was decided without them: the `certainty` asked for
                    (see voting.deciding) and how many are `not_needed`: generations of the recipe that have no row; and
                    the `order` of the schedules, where the first in it is not the first in cast order
    prompts         the wordings of its prompts that are not the task's own, by name: what is said, and the examples
    sources         of a joint run: the runs that it is of (see runs.sources); its rows are theirs
    recipes         every recipe that was asked for, where there are several, or prompts of one's own; `asked` has it
                    in any case
    """

    hexcli: str = VERSION
    name: str
    created: str
    recipe: Mapping[str, Any]
    task: str
    task_version: int
    model: str
    model_identity: str
    dtype: str
    hardware: Mapping[str, Any] = field(default_factory=dict)
    expected: int
    complete: bool = False
    generations: int = 0
    data: str = ""
    definition: Mapping[str, Any] = field(default_factory=dict)
    until_decided: Mapping[str, Any] = field(default_factory=dict)
    prompts: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    recipes: tuple[Asked, ...] = ()

    def require_own(self, path: Path, what: str) -> None:
        """Raises UsageError where the run is a joint one, which has no rows of its own: `what` is then said."""
        if self.sources:
            names = ", ".join(os.path.normpath(path / source.path) for source in self.sources)
            raise UsageError(f"'{path}' is a joint run: {what}; name a run that it is of: {names}")

    @property
    def task_option(self) -> str:
        """` --task mine.py:my_task`, which each command has to be given where the task is in a Python file; else ""."""
        return f" --task {shlex.quote(self.task)}" if ".py:" in self.task else ""

    @property
    def files_option(self) -> str:
        """What `hex sweep` of it has to be given: as `task_option`; and where a file that it was asked with is now, if
        it is not where it was."""
        return self.task_option + next((option for one in self.asked if (option := missing_file(one.recipe)[1])), "")

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Every recipe that was asked of the folder, the last one last."""
        return self.recipes or (Asked(recipe=self.recipe, expected=self.expected, complete=self.complete),)

    @property
    def steps_assumed(self) -> bool:
        """Whether rows of an import have the usual number of steps because nothing told theirs: so is their NFE."""
        files = [one.recipe.get("import") for one in self.asked]
        abouts = [about for own in files if isinstance(own, list) for about in own if isinstance(about, Mapping)]
        return any("steps" in str(about.get("assumed", "")) for about in abouts)

    @property
    def certainty(self) -> float | None:
        """What was asked of the votes of each problem, above 0.5 and at most 1; None where all were."""
        return self.until_decided.get("certainty")

    @property
    def not_needed(self) -> int:
        """Generations that were left out on purpose."""
        count: int = self.until_decided.get("not_needed", 0)
        return count

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of run.json."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        fields["recipes"] = [one.to_dict() for one in self.recipes]
        fields["sources"] = [one.to_dict() for one in self.sources]
        return {"format": FORMAT, **{name: value for name, value in fields.items() if value or name not in _LATER}}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The manifest in `fields`; other keys are ignored. Raises ValueError, with what is wrong."""
        version = fields.get("format")
        if not isinstance(version, int) or version < 1:
            raise ValueError(f"its format is {version!r}, not a number")
        if version > FORMAT:
            raise ValueError(f"its format {version} is newer than this hexcli's ({FORMAT}): upgrade dllm-hex")
        values = {}
        for f in dataclasses.fields(cls):
            if f.name not in fields and f.name in _LATER:
                continue
            if f.name not in fields:
                raise ValueError(f"no field '{f.name}'")
            values[f.name] = value = fields[f.name]
            if f.name in _LISTED:
                values[f.name] = tuple(map(_LISTED[f.name].from_dict, value if isinstance(value, list) else [None]))
                continue
            kind = Mapping if f.type == Mapping[str, Any] else f.type
            if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):  # type: ignore[arg-type]
                raise ValueError(f"field '{f.name}' is of the wrong type")
        for name, kinds in _UNTIL_DECIDED.items():
            value = values.get("until_decided", {}).get(name, 1)
            if not isinstance(value, kinds) or isinstance(value, bool):
                raise ValueError(f"field '{name}' of 'until_decided' is of the wrong type")
            if value < 0 or (name == "certainty" and value > 1):
                raise ValueError(f"field '{name}' of 'until_decided' is {value}")
        for name in ("expected", "generations"):
            if values[name] < 0:
                raise ValueError(f"field '{name}' is {values[name]}")
        return cls(**values)
