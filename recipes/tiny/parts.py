"""What is kept of a run folder: the vote of each generation, and how its text ended."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from hexcli.errors import HexError, UsageError
from hexcli.records import Generation
from hexcli.runs.counting import count
from hexcli.runs.reading import Run
from hexcli.schedule import Schedule
from hexcli.yaml_file import parse_yaml

CANVAS = 64
BLOCKS = ("2", "4", "8", "16", "32", "64")  # the schedules that nobody chose


class Kind(NamedTuple):
    """What the votes of one sheet have in common."""

    model: str
    task: str
    gen_length: int
    temperature: float

    def __str__(self) -> str:
        return f"{self.model}, {self.task}, canvas {self.gen_length}, T = {self.temperature:g}"


class Cell(NamedTuple):
    """What is kept of a generation.

    answer  "" where there is none
    early   whether its end of text was written while something before it was masked
    bare    whether it has not a single equation
    """

    answer: str
    early: bool
    bare: bool


@dataclass(kw_only=True)
class Part:
    """A run folder: of each problem its target and whether the answer is asked for first, and the cells."""

    kind: Kind
    origin: tuple[str, ...]  # what must be equal where parts of a kind are joined
    asked: dict[str, tuple[str, bool]]
    cells: dict[Schedule, dict[str, Cell]]

    @classmethod
    def of_run(cls, path: Path) -> Self | None:
        """The votes of a run folder; None, and a line on stderr, where it has none to read."""
        try:
            run = Run.read(path, warn=lambda message: print(message, file=sys.stderr))
            ballots = count(run).ballots
            manifest, schedule = run.manifest, run.generations[0].schedule
            kind = Kind(Path(manifest.model).name, manifest.task, schedule.gen_length, schedule.temperature)
            origin = (manifest.model_identity, manifest.dtype, f"version {manifest.task_version}")
            part = cls(kind=kind, origin=origin, asked={}, cells={})
            for ballot in ballots:
                problem = ballot.problem
                part.asked[problem.id] = problem.target or "", not problem.question.endswith("?")
                for generation, vote in zip(ballot.generations, ballot.votes, strict=True):
                    bare = " = " not in generation.response.text
                    cell = Cell(vote.answer or "", ended_early(generation), bare)
                    part.cells.setdefault(generation.schedule, {})[problem.id] = cell
        except HexError as error:
            print(f"{path} is left out: {error}", file=sys.stderr)
            return None
        return part


def column_of(schedule: Schedule) -> str:
    """What a schedule is called beside others of its canvas and temperature, whatever the others are.

    Its label, and behind it what is not the default: `32`, `40+24`, `32:remasking=entropy:steps=64`.
    """
    plain = Schedule.parse(schedule.label, gen_length=schedule.gen_length).to_dict()
    fields = schedule.to_dict()
    other = [name for name in sorted(fields) if fields[name] != plain.get(name)]
    return ":".join([schedule.label, *(f"{n}={fields[n]}" for n in other if n not in ("temperature", "seed"))])


def schedule_of(column: str, gen_length: int) -> Schedule:
    """The schedule that `column_of` gave this name, at temperature 0. Raises ValueError where it is none."""
    label, *fields = column.split(":")
    values = (field.partition("=")[::2] for field in fields)
    return Schedule.parse(label, gen_length=gen_length, **{name: parse_yaml(value) for name, value in values})


def ended_early(generation: Generation) -> bool:
    """Whether the first end of text was written while a token before it was still masked."""
    if generation.token_ends is None:
        raise UsageError("the run was made by an older version: decode it again, into a new folder")
    steps, end = generation.response.commit_step, len(generation.token_ends)
    return 0 < end < len(steps) and max(steps[:end]) > steps[end]
