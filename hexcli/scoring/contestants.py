"""What is scored: every schedule alone, every aggregator, and the oracle, each with how it did on every problem.

Grading happens here, after every decision is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hexcli.runs.ballots import Ballot
from hexcli.runs.counting import Count
from hexcli.voter import Voter
from hexcli.voting.aggregators import SELF_VERIFIED
from hexcli.voting.votes import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """One row to be: a value for each problem, in the order of the ballots; None where it has no vote to go by.

    correct    share of its answers that are right: 0 or 1, or between for the mean over several samples
    abstained  share of them that are none
    credit     the share of each answer that is right, from tasks that tell it (Task.credit); empty for the others
    votes      how many it reads of a problem, at most; nfe and tokens are what those cost, over all problems
    short      whether it has fewer votes of some problems than of others
    expert     of a schedule: which
    about      more fields of its row
    """

    kind: str
    name: str
    correct: tuple[float | None, ...]
    abstained: tuple[float | None, ...]
    credit: tuple[float | None, ...] = ()
    ties: int = 0
    votes: int
    nfe: float
    tokens: float
    short: bool = False
    expert: Voter | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def problems(self) -> int:
        """How many it has an answer, or an abstention, for."""
        return sum(value is not None for value in self.correct)


class Grades:
    """Whether answers are right, each graded once. Every problem must have a target."""

    def __init__(self, counted: Count) -> None:
        self.task = counted.task
        self._known: dict[tuple[str, str], bool] = {}

    def right(self, answer: str | None, ballot: Ballot) -> bool:
        """Whether the answer is right; an abstention is not."""
        target = ballot.problem.target
        assert target is not None
        if answer is None:
            return False
        if (answer, target) not in self._known:
            self._known[answer, target] = self.task.grade(answer, target)
        return self._known[answer, target]

    def credits(self, answers: Sequence[Sequence[str | None]], ballots: Sequence[Ballot]) -> list[list[float]]:
        """The share of each ballot's answers that is right; an abstention is worth nothing. Empty without credit."""
        credit = self.task.credit
        if credit is None:
            return []
        pairs = zip(answers, ballots, strict=True)
        return [[credit(one, ballot.problem.target or "") if one else 0.0 for one in own] for own, ballot in pairs]


def schedules(counted: Count, grades: Grades) -> list[Contestant]:
    """The accuracy of one vote of each schedule: the mean over its samples, if it has several.

    Of the problems that it has a generation of: an unfinished run has not decoded all.
    """
    places: dict[Voter, list[list[int]]] = {expert: [[] for _ in counted.ballots] for expert in counted.names}
    for number, ballot in enumerate(counted.ballots):
        for place, vote in enumerate(ballot.votes):
            places[vote.expert][number].append(place)
    return [_schedule(counted, grades, expert, own) for expert, own in places.items() if any(own)]


def _schedule(counted: Count, grades: Grades, expert: Voter, places: Sequence[Sequence[int]]) -> Contestant:
    """`places` has, for each ballot, the schedule's votes in it."""
    correct: list[float | None] = []
    abstained: list[float | None] = []
    nfe = tokens = 0.0
    given = [[ballot.votes[place].answer for place in own] for ballot, own in zip(counted.ballots, places, strict=True)]
    for ballot, own, answers in zip(counted.ballots, places, given, strict=True):
        responses = [ballot.generations[place].response for place in own]
        share = 1 / max(len(own), 1)
        correct.append(share * sum(grades.right(answer, ballot) for answer in answers) if own else None)
        abstained.append(share * answers.count(None) if own else None)
        nfe += share * sum(response.nfe for response in responses)
        tokens += share * sum(response.tokens_computed for response in responses)
    schedule = {key: value for key, value in expert.schedule.to_dict().items() if key != "seed"}
    samples = max(map(len, places))
    credits = grades.credits(given, counted.ballots)
    return Contestant(
        kind="schedule",
        name=counted.names[expert],
        correct=tuple(correct),
        abstained=tuple(abstained),
        credit=tuple(sum(own) / len(own) if own else None for own in credits),
        votes=1,
        nfe=nfe,
        tokens=tokens,
        short=any(len(own) < samples for own in places),
        expert=expert,
        about={"schedule": schedule, "prompt": expert.prompt or counted.task.usual, "samples": samples},
    )


def aggregator(counted: Count, grades: Grades, name: str, decisions: Sequence[Decision]) -> Contestant:
    """How an aggregator's decisions, one a ballot, did."""
    pairs = list(zip(counted.ballots, decisions, strict=True))
    return _ensemble(
        counted,
        "aggregator",
        name,
        correct=[grades.right(decision.answer, ballot) for ballot, decision in pairs],
        abstained=[decision.answer is None for _, decision in pairs],
        credit=[own[0] for own in grades.credits([[decision.answer] for decision in decisions], counted.ballots)],
        read=[decision.read for _, decision in pairs],
        ties=sum(decision.tie for _, decision in pairs),
        about={"self_verified": True} if name in SELF_VERIFIED else {},
    )


def oracle(counted: Count, grades: Grades) -> Contestant:
    """The share of problems where any vote is right: the ceiling of every aggregator."""
    votes = [[vote.answer for vote in ballot.votes] for ballot in counted.ballots]
    return _ensemble(
        counted,
        "oracle",
        "oracle",
        correct=[any(grades.right(vote.answer, ballot) for vote in ballot.votes) for ballot in counted.ballots],
        abstained=[not ballot.election.candidates for ballot in counted.ballots],
        credit=[max(own) for own in grades.credits(votes, counted.ballots)],
        read=[len(ballot.votes) for ballot in counted.ballots],
    )


def _ensemble(
    counted: Count,
    kind: str,
    name: str,
    *,
    correct: Sequence[bool],
    abstained: Sequence[bool],
    credit: Sequence[float],
    read: Sequence[int],
    ties: int = 0,
    about: Mapping[str, Any] | None = None,
) -> Contestant:
    responses = [
        generation.response
        for ballot, number in zip(counted.ballots, read, strict=True)
        for generation in ballot.generations[:number]
    ]
    return Contestant(
        kind=kind,
        name=name,
        correct=tuple(map(float, correct)),
        abstained=tuple(map(float, abstained)),
        credit=tuple(credit),
        ties=ties,
        votes=max(read),
        short=counted.short(read),
        nfe=sum(response.nfe for response in responses),
        tokens=sum(response.tokens_computed for response in responses),
        about=about or {},
    )
