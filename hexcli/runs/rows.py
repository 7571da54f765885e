"""generations.jsonl, line by line: what its rows share is held once, and no more of them than is asked for."""

import os
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hexcli.errors import HexError
from hexcli.files import open_file, parse_json, read_lines, why
from hexcli.records import Generation, Problem, Response
from hexcli.schedule import NewerError, Schedule
from hexcli.voter import Voter

MANIFEST = "run.json"
GENERATIONS = "generations.jsonl"
Name = tuple[str, Voter]  # of a generation in its run: problem id, and who voted


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The generations of a file, each (problem, voter) once, and how many lines were left out for what.

    names    of every generation, whether or not `generations` holds them
    newer    lines that a newer hex wrote: they have what this one does not know
    mixed    problems of which rows have another question: they are of another run
    torn     the last line does not end: the next one must not be glued to it
    """

    generations: tuple[Generation, ...] = ()
    names: frozenset[Name] = frozenset()
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
    _problems: dict[Problem, Problem] = field(default_factory=dict)
    _prompts: dict[str, str] = field(default_factory=dict)
    _schedules: dict[str, Schedule] = field(default_factory=dict)

    def read(self, line: bytes) -> Generation:
        """The generation in a line. Raises ValueError where there is none, NewerError where a newer hex wrote it."""
        row = parse_json(line, half=None)
        if not isinstance(row, dict):
            raise ValueError("a row is an object")
        found = Generation.from_row(row, schedule_of=self._schedule)
        response, ends = found.response, found.token_ends
        return Generation(
            problem=self._problems.setdefault(found.problem, found.problem),
            prompt=self._prompts.setdefault(found.prompt, found.prompt),
            schedule=found.schedule,
            response=_light(response) if self.light else response,
            cached=found.cached,
            token_ends=array("i", ends) if self.light and ends is not None else ends,
            source=found.source,
            prompt_name=found.prompt_name,
        )

    def _schedule(self, fields: Any) -> Schedule:
        name = repr(fields)
        if name not in self._schedules:
            self._schedules[name] = Schedule.from_dict(fields)
        return self._schedules[name]


def _light(response: Response) -> Response:
    return Response(
        text=response.text,
        token_ids=(),
        commit_step=_steps(response.commit_step),
        commit_confidence=array("d", response.commit_confidence),
        first_step_logprob=response.first_step_logprob,
        nfe=response.nfe,
        tokens_computed=response.tokens_computed,
        seconds=response.seconds,
        device=response.device,
        batch_size=response.batch_size,
        drafts=response.drafts,
    )


def _steps(steps: Sequence[int]) -> Sequence[int]:
    """The steps as numbers in a row; none where they are no steps."""
    try:
        return array("i", steps)
    except (TypeError, OverflowError):
        return ()


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
        name = (problem.id, generation.voter)
        if name in found:
            repeated += 1
        else:
            found[name] = generation if hold else None
    return Rows(
        generations=tuple(generation for generation in found.values() if generation is not None),
        names=frozenset(found),
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
