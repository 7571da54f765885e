"""Votes and how they are counted. Pure: votes in, decision out; no files, no models, no targets.

An aggregator is a plain function from the votes of one problem, in cast order, to a Decision. Adding one is
a function here and its line in AGGREGATORS.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hexcli.errors import unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The answer extracted from one generation, or an abstention (answer None). It never carries the target.

    first_step_logprob  the generation's one-step estimate of its log-likelihood ([hex]); None where unknown
    """

    answer: str | None
    schedule_label: str
    seed: int
    first_step_logprob: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """An answer with the votes that gave it. `first` is the place of its first vote in cast order."""

    answer: str
    votes: int
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an aggregator decided for one problem.

    answer   the winner; None where every vote abstained
    tie      whether another answer had as much support, so that a tie-break decided
    tallies  every answer with its votes, winner first
    cast     votes that gave an answer
    """

    answer: str | None
    tie: bool
    tallies: tuple[Tally, ...]
    cast: int

    @property
    def agreement(self) -> float:
        """Share of the cast votes that gave the winning answer; 0 where nothing was decided."""
        return self.tallies[0].votes / self.cast if self.tallies else 0.0


Equal = Callable[[str, str], bool]
Aggregator = Callable[[Sequence[Vote], Equal], Decision]


def tally(votes: Sequence[Vote], equal: Equal) -> list[Tally]:
    """Answers with their votes, in the order in which they were first cast; abstentions are dropped.

    A vote joins the first candidate its answer equals, and the candidate keeps its first spelling.
    """
    answers: list[str] = []
    counts: list[int] = []
    firsts: list[int] = []
    for place, vote in enumerate(votes):
        if vote.answer is None:
            continue
        for index, answer in enumerate(answers):
            if vote.answer == answer or equal(vote.answer, answer):
                counts[index] += 1
                break
        else:
            answers.append(vote.answer)
            counts.append(1)
            firsts.append(place)
    return [
        Tally(answer=answer, votes=count, first=first)
        for answer, count, first in zip(answers, counts, firsts, strict=True)
    ]


def majority(votes: Sequence[Vote], equal: Equal) -> Decision:
    """Most frequent answer, a tie to the first cast; abstentions are dropped ([hex] HEX.py, `frequency`).

    Votes come in cast order, smallest block first (Schedule.cast_order), so a tie goes to the smallest block.
    """
    ranked = sorted(tally(votes, equal), key=lambda candidate: (-candidate.votes, candidate.first))
    tie = len(ranked) > 1 and ranked[0].votes == ranked[1].votes
    return Decision(
        answer=ranked[0].answer if ranked else None,
        tie=tie,
        tallies=tuple(ranked),
        cast=sum(candidate.votes for candidate in ranked),
    )


AGGREGATORS: dict[str, Aggregator] = {
    "majority": majority,
}


def get_aggregator(name: str) -> Aggregator:
    """The aggregator of that name. Raises UsageError naming the nearest one."""
    if name not in AGGREGATORS:
        raise unknown("aggregator", name, AGGREGATORS)
    return AGGREGATORS[name]
