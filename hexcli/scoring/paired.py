"""Two methods on the same problems: how far apart, the interval of that, and whether it is chance. One test for all.

**The sign-flip test** (Fisher 1935; Pitman 1937). Were the methods equally good, each problem's difference could as
well have had the other sign. The p-value is the share of all sign patterns whose sum of differences is at least as far
from 0 as the one that was seen. It needs no variance and no large number of problems: of n problems that differ, no
p-value is below 2 / 2^n. Where every difference is -1, 0 or 1 (one vote against one vote) it is McNemar's exact test.

**The interval** holds the differences d that the same test does not reject at 5 % once d is taken off every problem.
By Hartigan's typical values (JASA 64, 1969) a sign pattern speaks for d exactly if the mean of the problems that keep
their sign and the mean of the others lie on both sides of it, so that one set of patterns gives both ends.
"""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

LEVEL = 0.05
# Bit operations that an exact p-value may take (about 50 ms); above, it is counted over seeded patterns.
_EXACT_BITS = 2**32
# Patterns of signs, equal ones together, that are all looked at for an interval; above, so many seeded ones.
_PATTERNS = 4000
_PATTERNS_OF_A_P_VALUE = 20_000
_SEED = 0
# Differences are shares of samples: fractions of small numbers, which floating point has blurred.
_DENOMINATOR = 10_000

