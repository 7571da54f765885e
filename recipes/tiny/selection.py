"""How six schedules are chosen for the accuracy of their majority.

The candidates are the schedules of the runs; those of the cheapest are chosen among, so that all six cost the same.
The search starts from random sets, exchanges one schedule for another as long as that helps, and keeps the best.
What is chosen and scored on the same problems looks better than it is, so the whole choice is made again
on random halves of the problems and scored on the other halves: by that, too, one of a few pools of candidates is
taken, as a larger pool has more to offer and more to be misled by.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from figures import Shares, majority
from numpy.typing import NDArray
from parts import BLOCKS, schedule_of
from sheets import NO_ANSWER, Sheet

from hexcli.errors import UsageError

SIZE = 6
SPLITS = 20
STARTS = 20

Votes = NDArray[np.int32]  # of the candidates in cast order: [candidates, problems]; see Sheet.votes
Choice = tuple[int, ...]  # places of candidates, rising


def shares(votes: Votes, target: Votes, chosen: Choice) -> Shares:
    """Whether the majority of the chosen is right: [problems]"""
    return (majority(votes[list(chosen)]) == target).astype(float)


def choose(votes: Votes, target: Votes, pool: Choice, size: int = SIZE) -> Choice:
    """The set of `size` candidates of the pool whose majority is right most often, as far as exchanges find it.

    Of equally good sets the first that is found. Raises ValueError on a pool with fewer.
    """
    search, dice = _Search(votes, target, pool), np.random.default_rng(0)
    found = [search.climb([int(one) for one in dice.choice(pool, size, replace=False)]) for _ in range(STARTS)]
    return max(found, key=lambda one: one[0])[1]


class _Search:
    """Accuracies of many sets at a time."""

    def __init__(self, votes: Votes, target: Votes, pool: Choice) -> None:
        self.pool = pool
        self.agree = ((votes[:, None] == votes[None]) & (votes != NO_ANSWER)[None]).astype(np.int16)
        # What decides between members of a set: votes that agree, and then the place; below it, whether it is right.
        self.rank = 2 * np.arange(len(votes), 0, -1, dtype=np.int16)[:, None] + (votes == target).astype(np.int16)
        self.step = np.int16(2 * (len(votes) + 1))

    def adding(self, rest: list[int], others: list[int]) -> NDArray[np.float64]:
        """Accuracy of the majority of `rest` and one of the others, for each of these."""
        theirs = self.agree[np.ix_(others, rest)]  # [others, rest, problems]
        own = theirs.sum(1, dtype=np.int16) + self.agree[others, others]
        support = self.agree[np.ix_(rest, rest)].sum(1, dtype=np.int16) + theirs
        best = np.maximum((support * self.step + self.rank[rest]).max(1), own * self.step + self.rank[others])
        accuracy: NDArray[np.float64] = (best & 1).mean(1)
        return accuracy

    def climb(self, chosen: list[int]) -> tuple[float, Choice]:
        """Exchange one for another, the best exchange first, as long as that helps."""
        reached = float(self.adding(chosen[1:], chosen[:1])[0])
        while True:
            others = [one for one in self.pool if one not in chosen]
            scores = [self.adding([one for one in chosen if one != out], others) for out in chosen] if others else []
            place = max(range(len(scores)), key=lambda place: scores[place].max(), default=None)
            if place is None or scores[place].max() <= reached:
                return reached, tuple(sorted(chosen))
            reached = float(scores[place].max())
            chosen = [*chosen[:place], *chosen[place + 1 :], others[int(scores[place].argmax())]]


def held_out(votes: Votes, target: Votes, pool: Choice) -> NDArray[np.float64]:
    """[SPLITS, 3]: accuracy of the majority, and its lead over the best of the six and over the best candidate.

    Each chosen on one random half of the problems and scored on the other; "the best" is the best there, in hindsight.
    """
    dice, found = np.random.default_rng(0), []
    for _ in range(SPLITS):
        here, there = np.array_split(dice.permutation(len(target)), 2)
        chosen = choose(votes[:, here], target[here], pool)
        singles = (votes[:, there] == target[there]).mean(1)
        own = float(shares(votes[:, there], target[there], chosen).mean())
        found.append((own, own - singles[list(chosen)].max(), own - singles.max()))
    return np.array(found)


def pools(columns: Sequence[str], gen_length: int) -> dict[str, Choice]:
    """What is chosen among, by what it is called: places of columns."""
    plain = tuple(place for place, column in enumerate(columns) if column in BLOCKS)
    schedules = [schedule_of(column, gen_length) for column in columns]
    return {
        f"{', '.join(columns[place] for place in plain)}: no choice": plain,
        "all candidates": tuple(range(len(columns))),
        "even blocks": tuple(place for place, schedule in enumerate(schedules) if schedule.even),
        "low_confidence": tuple(p for p, schedule in enumerate(schedules) if schedule.remasking == "low_confidence"),
    }


class Chosen(NamedTuple):
    """What was chosen among one pool: the columns, and `held_out`, [SPLITS, 3]."""

    columns: list[str]
    held_out: NDArray[np.float64]


def choices(sheet: Sheet) -> dict[str, Chosen]:
    """What is chosen among each pool. Raises UsageError on too few candidates."""
    nfe = {column: schedule_of(column, sheet.kind.gen_length).nfe for column in sheet.votes}
    different: dict[bytes, str] = {}
    for column in sheet.votes:
        if nfe[column] == min(nfe.values()):
            # One that votes as another on every problem would only give that one two votes.
            different.setdefault(sheet.votes[column].tobytes(), column)
    columns = list(different.values())
    if len(columns) < SIZE:
        raise UsageError(f"{len(columns)} different candidates of {min(nfe.values())} NFE: choosing takes {SIZE}")
    votes = np.concatenate([sheet.votes[column] for column in columns])
    return {
        name: Chosen(
            [columns[place] for place in choose(votes, sheet.target, pool)], held_out(votes, sheet.target, pool)
        )
        for name, pool in pools(columns, sheet.kind.gen_length).items()
        if len(pool) >= SIZE
    }


def taken(found: Mapping[str, Chosen]) -> str:
    """The pool whose choice does best on problems that it was not chosen on."""
    return max(found, key=lambda name: float(found[name].held_out[:, 0].mean()))
