"""At which step the answer was settled: all of its tokens committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from hexcli.answers.settled import settled
from hexcli.runs.counting import Count
from hexcli.voter import Voter

BINS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """A schedule's generations: `counts` of them by the share of the steps after which the answer stood, in BINS
    equal parts of (0, 1]; `median` of the shares, None where no generation tells."""

    name: str
    counts: tuple[int, ...]
    known: int
    median: float | None


def settling(counted: Count) -> list[Settling]:
    """For each schedule of the run, in cast order."""
    shares: dict[Voter, list[float]] = {expert: [] for expert in counted.names}
    for ballot in counted.ballots:
        for vote, generation in zip(ballot.votes, ballot.generations, strict=True):
            if (one := settled(generation, vote.answer)) is not None:
                shares[vote.expert].append(one.share)
    return [_settling(name, shares[expert]) for expert, name in counted.names.items()]


def _settling(name: str, shares: Sequence[float]) -> Settling:
    counts = [0] * BINS
    for share in shares:
        counts[min(int(share * BINS - 1e-9), BINS - 1)] += 1
    return Settling(name=name, counts=tuple(counts), known=len(shares), median=median(shares) if shares else None)