Counts = Mapping[Fraction, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """What a comparison of two methods on the same problems found.

    problems    how many both were tried on
    difference  mean of the problems' differences, -1 to 1; low, high = its 95 % interval
    p_value     two-sided; exact = whether of all sign patterns, else estimated from seeded ones
    won, lost   problems on which the first is better, and worse
    """

    problems: int
    difference: float
    low: float
    high: float
    p_value: float
    exact: bool
    won: int
    lost: int

    def to_dict(self) -> dict[str, Any]:
        """The fields of a comparison in `--json`."""
        return {
            "problems": self.problems,
            "difference": self.difference,
            "ci95": [self.low, self.high],
            "won": self.won,
            "lost": self.lost,
            "p_value": self.p_value,
            "test": "sign-flip, exact" if self.exact else f"sign-flip, {_PATTERNS_OF_A_P_VALUE} seeded patterns",
        }


def paired(differences: Sequence[float]) -> Paired:
    """Compare two methods by their differences, one a problem, each in [-1, 1]. Raises ValueError without any."""
    if not differences:
        raise ValueError("no differences")
    counts: Counter[Fraction] = Counter()
    for value, number in Counter(round(value, 12) for value in differences).items():
        counts[_fraction(value)] += number  # several values may be nearest to one fraction
    mean = float(sum(value * number for value, number in counts.items()) / len(differences))
    found = _exact_p_value(counts)
    p_value = _estimated_p_value(counts) if found is None else found
    low, high = _interval(counts, p_value)
    return Paired(
        problems=len(differences),
        difference=mean,
        low=low,
        high=high,
        p_value=p_value,
        exact=found is not None,
        won=sum(number for value, number in counts.items() if value > 0),
        lost=sum(number for value, number in counts.items() if value < 0),
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values corrected for their number (Holm, Scand. J. Stat. 6, 1979): those below 5 % hold together."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    corrected, reached = [1.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        reached = max(reached, min(p_values[place] * (len(order) - rank), 1.0))
        corrected[place] = reached
    return corrected


@lru_cache(maxsize=4096)
def _fraction(value: float) -> Fraction:
    return Fraction(value).limit_denominator(_DENOMINATOR)


def _exact_p_value(counts: Counts) -> float | None:
    """Over all sign patterns, or None where these are too many.

    In units of the common denominator, the sum of a pattern is 2 A - T, with T the sum of all sizes and A that of the
    positive ones. How many patterns have which A are the coefficients of the product of (1 + x^size). They are packed
    into one large integer, each in `width` bits, so that a factor is a shift and an addition.
    """
    unit = math.lcm(*(value.denominator for value in counts))
    sizes = {abs(int(value * unit)): 0 for value in counts if value}
    for value, number in counts.items():
        if value:
            sizes[abs(int(value * unit))] += number
    seen = abs(sum(int(value * unit) * number for value, number in counts.items()))
    differing = sum(sizes.values())
    if seen == 0:
        return 1.0
    shared = math.gcd(*sizes)
    width = differing + 1
    # Patterns as far on one side as what was seen: A of at most half of T - seen. The other side has as many.
    bits = width * ((sum(size * number for size, number in sizes.items()) - seen) // 2 // shared + 1)
    if bits * differing > _EXACT_BITS:
        return None
    mask, packed = (1 << bits) - 1, 1
    for size, number in sizes.items():
        shift = width * (size // shared)
        for _ in range(number if shift < bits else 0):  # a size beyond what is counted is on the other side
            packed = (packed + (packed << shift)) & mask
    few = packed % ((1 << width) - 1)  # the sum of its digits
    return min(2 * few / (1 << differing), 1.0)


def _estimated_p_value(counts: Counts) -> float:
    """Over seeded patterns, the one that was seen among them (Phipson and Smyth 2010: never 0)."""
    values = [(float(value), number) for value, number in counts.items() if value]
    total = math.fsum(value * number for value, number in values)
    limit = abs(total) - 1e-9
    kept = [0.0] * _PATTERNS_OF_A_P_VALUE
    generator = random.Random(_SEED)
    for value, number in values:
        kept = [sum_ + value * generator.getrandbits(number).bit_count() for sum_ in kept]
    return (1 + sum(abs(2 * sum_ - total) >= limit for sum_ in kept)) / (1 + _PATTERNS_OF_A_P_VALUE)


def _interval(counts: Counts, p_value: float) -> tuple[float, float]:
    """The differences that are not rejected, one problem won and one lost added.

    Without those two, problems that hardly ever differ would look like certainty (as in the interval of Bonett and
    Price, J. Educ. Behav. Stat. 37, 2012). Whether it holds 0 is what the p-value says: where the two would have it
    otherwise, it ends at 0, or at the nearest value on this side of it.
    """
    added = Counter({Fraction(1): 1, Fraction(-1): 1})
    added.update(counts)
    weights, lows, highs = _means(added)
    own_sum = sum(value * number for value, number in counts.items())
    rejected = p_value < LEVEL
    low = _end(lows, weights, sure=rejected and own_sum > 0)
    high = -_end([-value for value in highs], weights, sure=rejected and own_sum < 0)
    if not rejected:
        low, high = min(low, 0.0), max(high, 0.0)
    return max(low, -1.0), min(high, 1.0)


def _end(values: Sequence[float], weights: Sequence[float] | None, *, sure: bool) -> float:
    """The first value up to which more than LEVEL of the weight lies; where `sure` to be above 0, one that is."""
    if weights is None:
        found = sorted(values)[int(LEVEL * len(values))]
    else:
        reached, ranked = 0.0, iter(sorted(zip(values, weights, strict=True)))
        while reached <= LEVEL:
            found, weight = next(ranked)
            reached += weight
    return min((value for value in values if value > 0), default=0.0) if sure and found <= 0 else found


def _means(counts: Counts) -> tuple[list[float] | None, list[float], list[float]]:
    """Sign patterns: their weights (None: equal), and of the mean of the problems that keep their sign and the mean
    of the others the lower ones, and the higher ones.

    A pattern that keeps all, or none, speaks for every difference: its means are infinite.
    """
    values, numbers = [float(value) for value in counts], list(counts.values())
    problems, total = sum(numbers), math.fsum(float(value) * number for value, number in counts.items())
    weights, kept = _patterns(numbers)
    sizes = [sum(column) for column in zip(*kept, strict=True)]
    sums = [0.0] * len(sizes)
    for value, column in zip(values, kept, strict=True):
        if value:
            sums = [part + value * count for part, count in zip(sums, column, strict=True)]
    lows, highs = [], []
    for part, size in zip(sums, sizes, strict=True):
        one, other = -math.inf, math.inf
        if 0 < size < problems:
            one, other = part / size, (total - part) / (problems - size)
        lows.append(one if one < other else other)
        highs.append(other if one < other else one)
    return weights, lows, highs


def _patterns(numbers: Sequence[int]) -> tuple[list[float] | None, Sequence[Sequence[int]]]:
    """How many of each value keep their sign, pattern by pattern, and the patterns' weights: all, or seeded ones."""
    if math.prod(number + 1 for number in numbers) <= _PATTERNS:
        every = list(product(*(range(number + 1) for number in numbers)))
        weights = [math.prod(shares) for shares in product(*map(_binomial, numbers))]
        return weights, list(zip(*every, strict=True))
    bits = random.Random(_SEED).getrandbits
    return None, [[bits(number).bit_count() for _ in range(_PATTERNS)] for number in numbers]


def _binomial(number: int) -> list[float]:
    """The shares of the patterns of so many signs that keep 0, 1, ... of them."""
    ways, whole, shares = 1, 1 << number, []
    for kept in range(number + 1):
        shares.append(ways / whole)
        ways = ways * (number - kept) // (kept + 1)
    return shares
