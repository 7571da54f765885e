"""A run's votes, counted: what vote, score and the pictures report from.

Offline as the ballots it is made of: no torch, no model, no dataset.
"""

import dataclasses
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hexcli.answers.undecided import watched
from hexcli.errors import UsageError
from hexcli.records import Generation
from hexcli.runs.ballots import Ballot, cast, task_of
from hexcli.runs.naming import names_in
from hexcli.runs.reading import Run
from hexcli.task import Task
from hexcli.voter import Voter, asked_in, in_cast_order, meant
from hexcli.voting.aggregators import get_aggregator
from hexcli.voting.calibration import Calibration
from hexcli.voting.deciding import CERTAIN, STEADY
from hexcli.voting.votes import Decision, Vote, remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A run, its votes counted: what vote and score report from.

    names   what those that vote are called, without their seeds, in cast order
    steady  aggregators that answer as if all votes were there, in a run that stopped where they decided
    undecided  pairs of answers that nobody could tell apart or together, which count as different
    voters  who votes, seeds told apart; whole = how many of them, in cast order, each ballot has before one is missing
    """

    run: Run
    task: Task
    ballots: tuple[Ballot, ...]
    names: Mapping[Voter, str]
    complete: bool
    steady: Collection[str]
    undecided: frozenset[tuple[str, str]] = frozenset()
    voters: int = field(init=False)
    whole: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        voters = in_cast_order({vote.voter for ballot in self.ballots for vote in ballot.votes})
        object.__setattr__(self, "voters", len(voters))
        object.__setattr__(self, "whole", tuple(_leading(ballot.votes, voters) for ballot in self.ballots))

    @property
    def labelled(self) -> "Count":
        """The ballots of the problems that have a target to score by; prompts of one's own have none."""
        ballots = tuple(ballot for ballot in self.ballots if ballot.problem.target is not None)
        if len(ballots) == len(self.ballots):
            return self
        return dataclasses.replace(self, ballots=ballots)

    @contextmanager
    def grading(self) -> Iterator[set[tuple[str, str]]]:
        """What is not decided while this is open, with what was not decided while the votes were cast."""
        with watched() as pairs:
            pairs |= self.undecided
            yield pairs

    def decide(self, aggregator: str, calibration: Calibration | None = None) -> list[Decision]:
        """What the aggregator makes of every ballot. Raises MissingSignalError where it cannot."""
        return get_aggregator(aggregator)([ballot.election for ballot in self.ballots], calibration)

    def short(self, read: Sequence[int]) -> bool:
        """Whether votes are missing among those `read` of each ballot, in cast order: other problems have them."""
        some = max(read) < max(self._numbers)
        return any(whole < (max(read) if some else self.voters) for whole in self.whole)

    @property
    def _numbers(self) -> list[int]:
        """Votes of each problem."""
        return [len(ballot.votes) for ballot in self.ballots]

    def _partial(self, row: Mapping[str, Any], short: bool) -> bool:
        """Whether a row might answer otherwise if all votes were cast: they are still to come, or were not needed."""
        if self.complete and row["name"] in self.steady:
            return False
        return short or self.run.manifest.not_needed > 0

    def frame(self, rows: Sequence[tuple[dict[str, Any], bool]]) -> dict[str, Any]:
        """The run's entry in `--json`, around its rows, each with whether it is `short` of votes.

        Rows in which votes are missing, on purpose or not, are `partial`.
        """
        numbers = self._numbers
        return {
            "run": self.run.name,
            "task": self.task.name,
            "model": self.run.manifest.model,
            "problems": len(self.ballots),
            "generations": sum(numbers),
            "expected": self.run.manifest.expected,
            "complete": self.complete,
            "until_decided": dict(self.run.manifest.until_decided) or None,
            "undecided": len(self.undecided),
            "votes_per_problem": {"fewest": min(numbers), "most": max(numbers), "full": numbers.count(max(numbers))},
            "rows": [{**row, "partial": True} if self._partial(row, short) else row for row, short in rows],
        }


def count(run: Run, *, schedules: Sequence[str] = (), samples: int | None = None, prompts: Sequence[str] = ()) -> Count:
    """Extract the votes of a run: all, or those of some schedules (by name or label), of the first samples, or asked in
    some wordings of the prompt.

    Raises UsageError where that leaves none.
    """
    task = task_of(run)
    named = _named(run, task, schedules, prompts)
    by_problem: dict[str, dict[Voter, list[Generation]]] = {}
    for generation in sorted(run.generations, key=lambda generation: generation.schedule.seed):
        if (who := generation.voter.expert) in named:
            by_problem.setdefault(generation.problem.id, {}).setdefault(who, []).append(generation)
    equal = remembered(task.equal)
    with watched() as undecided:
        ballots = [
            cast([generation for own in by_problem[problem].values() for generation in own[:samples]], task, equal)
            for problem in sorted(by_problem)
        ]
    if not ballots:
        raise UsageError(
            f"{run.path} has no generations to vote on: finish it with `hex sweep {shlex.quote(str(run.path))}`"
        )
    return Count(
        run=run,
        task=task,
        ballots=tuple(ballots),
        names=named,
        steady=()
        if schedules or samples or prompts
        else _steady(run),  # what is decided is the vote of all, not that of some
        complete=run.manifest.complete
        and not run.foreign
        and len(run.generations) + run.manifest.not_needed >= run.manifest.expected,
        undecided=frozenset(undecided),
    )


def _named(run: Run, task: Task, schedules: Sequence[str], prompts: Sequence[str]) -> dict[Voter, str]:
    """The voters that are asked for, and what they are called. Raises UsageError on one that there is not."""
    named = names_in(run, task.usual)
    if schedules:
        wanted: set[Voter] = set()
        for text in schedules:
            if not (found := meant(text, named, task.usual)):
                raise UsageError(f"{run.path} has no schedule {text}: it has {', '.join(named.values()) or 'none'}")
            wanted.update(found)
        named = {voter: name for voter, name in named.items() if voter in wanted}
    if prompts:
        try:
            kept = set(asked_in(prompts, named, task.usual))
        except ValueError as error:
            raise UsageError(f"{run.path} has {error}") from None
        named = {voter: name for voter, name in named.items() if voter in kept}
    return named


def _leading(votes: Sequence[Vote], voters: Sequence[Voter]) -> int:
    """How many of the first voters have cast a vote before one has not."""
    for place, (vote, voter) in enumerate(zip(votes, voters, strict=False)):
        if vote.voter != voter:
            return place
    return min(len(votes), len(voters))


def _steady(run: Run) -> Sequence[str]:
    """Aggregators that the votes left out on purpose cannot change."""
    certainty = run.manifest.certainty
    if certainty is None or (certainty < CERTAIN and "order" in run.manifest.until_decided):
        return ()  # nor need the first vote in cast order be there
    return STEADY[: None if certainty == CERTAIN else 1]
