"""A run, counted, decided and scored: what every figure of it is made from, each part made once and when asked for."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hexcli.insight.blocks import Block, blocks
from hexcli.insight.commits import Commits, commits
from hexcli.insight.cost import Point, points
from hexcli.insight.flips import Flips, flips
from hexcli.insight.kinds import Kind, kinds
from hexcli.insight.outcomes import Outcome, outcomes
from hexcli.insight.pairs import Alone, Pair, alone, pairs
from hexcli.insight.settling import Settling, settling
from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Contestant, Grades, aggregator, oracle, schedules
from hexcli.scoring.frames import score_frame, vote_frame
from hexcli.voting.calibration import Calibration
from hexcli.voting.rules import MissingSignalError
from hexcli.voting.votes import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided(Count):
    """A count whose votes were decided before: some aggregators take seconds on a large run."""

    decided: Mapping[str, list[Decision]]

    def decide(self, aggregator: str, calibration: Calibration | None = None) -> list[Decision]:
        """See Count; the decisions there are, where they are of these very ballots."""
        known = self.decided.get(aggregator, [])
        return known if len(known) == len(self.ballots) else Count.decide(self, aggregator, calibration)


class Findings:
    """What a run's votes show. Whatever tells right from wrong is of its problems with a target (`labelled`)."""

    def __init__(self, counted: Count, aggregators: Sequence[str], calibration: Calibration | None = None) -> None:
        self.counted = counted
        self.labelled = counted.labelled
        self.aggregators = aggregators
        self.calibration = calibration
        self.grades = Grades(counted)

    @property
    def scored(self) -> bool:
        """Whether there is any target to score by."""
        return bool(self.labelled.ballots)

    @cached_property
    def frame(self) -> dict[str, Any]:
        """What `hex score --json` says of the run; what `hex vote --json` does where there is no target."""
        fields = {each.name: getattr(self.counted, each.name) for each in dataclasses.fields(Count) if each.init}
        counted = _Decided(**fields, decided=self.decided)
        if self.scored:
            return score_frame(counted, self.aggregators, self.calibration)
        return vote_frame(counted, self.aggregators, self.calibration)[0]

    @cached_property
    def decided(self) -> dict[str, list[Decision]]:
        """The decisions of each aggregator that can decide, one a ballot of `counted`."""
        found = {}
        for name in self.aggregators:
            try:
                found[name] = self.counted.decide(name, self.calibration)
            except MissingSignalError:  # the frame tells who is skipped, and why
                continue
        return found

    @cached_property
    def contestants(self) -> dict[tuple[str, str], Contestant]:
        """By kind and name, how schedules, aggregators and the oracle did on every labelled problem."""
        if not self.scored:
            return {}
        has_target = [ballot.problem.target is not None for ballot in self.counted.ballots]
        found = schedules(self.labelled, self.grades)
        for name, decisions in self.decided.items():
            own = [decision for decision, kept in zip(decisions, has_target, strict=True) if kept]
            found.append(aggregator(self.labelled, self.grades, name, own))
        found.append(oracle(self.labelled, self.grades))
        return {(one.kind, one.name): one for one in found}

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """How every schedule did on every labelled problem; on every problem where none is."""
        return outcomes(self.labelled if self.scored else self.counted, self.grades)

    def grade(self) -> None:
        """Decide every problem and grade every answer now; afterwards no other is looked at."""
        for place, ballot in enumerate(self.counted.ballots):
            if ballot.problem.target is not None:
                for answer in {vote.answer for vote in ballot.votes}:
                    self.grades.right(answer, ballot)
                for decision in self.decisions(place).values():
                    self.grades.right(decision.answer, ballot)

    def blocks(self) -> list[Block]:
        """See `blocks.blocks`."""
        return blocks(self.counted, self.frame["rows"] if self.scored else ())

    def points(self) -> list[Point]:
        """See `cost.points`; none without targets."""
        return points(self.labelled, self.frame) if self.scored else []

    def pairs(self) -> list[Pair]:
        """See `pairs.pairs`."""
        return pairs(self.outcomes, self.counted.names)

    def alone(self) -> list[Alone]:
        """See `pairs.alone`."""
        return alone(self.outcomes, self.counted.names)

    def commits(self) -> list[Commits]:
        """See `commits.commits`."""
        return commits(self.counted)

    def settling(self) -> list[Settling]:
        """See `settling.settling`."""
        return settling(self.counted)

    def flips(self) -> list[Flips]:
        """See `flips.flips`."""
        return flips(self.counted.ballots, self.decided, self.grades)

    @cached_property
    def kinds(self) -> list[frozenset[Kind]]:
        """The kinds of each problem, one a ballot of `counted`."""
        return [kinds(ballot, self.decisions(place), self.grades) for place, ballot in enumerate(self.counted.ballots)]

    def decisions(self, place: int) -> Mapping[str, Decision]:
        """What the aggregators made of the ballot at that place, by name."""
        return {name: decisions[place] for name, decisions in self.decided.items()}
