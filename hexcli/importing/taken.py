"""Which generations an import has, and from which file: the next one of a question under one schedule is a sample."""

import contextlib
import json
from collections.abc import Sequence

from hexcli.importing.guessing import of_schedule
from hexcli.importing.sample import Sample
from hexcli.records import Generation
from hexcli.schedule import Schedule
from hexcli.voter import Voter, voter_of

Name = tuple[str, Voter]  # a problem's id, and a schedule and wording with a seed: one generation


class Taken:
    """Gives each sample the seed that makes it a generation of its own.

    `files` are the files that each schedule, without its seed, has generations of.
    """

    def __init__(self, there: Sequence[Generation]) -> None:
        """Begin with the generations that are `there` already."""
        self._where: dict[Name, str] = {}
        self._next: dict[Name, int] = {}  # the next seed, of a schedule without one
        self.files: dict[Schedule, list[str]] = {}
        self._repeated = 0
        self._together: dict[Schedule, tuple[str, str]] = {}  # files that have one question under one schedule
        for one in there:
            self._take((one.problem.id, one.voter), _where_from(one))

    def name(self, problem: str, schedule: Schedule, sample: Sample, where: str, *, drawn: bool) -> Name:
        """The problem and who votes, with the seed that is stated or the next one.

        Raises ValueError where it is taken, or where there is another one and nothing says that samples were `drawn`.
        """
        voter = voter_of(schedule, sample.prompt_name)
        name, before = (problem, voter), None
        if "seed" not in sample.stated:
            seed = self._next.get((problem, voter.expert), schedule.seed)
            name = problem, voter_of(schedule.with_seed(seed), sample.prompt_name)
            if seed > schedule.seed:
                self._repeated += 1
                before = self._where.get((problem, voter_of(schedule.with_seed(seed - 1), sample.prompt_name)))
                if not drawn and before == where:
                    raise ValueError("several samples of its question: give the --temperature they were drawn at")
                if not drawn:
                    other = f"it is of another schedule than {before or 'the one before'}, say which"
                    if field := of_schedule("block_length", [sample.rest]):
                        other = f"its field '{field}' is the block length, say --fields block_length={field} instead"
                    else:
                        other += f": {_file(where)}:block_length=N"
                    raise ValueError(
                        f"another sample of its question: give the --temperature they were drawn at, or, if {other}"
                    )
        if name in self._where:
            seeds = ", or are left unread by --fields seed=none" if "seed" in sample.stated else ""
            raise ValueError(
                f"it and {self._where[name]} are one question under one schedule and seed: if they were decoded "
                f"differently, say how, {_file(where)}:block_length=N; if not, their seeds must differ{seeds}"
            )
        self._take(name, where, before)
        return name

    def warnings(self) -> list[str]:
        """What to tell of questions that there are several times."""
        found = []
        if self._repeated:
            found.append(
                f"generations that repeat a question under one schedule, taken as further samples: {self._repeated}"
            )
        for schedule, (one, other) in self._together.items():
            found.append(
                f"{one} and {other} land in one schedule, block {schedule.label}: their votes are samples of it; if "
                f"they were decoded differently, say how: {other}:block_length=N"
            )
        return found

    def _take(self, name: Name, where: str, before: str | None = None) -> None:
        self._where[name] = where
        expert = name[1].expert
        plain = expert.schedule
        self._next[name[0], expert] = max(self._next.get((name[0], expert), 0), name[1].seed + 1)
        file = _file(where)
        if file not in (own := self.files.setdefault(plain, [])):
            own.append(file)
        if before and (other := _file(before)) != file:
            self._together.setdefault(plain, (other, file))


def _file(where: str) -> str:
    """The file of `FILE, row N`."""
    return where.rpartition(", row ")[0]


def _where_from(generation: Generation) -> str:
    """The file and row that a generation was imported from."""
    with contextlib.suppress(ValueError, TypeError, KeyError):
        source = json.loads(generation.source or "")
        return f"{source['file']}, row {source['row']}"
    return "the run, row 0"
