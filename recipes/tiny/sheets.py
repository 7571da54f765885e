"""The votes of run folders as sheets: who answered what, small enough to keep a whole study in one file."""

import gzip
import json
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from parts import Cell, Kind, Part, column_of, schedule_of

from hexcli.errors import UsageError
from hexcli.schedule import Schedule
from hexcli.tasks.registry import get_task

NO_ANSWER = 0  # the number of an abstention


@dataclass(kw_only=True)
class Sheet:
    """The votes on a set of problems: those that every schedule of the sheet has decoded.

    Columns are named by `column_of` and stand in cast order.

    problems  their ids
    targets   of each problem
    first     whether the answer was asked for first, of each problem
    answers   column -> sample -> problem -> answer ("" where there is none)
    early     column -> problem -> how many of the samples are (see Cell)
    bare      the same
    """

    kind: Kind
    problems: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    first: list[bool] = field(default_factory=list)
    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    early: dict[str, list[int]] = field(default_factory=dict)
    bare: dict[str, list[int]] = field(default_factory=dict)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        given = (answer for column in self.answers.values() for sample in column for answer in sample)
        return {text: number for number, text in enumerate(dict.fromkeys(["", *self.targets, *given]))}

    @cached_property
    def target(self) -> NDArray[np.int32]:
        """The targets as numbers: [problems]"""
        return np.array([self._numbers[target] for target in self.targets], dtype=np.int32)

    @cached_property
    def votes(self) -> dict[str, NDArray[np.int32]]:
        """The answers as numbers, [samples, problems] for each column: NO_ANSWER where there is none."""
        return {
            name: np.array([[self._numbers[answer] for answer in sample] for sample in samples], dtype=np.int32)
            for name, samples in self.answers.items()
        }

    def on(self, problems: Iterable[str]) -> Self:
        """The sheet of some of its problems."""
        wanted = set(problems)
        places = [place for place, problem in enumerate(self.problems) if problem in wanted]
        return type(self)(
            kind=self.kind,
            problems=[self.problems[place] for place in places],
            targets=[self.targets[place] for place in places],
            first=[self.first[place] for place in places],
            answers={
                name: [[sample[place] for place in places] for sample in own] for name, own in self.answers.items()
            },
            early={name: [own[place] for place in places] for name, own in self.early.items()},
            bare={name: [own[place] for place in places] for name, own in self.bare.items()},
        )

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Self:
        """The sheet of run folders of one kind: other problems, other schedules, or both.

        Problems that lack a generation which others have are left out, with a line on stderr. Raises UsageError
        where the folders are of different models, number types or versions of the task.
        """
        kind, asked = parts[0].kind, {}
        cells: dict[Schedule, dict[str, Cell]] = {}
        for part in parts:
            if part.origin != parts[0].origin:
                raise UsageError(f"runs of one name ({kind}) that do not go together: {part.origin}, {parts[0].origin}")
            asked |= part.asked
            for schedule, own in part.cells.items():
                cells.setdefault(schedule, {}).update(own)
        problems = sorted(problem for problem in asked if all(problem in own for own in cells.values()))
        size = get_task(kind.task).size
        if len(problems) != size:
            print(f"{kind}: {len(problems)} of {size} problems have all {len(cells)} generations", file=sys.stderr)
        sheet = cls(
            kind=kind,
            problems=problems,
            targets=[asked[problem][0] for problem in problems],
            first=[asked[problem][1] for problem in problems],
        )
        for schedule in sorted(cells, key=lambda schedule: schedule.cast_order):
            name, own = column_of(schedule), [cells[schedule][problem] for problem in problems]
            sheet.answers.setdefault(name, []).append([cell.answer for cell in own])
            for counts, flags in ((sheet.early, [cell.early for cell in own]), (sheet.bare, [c.bare for c in own])):
                before = counts.get(name, [0] * len(problems))
                counts[name] = [count + flag for count, flag in zip(before, flags, strict=True)]
        return sheet


def read_runs(paths: Sequence[Path]) -> list[Sheet]:
    """One sheet for each kind of run, from all its folders; read by several processes."""
    parts: dict[Kind, list[Part]] = {}
    with ProcessPoolExecutor() as pool:
        for part in pool.map(Part.of_run, paths):
            if part is not None:
                parts.setdefault(part.kind, []).append(part)
    return [sheet for sheet in map(Sheet.of, parts.values()) if sheet.problems]


def collect(sources: Iterable[Path]) -> list[Sheet]:
    """The sheets of kept files and of all run folders at or below the others. Raises UsageError."""
    sources = list(sources)
    for path in sources:
        if not path.exists():
            raise UsageError(f"no such file or folder '{path}'")
    runs = sorted({found.parent for path in sources if path.is_dir() for found in path.rglob("run.json")})
    return _joined([sheet for path in sources if path.is_file() for sheet in load(path)] + read_runs(runs))


def _joined(sheets: Iterable[Sheet]) -> list[Sheet]:
    """One sheet for each kind: what was kept in several files, the first one's where two have a schedule."""
    found: dict[Kind, Sheet] = {}
    for sheet in sheets:
        first = found.setdefault(sheet.kind, sheet)
        if first.problems != sheet.problems:
            raise UsageError(f"{sheet.kind}: the files are about other problems: keep them from the runs together")
        for column in sheet.answers.keys() - first.answers.keys():
            first.answers[column] = sheet.answers[column]
            first.early[column], first.bare[column] = sheet.early[column], sheet.bare[column]
        order = sorted(first.answers, key=lambda column: schedule_of(column, sheet.kind.gen_length).cast_order)
        first.answers = {column: first.answers[column] for column in order}
    return list(found.values())


def common(*sheets: Sheet) -> list[Sheet]:
    """The sheets on the problems that all of them have. Raises KeyError where there are none."""
    problems = set.intersection(*(set(sheet.problems) for sheet in sheets))
    if not problems:
        raise KeyError(f"no problem is in all of {'; '.join(str(sheet.kind) for sheet in sheets)}")
    return [sheet.on(problems) for sheet in sheets]


def save(sheets: Iterable[Sheet], path: Path) -> None:
    """All sheets in one file."""
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(json.dumps([asdict(sheet) for sheet in sheets]).encode())


def load(path: Path) -> list[Sheet]:
    """The sheets of a file that `save` wrote."""
    found = json.loads(gzip.decompress(path.read_bytes()))
    return [Sheet(**{**fields, "kind": Kind(*fields["kind"])}) for fields in found]
