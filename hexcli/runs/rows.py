"""generations.jsonl, line by line: what its rows share is held once, and no more of them than is asked for."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hexcli.errors import HexError
from hexcli.files import open_file, read_lines, why
from hexcli.json_file import parse_json
from hexcli.records import Generation, Problem
from hexcli.runs.row import generation_of, problem_of
from hexcli.schedule import NewerError, Schedule
from hexcli.voter import Voter

MANIFEST = "run.json"
GENERATIONS = "generations.jsonl"
_LONGEST_ROW = 1 << 26  # bytes that are read of a line, to look at one field of it
Name = tuple[str, Voter]  # of a generation in its run: problem id, and who voted


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The generations of a file, each (problem, voter) once, and how many lines were left out for what.

    names    of every generation, in the order of the file, whether or not `generations` holds them
    newer    lines that a newer hex wrote: they have what this one does not know
    mixed    problems of which rows have another question: they are of another run
    torn     the last line does not end: the next one must not be glued to it
    """

    generations: tuple[Generation, ...] = ()
    names: Mapping[Name, None] = field(default_factory=dict)
    damaged: int = 0
    newer: int = 0
    repeated: int = 0
    mixed: tuple[str, ...] = ()
    torn: bool = False

    @property
    def whole(self) -> bool:
        """Whether the file is exactly these generations."""
        return not (self.damaged or self.newer or self.repeated or self.torn)

    @property
    def left_out(self) -> str:
        """What was left out, in words; empty if nothing."""
        counts = ((self.damaged, "damaged {}"), (self.repeated, "repeated {}"), (self.newer, "{} of a newer hex"))
        named = ((count, what.format("row" if count == 1 else "rows")) for count, what in counts if count)
        return " and ".join(f"{count} {what}" for count, what in named)


@dataclass(slots=True)
class Reader:
    """Makes generations of lines; equal problems, prompts and schedules are one object.

    light  without what only pictures need: of a canvas, steps, confidences and where tokens end, as numbers in a row
    """

    light: bool = False
    _problems: dict[tuple[Any, ...], Problem] = field(default_factory=dict)
    _prompts: dict[str, str] = field(default_factory=dict)
    _schedules: dict[str, Schedule] = field(default_factory=dict)

    def read(self, line: bytes) -> Generation:
        """The generation in a line. Raises ValueError where there is none, NewerError where a newer hex wrote it."""
        row = parse_json(line, half=None)
        if not isinstance(row, dict):
            raise ValueError("a row is an object")
        if type(prompt := row.get("prompt")) is str:
            row["prompt"] = self._prompts.setdefault(prompt, prompt)
        return generation_of(row, schedule_of=self._schedule, problem_of=self._problem, light=self.light)

    def _problem(self, *fields: Any) -> Problem:
        try:
            known = self._problems.get(fields)
        except TypeError:  # choices that are no texts
            known = None
        if known is None:
            known = self._problems[fields] = problem_of(*fields)
        return known

    def _schedule(self, fields: Any) -> Schedule:
        name = repr(fields)
        if name not in self._schedules:
            self._schedules[name] = Schedule.from_dict(fields)
        return self._schedules[name]


def read_rows(path: Path, *, light: bool = False, hold: bool = True) -> Rows:
    """The generations of a run folder, in the order they were finished.

    light  see Reader; without `hold`, only their names, whose memory is small
    """
    reader = Reader(light=light or not hold)
    found: dict[Name, Generation | None] = {}
    problems: dict[str, Problem] = {}
    mixed: dict[str, None] = {}
    damaged = newer = repeated = 0
    line = b"\n"
    for line in lines(path):
        if not line.strip():
            continue
        try:
            generation = reader.read(line)
        except NewerError:
            newer += 1
            continue
        except ValueError:
            damaged += 1
            continue
        problem = generation.problem
        if problems.setdefault(problem.id, problem).question != problem.question:
            mixed[problem.id] = None
        there = len(found)
        found.setdefault((problem.id, generation.voter), generation if hold else None)
        repeated += len(found) == there
    return Rows(
        generations=tuple(generation for generation in found.values() if generation is not None),
        names=dict.fromkeys(found),
        damaged=damaged,
        newer=newer,
        repeated=repeated,
        mixed=tuple(mixed),
        torn=not line.endswith(b"\n"),
    )


def sorted_out(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Every line of a run folder's rows, as it is, and whether `read_rows` takes it."""
    reader, seen = Reader(light=True), set[Name]()
    for line in lines(path):
        if not line.strip():
            continue
        whole = line if line.endswith(b"\n") else line + b"\n"
        try:
            generation = reader.read(line)
        except ValueError:
            yield whole, False
            continue
        name = (generation.problem.id, generation.voter)
        yield whole, name not in seen
        seen.add(name)


def lines(path: Path) -> Iterator[bytes]:
    """The lines of a run folder's rows; none where there is no such file yet. Raises HexError."""
    try:
        with open_file(path / GENERATIONS) as descriptor, os.fdopen(os.dup(descriptor), "rb") as file:
            yield from read_lines(file.readline)
    except FileNotFoundError:
        return
    except OSError as error:
        raise HexError(f"cannot read '{path / GENERATIONS}': {why(error)}") from None


def first_target(path: Path) -> str | None:
    """The right answer that the first row of a run folder tells; None where it tells none, or cannot be read."""
    try:
        with (path / GENERATIONS).open("rb") as file:
            row = parse_json(file.readline(_LONGEST_ROW))
    except (OSError, ValueError):
        return None
    target = row.get("target") if isinstance(row, dict) else None
    return target if isinstance(target, str) else None
