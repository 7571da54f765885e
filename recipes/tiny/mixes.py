"""The best mix of voters at 5 and at 25 votes: chosen on calibration problems, and what it is measured against.

A mix at 5 votes is five voters with one vote each, at 25 votes five voters with five samples each. From random mixes on
one voter is exchanged for another as long as that helps on calibration problems; the best mix that is found is kept.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from figures import Shares, majority
from kept import Kept
from numpy.typing import NDArray
from sheets import NO_ANSWER

from hexcli.voter import Voter, in_cast_order

SIZE = 5  # voters in a mix
SAMPLES = 5  # of each, at 25 votes
STARTS = 8
Votes = Mapping[Voter, NDArray[np.int32]]  # [samples, problems] of each voter


class Found(NamedTuple):
    """A mix, its accuracy on the problems that it was chosen on, and how many mixes were looked at."""

    voters: tuple[Voter, ...]
    accuracy: float
    tried: int


class Ballots:
    """The votes of a file as numbers."""

    def __init__(self, kept: Kept) -> None:
        given = (answer for own in kept.answers.values() for sample in own for answer in sample)
        numbers = {text: number for number, text in enumerate(dict.fromkeys(["", *kept.targets, *given]))}
        assert numbers[""] == NO_ANSWER
        self.target = np.array([numbers[one] for one in kept.targets], dtype=np.int32)
        self.votes: Votes = {
            voter: np.array([[numbers[answer] for answer in sample] for sample in own], dtype=np.int32)
            for voter, own in kept.answers.items()
        }
        self.nfe = kept.nfe

    def right(self, voters: Sequence[Voter], samples: int) -> Shares:
        """Whether so many samples of each of these voters elect the right answer: [problems].

        Of one sample the mean over SAMPLES draws: sample 0 of all, sample 1, ... A deterministic voter votes once.
        """
        cast = in_cast_order(voters)
        if samples > 1:
            every = [self.votes[voter][:samples] for voter in cast]
            return (majority(np.concatenate(every)) == self.target).astype(float)
        draws = [
            np.stack([own[turn % len(own)] for own in map(self.votes.__getitem__, cast)]) for turn in range(SAMPLES)
        ]
        return np.mean([majority(draw) == self.target for draw in draws], axis=0)

    def alone(self, voter: Voter, votes: int) -> Shares:
        """Whether so many samples of one voter elect the right answer; of fewer than there are the mean over draws."""
        own = self.votes[voter]
        starts = range(0, len(own) - votes + 1, votes)
        return np.mean([majority(own[start : start + votes]) == self.target for start in starts], axis=0)

    def cost(self, voters: Sequence[Voter], samples: int) -> float:
        """Forward passes a problem."""
        return samples * sum(self.nfe[voter] for voter in voters)


def choose(ballots: Ballots, pool: Sequence[Voter], samples: int) -> Found:
    """The best mix of the pool, as far as exchanges find it; of equally good ones the first. Seeded."""
    dice = np.random.default_rng(0)
    known: dict[frozenset[Voter], float] = {}

    def accuracy(mix: Sequence[Voter]) -> float:
        key = frozenset(mix)
        if key not in known:
            known[key] = float(ballots.right(mix, samples).mean())
        return known[key]

    best: tuple[float, tuple[Voter, ...]] | None = None
    for _ in range(STARTS):
        mix = [pool[int(place)] for place in dice.choice(len(pool), SIZE, replace=False)]
        reached = accuracy(mix)
        while True:
            near = [
                [*mix[:place], other, *mix[place + 1 :]] for place in range(SIZE) for other in pool if other not in mix
            ]
            further = max(near, key=accuracy)
            if accuracy(further) <= reached:
                break
            mix, reached = further, accuracy(further)
        if best is None or reached > best[0]:
            best = (reached, tuple(in_cast_order(mix)))
    assert best is not None
    return Found(best[1], best[0], len(known))
