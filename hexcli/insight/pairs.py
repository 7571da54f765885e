"""Schedules in pairs: how often they agree, rightly and wrongly, and who is right where the other is wrong."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hexcli.insight.outcomes import Outcome
from hexcli.voter import Voter


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One vote of `first` beside one of `second`, as shares of the problems that both have votes on; where any has a
    target, of those with one.

    agree                     the same answer
    agree_right, agree_wrong  the same answer, and it is right, or wrong; None where no problem has a target
    rescued                   `first` is right where `second` is wrong or abstains; None likewise
    problems                  how many these are

    Of several samples the mean over all their pairs; a schedule beside itself: over pairs of different samples.
    """

    first: str
    second: str
    agree: float
    agree_right: float | None
    agree_wrong: float | None
    rescued: float | None
    problems: int


def pairs(outcomes: Sequence[Outcome], names: Mapping[Voter, str]) -> list[Pair]:
    """Every ordered pair, in cast order, a schedule with itself where it has several samples."""
    found = []
    labelled = [outcome for outcome in outcomes if outcome.problem.target is not None]
    for first in names:
        for second in names:
            shares = [_shares(outcome, first, second) for outcome in labelled or outcomes]
            known = [share for share in shares if share is not None]
            if known:
                found.append(_pair(names[first], names[second], known, scored=bool(labelled)))
    return found


def _pair(first: str, second: str, shares: Sequence[tuple[float, float, float]], *, scored: bool) -> Pair:
    right, wrong, rescued = (math.fsum(column) / len(shares) for column in zip(*shares, strict=True))
    return Pair(
        first=first,
        second=second,
        agree=right + wrong,
        agree_right=right if scored else None,
        agree_wrong=wrong if scored else None,
        rescued=rescued if scored else None,
        problems=len(shares),
    )


def _shares(outcome: Outcome, first: Voter, second: Voter) -> tuple[float, float, float] | None:
    """Agree right, agree wrong, rescued: shares of the pairs of votes; None where there is no pair."""
    votes, others = _votes(outcome, first), _votes(outcome, second)
    same = first == second
    size = sum(votes.values()) * (sum(others.values()) - same)
    if size == 0:
        return None
    right = wrong = 0
    for (choice, good), count in votes.items():
        if choice >= 0:
            together = count * (others[choice, good] - same)
            right, wrong = right + good * together, wrong + (not good) * together
    good_ones = sum(count for (_, good), count in votes.items() if good)
    bad_ones = sum(count for (_, good), count in others.items() if not good)
    return right / size, wrong / size, good_ones * bad_ones / size


def _votes(outcome: Outcome, expert: Voter) -> Counter[tuple[int, bool]]:
    chosen, right = outcome.chosen.get(expert, ()), outcome.right.get(expert, ())
    return Counter(zip(chosen, right, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """A schedule's part in what is right at all: problems where it has a right vote, and where no other has one."""

    name: str
    right: int
    alone: tuple[str, ...]


def alone(outcomes: Sequence[Outcome], names: Mapping[Voter, str]) -> list[Alone]:
    """For each schedule the problems (ids) that it alone has a right vote on."""
    found: dict[Voter, list[str]] = {expert: [] for expert in names}
    right: Counter[Voter] = Counter()
    for outcome in outcomes:
        good = [expert for expert, own in outcome.right.items() if any(own)]
        right.update(good)
        if len(good) == 1:
            found[good[0]].append(outcome.problem.id)
    return [Alone(name=name, right=right[expert], alone=tuple(found[expert])) for expert, name in names.items()]
