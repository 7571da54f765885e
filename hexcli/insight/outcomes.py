"""How every schedule did on every problem: what most figures are counted from."""

from collections.abc import Mapping
from dataclasses import dataclass

from hexcli.records import Problem
from hexcli.runs.ballots import Ballot
from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Grades
from hexcli.voter import Voter


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One problem, by schedule (without its seed), sample by sample in cast order.

    chosen  the place of the candidate that each sample voted for; -1: it abstained
    right   whether its answer is right; all False where the problem has no target
    """

    problem: Problem
    chosen: Mapping[Voter, tuple[int, ...]]
    right: Mapping[Voter, tuple[bool, ...]]

    def accuracy(self, expert: Voter) -> float | None:
        """The share of the schedule's samples that are right; None where it has none of this problem."""
        own = self.right.get(expert, ())
        return sum(own) / len(own) if own else None


def outcomes(counted: Count, grades: Grades) -> list[Outcome]:
    """One for each ballot, in their order."""
    return [outcome(ballot, grades) for ballot in counted.ballots]


def outcome(ballot: Ballot, grades: Grades) -> Outcome:
    """What one problem's votes came to."""
    places = {id(vote): place for place, one in enumerate(ballot.election.candidates) for vote in one.votes}
    chosen: dict[Voter, list[int]] = {}
    right: dict[Voter, list[bool]] = {}
    labelled = ballot.problem.target is not None
    for vote in ballot.votes:
        chosen.setdefault(vote.expert, []).append(places.get(id(vote), -1))
        right.setdefault(vote.expert, []).append(labelled and grades.right(vote.answer, ballot))
    return Outcome(
        problem=ballot.problem,
        chosen={expert: tuple(own) for expert, own in chosen.items()},
        right={expert: tuple(own) for expert, own in right.items()},
    )
