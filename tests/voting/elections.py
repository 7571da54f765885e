"""Elections to vote on."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from hexcli.schedule import Schedule
from hexcli.voter import Voter
from hexcli.voting.aggregators import get_aggregator
from hexcli.voting.votes import Decision, Election, Equal, Vote

# Experts in cast order.
EXPERTS = tuple(Voter(Schedule.parse(one, gen_length=64, temperature=0.9)) for one in ("4", "8", "16", "32", "64"))


def same(a: str, b: str) -> bool:
    return a == b


def vote(answer: str | None, place: int = 0, seed: int = 0, **signals: Any) -> Vote:
    return Vote(answer=answer, schedule=EXPERTS[place].schedule.with_seed(seed), **signals)


def votes(*answers: str | None, logprobs: Sequence[float] = (), confidences: Sequence[float] = ()) -> list[Vote]:
    """One vote of each expert, more as further samples; in cast order for up to five."""
    return [
        vote(
            answer,
            place % len(EXPERTS),
            place // len(EXPERTS),
            first_step_logprob=logprobs[place] if logprobs else None,
            confidence=confidences[place] if confidences else None,
        )
        for place, answer in enumerate(answers)
    ]


def election(*answers: str | None, equal: Equal = same, **signals: Any) -> Election:
    return Election.of(votes(*answers, **signals), equal)


def decide(name: str, *answers: str | None, **signals: Any) -> Decision:
    """What the aggregator makes of one problem."""
    (decision,) = get_aggregator(name)([election(*answers, **signals)], None)
    return decision


def always(answer: str | None) -> Callable[[], Sequence[tuple[str | None, int, int]]]:
    """What a vote said whose text gave one answer from the first step on."""
    return lambda: [(answer, 0, 4)]


def with_every_signal(plain: Election) -> Election:
    """The election with the signals that its votes lack made from their confidence; a valid answer is any."""
    return Election.of(
        [
            dataclasses.replace(
                one,
                path_logprob=20 * (one.first_step_logprob or 0.0),
                settled=one.confidence,
                room=round(10 * (one.confidence or 0.0)),
                reached=None if (one.confidence or 0.0) < 0.3 else (one.confidence or 0.0) > 0.6,
                valid=None if one.answer is None else True,
                said=always(one.answer),
            )
            for one in plain.votes
        ],
        same,
    )
