"""Aggregators that look at one problem at a time."""

import math
from collections.abc import Callable, Sequence

from hexcli.voting.calibration import Calibration
from hexcli.voting.votes import Decision, Election

Aggregator = Callable[[Sequence[Election], Calibration | None], list[Decision]]


class MissingSignalError(ValueError):
    """The votes lack what this aggregator goes by; the text says what, in a few words."""


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


def _require(elections: Sequence[Election], needs: str) -> None:
    cast = [vote for election in elections for vote in election.votes if vote.answer is not None]
    missing = sum(not _is_finite(getattr(vote, needs)) for vote in cast)
    if missing:
        raise MissingSignalError(f"{missing} of {len(cast)} votes carry no {needs}")


def _is_finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _finite(value: float | None) -> float:
    if value is None or not math.isfinite(value):
        raise MissingSignalError("a vote carries no finite signal")
    return value
