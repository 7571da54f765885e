"""Problems that two aggregators answer differently, and which of them is right."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hexcli.insight.kinds import candidate_of
from hexcli.runs.ballots import Ballot
from hexcli.scoring.contestants import Grades
from hexcli.voting.votes import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """Ids of the problems on which two aggregators differ.

    won    `first` is right, `second` is not; lost: the other way round
    other  they answer differently, and both are wrong, or there is no target
    """

    first: str
    second: str
    won: tuple[str, ...]
    lost: tuple[str, ...]
    other: tuple[str, ...]


def flips(ballots: Sequence[Ballot], decided: Mapping[str, Sequence[Decision]], grades: Grades) -> list[Flips]:
    """Every pair of aggregators; `decided` has the decisions of each, one a ballot."""
    return [_pair(ballots, first, second, decided, grades) for first, second in itertools.combinations(decided, 2)]


def _pair(
    ballots: Sequence[Ballot], first: str, second: str, decided: Mapping[str, Sequence[Decision]], grades: Grades
) -> Flips:
    won: list[str] = []
    lost: list[str] = []
    other: list[str] = []
    for ballot, one, two in zip(ballots, decided[first], decided[second], strict=True):
        if candidate_of(ballot.election, one.answer) == candidate_of(ballot.election, two.answer):
            continue
        labelled = ballot.problem.target is not None
        right = [labelled and grades.right(decision.answer, ballot) for decision in (one, two)]
        place = other if right[0] == right[1] else won if right[0] else lost
        place.append(ballot.problem.id)
    return Flips(first=first, second=second, won=tuple(won), lost=tuple(lost), other=tuple(other))
