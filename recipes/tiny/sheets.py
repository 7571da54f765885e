"""The votes of run folders as sheets: who answered what, small enough to keep a whole study in one file."""

import gzip
import json
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

from hexcli.ballots import count
from hexcli.records import Generation
from hexcli.runs import Run
from hexcli.schedule import Schedule
from hexcli.voting import Election, Vote


class Kind(NamedTuple):
    """What the votes of one sheet have in common."""

    model: str
    task: str
    gen_length: int
    temperature: float


@dataclass(kw_only=True)
class Sheet:
    """The votes on a set of problems, column by column.

    answers  block -> sample -> problem -> answer ("" where there is none)
    early    block -> share of generations whose end of text was written while something before it was masked
    bare     block -> share of generations without a single equation
    """

    kind: Kind
    targets: list[str] = field(default_factory=list)
    first: list[bool] = field(default_factory=list)  # whether the answer was asked for first
    answers: dict[int, list[list[str]]] = field(default_factory=dict)
    early: dict[int, float] = field(default_factory=dict)
    bare: dict[int, float] = field(default_factory=dict)

    @property
    def problems(self) -> int:
        """How many problems were voted on."""
        return len(self.targets)

    def ballot(self, chosen: Sequence[Schedule], problem: int) -> Election:
        """The votes of some schedules on a problem, as aggregators take them."""
        answers = [self.answers[max(one.blocks)][one.seed][problem] or None for one in chosen]
        pairs = zip(answers, chosen, strict=True)
        return Election.of([Vote(answer=answer, schedule=schedule) for answer, schedule in pairs], str.__eq__)

    def schedule(self, block: int, sample: int) -> Schedule:
        """The schedule of a column."""
        return Schedule.parse(
            str(block), gen_length=self.kind.gen_length, temperature=self.kind.temperature, seed=sample
        )

    def join(self, other: "Sheet") -> None:
        """Add the problems of another sheet of the kind, decoded under the same schedules."""
        here, more = self.problems, other.problems
        for block in other.answers:
            self.early[block] = (self.early[block] * here + other.early[block] * more) / (here + more)
            self.bare[block] = (self.bare[block] * here + other.bare[block] * more) / (here + more)
            for column, added in zip(self.answers[block], other.answers[block], strict=True):
                column += added
        self.targets += other.targets
        self.first += other.first

    @classmethod
    def of_run(cls, path: Path) -> Self:
        """The sheet of a run folder. Raises ValueError where a problem lacks a generation that others have."""
        run = Run.read(path, warn=lambda message: print(message, file=sys.stderr))
        counted = count(run)
        schedule = run.generations[0].schedule
        sheet = cls(kind=Kind(run.manifest.model, run.manifest.task, schedule.gen_length, schedule.temperature))
        names = sorted({(max(g.schedule.blocks), g.schedule.seed) for g in run.generations})
        for block in dict.fromkeys(block for block, _ in names):
            sheet.answers[block] = [[] for name in names if name[0] == block]
            of_block = [g for g in run.generations if max(g.schedule.blocks) == block]
            sheet.early[block] = sum(map(ended_early, of_block)) / len(of_block)
            sheet.bare[block] = sum(" = " not in g.response.text for g in of_block) / len(of_block)
        for ballot in counted.ballots:
            sheet.targets.append(ballot.problem.target or "")
            sheet.first.append(not ballot.problem.question.endswith("?"))
            pairs = zip(ballot.generations, ballot.votes, strict=True)
            given = {(max(g.schedule.blocks), g.schedule.seed): vote.answer or "" for g, vote in pairs}
            if sorted(given) != names:
                raise ValueError(f"{path}: problem {ballot.problem.id} lacks generations that others have")
            for block, columns in sheet.answers.items():
                for sample, column in enumerate(columns):
                    column.append(given[block, sample])
        return sheet


def ended_early(generation: Generation) -> bool:
    """Whether the first end of text was written while a token before it was still masked."""
    if generation.token_ends is None:
        raise ValueError("the run was made by an older version: decode it again, into a new folder")
    steps, end = generation.response.commit_step, len(generation.token_ends)
    return 0 < end < len(steps) and max(steps[:end]) > steps[end]


def read_runs(paths: Sequence[Path]) -> list[Sheet]:
    """One sheet for each kind of run, from all its folders; read by several processes."""
    sheets: dict[Kind, Sheet] = {}
    with ProcessPoolExecutor() as pool:
        for sheet in pool.map(Sheet.of_run, paths):
            if sheet.kind in sheets:
                sheets[sheet.kind].join(sheet)
            else:
                sheets[sheet.kind] = sheet
    return list(sheets.values())


def save(sheets: Iterable[Sheet], path: Path) -> None:
    """All sheets in one file."""
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(json.dumps([asdict(sheet) for sheet in sheets]).encode())


def load(path: Path) -> list[Sheet]:
    """The sheets of a file that `save` wrote."""
    sheets = []
    for fields in json.loads(gzip.decompress(path.read_bytes())):
        for name in ("answers", "early", "bare"):
            fields[name] = {int(block): value for block, value in fields[name].items()}
        sheets.append(Sheet(**{**fields, "kind": Kind(*fields["kind"])}))
    return sheets
