"""Whether two votes tend to be right on the same problems: the correlation of their correctness. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.scoring.grids import Grid
from hexcli.voter import Voter

Right = Mapping[Voter, tuple[int, int]]  # of one problem: how many of each voter's votes are right, of how many


def correlations(grid: Grid, problems: Sequence[Right]) -> dict[str, Any]:
    """Pearson's correlation, over problems, of the correctness of two votes of a line.

    `matrix` has it for each two values of the axis, a value beside itself: two samples of one voter; `within` is the
    mean of those, `across` of the others. Each the mean over the lines. None where it is not defined: a voter that is
    right on all problems or on none, or beside itself one sample of a voter whose seed has an effect; a deterministic
    one votes as it did before: 1.
    """
    size = range(len(grid.values))
    matrix = [
        [_mean([_correlation(line[one], line[two], problems) for line in grid.lines]) for two in size] for one in size
    ]
    within = [matrix[place][place] for place in size]
    across = [matrix[one][two] for one in size for two in size if one < two]
    return {"within": _mean(within), "across": _mean(across), "matrix": matrix}


def _correlation(one: Voter, other: Voter, problems: Sequence[Right]) -> float | None:
    moments = _Moments()
    for problem in problems:
        right, votes = problem[one]
        if one != other:
            moments.add(right / votes, problem[other][0] / problem[other][1])
        elif one.schedule.deterministic:  # the same vote again
            moments.add(right / votes, right / votes, right / votes)
        elif votes > 1:  # the mean over all pairs of its samples
            moments.add(right / votes, right / votes, right * (right - 1) / (votes * (votes - 1)))
    return moments.correlation


@dataclass(slots=True)
class _Moments:
    """Sums over problems of the chances that one vote is right, the other, and both."""

    problems: int = 0
    first: float = 0.0
    second: float = 0.0
    both: float = 0.0

    def add(self, first: float, second: float, both: float | None = None) -> None:
        self.problems += 1
        self.first += first
        self.second += second
        self.both += first * second if both is None else both

    @property
    def correlation(self) -> float | None:
        if not self.problems:
            return None
        first, second, both = (total / self.problems for total in (self.first, self.second, self.both))
        spread = math.sqrt(max(first * (1 - first) * second * (1 - second), 0.0))
        return None if spread < 1e-12 else round((both - first * second) / spread, 12)


def _mean(values: Sequence[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return math.fsum(there) / len(there) if there else None
