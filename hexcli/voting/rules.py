"""Aggregators that look at one problem at a time."""

import dataclasses
import math
from collections.abc import Callable, Sequence

from hexcli.errors import plural
from hexcli.voting.calibration import Calibration
from hexcli.voting.votes import Decision, Election, Vote

Aggregator = Callable[[Sequence[Election], Calibration | None], list[Decision]]


class MissingSignalError(ValueError):
    """The votes lack what this aggregator goes by; the text says what, in a few words."""


class FailedRuleError(MissingSignalError):
    """An aggregator of somebody else's failed, or gave what is none; the text says where and why. The others go on."""


def each(rule: Callable[[Election], Decision], needs: str | None = None) -> Aggregator:
    """The aggregator that decides every problem by `rule`.

    needs  the signal of a vote (a field of Vote) without which it cannot: where a vote that gave an answer
           lacks it, or it is not a finite number, the aggregator raises MissingSignalError
    """

    def aggregate(elections: Sequence[Election], calibration: Calibration | None) -> list[Decision]:
        if needs is not None:
            _require(elections, needs)
        return [rule(election) for election in elections]

    return aggregate


def first(election: Election) -> Decision:
    """The first vote cast, and nothing else: one schedule, the baseline. It may abstain."""
    return majority(Election.of(election.votes[:1], str.__eq__))


def majority(election: Election) -> Decision:
    """Most frequent answer, a tie to the first cast: self-consistency (arXiv 2203.11171), and HEX's vote
    ([hex] HEX.py, `frequency`). Votes come in cast order, so a tie goes to the smallest block."""
    return election.decide(lambda candidate: len(candidate.votes))


def majority_nll(election: Election) -> Decision:
    """Most frequent answer, a tie to the answer with the most likely generation ([hex]: frequency with an NLL
    tie-break; NLL = -first_step_logprob, HEX's own where the canvas was decoded to its last step)."""
    return election.decide(
        lambda candidate: len(candidate.votes),
        prefer=lambda candidate: max(_finite(vote.first_step_logprob) for vote in candidate.votes),
    )


def lowest_nll(election: Election) -> Decision:
    """The answer of the most likely generation ([hex]: lowest NLL; NLL = -first_step_logprob, see majority_nll)."""
    return election.decide(
        lambda candidate: max(_finite(vote.first_step_logprob) for vote in candidate.votes),
    )


def confidence(election: Election) -> Decision:
    """Votes weighted by how sure the model was of the answer's tokens when it committed them.

    Self-consistency's normalized weighted sum (arXiv 2203.11171, section 3.1: exp of the mean log-probability),
    over the answer's tokens only, as in CoT-decoding's weighted aggregation over paths (arXiv 2402.10200).
    """
    return election.decide(lambda candidate: math.fsum(_finite(vote.confidence) for vote in candidate.votes))


def path_likelihood(election: Election) -> Decision:
    """The answer of the generation with the likeliest path (path log-likelihood, arXiv 2602.03496)."""
    return election.decide(lambda candidate: max(_finite(vote.path_logprob) for vote in candidate.votes))


def trajectory_confidence(election: Election) -> Decision:
    """Votes weighted as particles by the confidence of their whole trajectory: the product over all commits of their
    probabilities, over the likeliest (self-rewarding SMC's importance weights, arXiv 2602.01849, without resampling).
    """
    best = max((_finite(vote.path_logprob) for one in election.candidates for vote in one.votes), default=0.0)
    return election.decide(
        lambda candidate: math.fsum(math.exp(_finite(vote.path_logprob) - best) for vote in candidate.votes)
    )


def settled(election: Election) -> Decision:
    """Votes weighted by how early their answer stood: the share of the steps that was still to come. That answers
    often stand long before the end is the observation of Prophet (arXiv 2508.19982)."""
    return election.decide(lambda candidate: math.fsum(1.0 - _finite(vote.settled) for vote in candidate.votes))


# Tokens behind the end of a text that make it a finished one, not one that was squeezed into its last block.
ROOM = 5


def finished(election: Election) -> Decision:
    """Votes of texts that had room behind their end, and boxed their answer, count whole; others half."""
    return election.decide(lambda candidate: sum(1.0 if whole(vote) else 0.5 for vote in candidate.votes))


def whole(vote: Vote) -> bool:
    """Whether the text had room behind its end, and the answer was boxed or tagged; what is not known counts as so."""
    return (vote.room is None or vote.room >= ROOM) and vote.reached is not None


def valid(election: Election) -> Decision:
    """Majority over the answers that are possible by what the question itself says (Task.check): self-verified. The
    others abstain."""
    kept = [vote if vote.valid else dataclasses.replace(vote, answer=None) for vote in election.votes]
    members = {vote.answer: one.answer for one in election.candidates for vote in one.votes}
    return majority(Election.of(kept, lambda a, b: members[a] == members[b]))


# What lacks where votes lack a signal, in words, where the signal's name does not say it.
_LACKING = {
    "path_logprob": "the votes carry no commit confidences",
    "settled": "the votes do not tell when their answers were committed",
    "room": "the votes do not tell what stands behind their texts",
    "valid": "the questions of this task do not say which answers are possible",
}


def _require(elections: Sequence[Election], needs: str) -> None:
    cast = [vote for election in elections for vote in election.votes if vote.answer is not None]
    missing = sum(not _is_finite(getattr(vote, needs)) for vote in cast)
    if missing:
        raise MissingSignalError(_LACKING.get(needs, f"{missing} of {_votes(len(cast))} no {needs}"))


def _votes(count: int) -> str:
    return f"{plural(count, 'vote')} {'carries' if count == 1 else 'carry'}"


def _is_finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _finite(value: float | None) -> float:
    if value is None or not math.isfinite(value):
        raise MissingSignalError("a vote carries no finite signal")
    return value
