"""Temporal self-consistency voting: every step of a generation votes for the answer that its text gave then.

Wang et al., "Time is a feature" (arXiv 2508.09138): a right answer is often there in the middle of the denoising and
overwritten later. Later steps count more, exponentially: with alpha 11, as in the authors' run_eval.sh, the last tenth
of the steps has two thirds of the weight. Each generation has the same weight, so that several are a vote of votes.
"""

import dataclasses
import math
from collections.abc import Sequence

from hexcli.errors import plural
from hexcli.voting.calibration import Calibration
from hexcli.voting.rules import MissingSignalError
from hexcli.voting.votes import Decision, Election, Vote

ALPHA = 11.0


def temporal(elections: Sequence[Election], calibration: Calibration | None) -> list[Decision]:
    """The answer with the most weight over the steps of all generations. A vote that ended without an answer counts
    for those that its text gave before. Raises MissingSignalError where one has no record of its steps."""
    votes = [vote for election in elections for vote in election.votes]
    lacking = sum(vote.said is None for vote in votes)
    if lacking:
        which = "the votes have" if lacking == len(votes) else f"{lacking} of {plural(len(votes), 'vote')} have"
        raise MissingSignalError(f"{which} no record of their steps: decode with --record-steps")
    return [_decide(election) for election in elections]


def _decide(election: Election) -> Decision:
    weights: dict[int, float] = {}
    cast: list[Vote] = []
    for vote in election.votes:
        for answer, weight in shares(vote).items():
            one = dataclasses.replace(vote, answer=answer)
            weights[id(one)] = weight
            cast.append(one)
    counted = Election.of(cast, election.equal)
    decision = counted.decide(lambda candidate: math.fsum(weights[id(vote)] for vote in candidate.votes))
    generations = {one.answer: len({vote.voter for vote in one.votes}) for one in counted.candidates}
    return dataclasses.replace(
        decision,
        tallies=tuple(dataclasses.replace(one, votes=generations[one.answer]) for one in decision.tallies),
        cast=len({vote.voter for vote in cast}),
        read=len(election.votes),
    )


def shares(vote: Vote) -> dict[str, float]:
    """Of the weight of a vote's steps, the share that each answer has; together less than 1 where its text gave none.

    Step t of T (from 1) weighs exp(alpha (t / T - 1)).
    """
    assert vote.said is not None
    spans = vote.said()
    steps = max((end for _, _, end in spans), default=0)
    total = _weight(0, steps, steps)
    found: dict[str, float] = {}
    for answer, start, end in spans:
        if answer is not None:
            found[answer] = found.get(answer, 0.0) + _weight(start, end, steps) / total
    return found


def _weight(start: int, end: int, steps: int) -> float:
    """The weight of the steps from `start` (counted from 0) to before `end`."""
    return math.fsum(math.exp(ALPHA * ((step + 1) / steps - 1)) for step in range(start, end))
