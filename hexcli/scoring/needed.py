"""How many problems it would take to tell two methods apart, were they as far apart as they were seen to be."""

import math
from collections.abc import Sequence
from statistics import NormalDist

from hexcli.stats import Z95

Z80 = 0.8416212335729143  # 80 % quantile of the standard normal distribution


def problems_needed(differences: Sequence[float], z: float = Z95) -> int | None:
    """The problems of which McNemar's test tells this mean difference four times in five: at 5 % (two-sided), or `z`.

    n = ((z sqrt(s) + Z80 sqrt(s - d^2)) / d)^2 with the mean difference d and the share s of problems that differ
    (R. J. Connor, Biometrics 43:207, 1987, page 209). For means over samples, whose differences are fractions, s is
    the mean of their squares, which for single votes is that share. d and s are estimates of few problems, so only the
    order of magnitude counts. None where the difference is 0.
    """
    count = len(differences)
    mean = math.fsum(differences) / count if count else 0.0
    if not mean:
        return None
    square = math.fsum(one * one for one in differences) / count
    return math.ceil(((z * math.sqrt(square) + Z80 * math.sqrt(max(square - mean * mean, 0.0))) / mean) ** 2)


def z_of(level: float) -> float:
    """The quantile of the standard normal distribution that a two-sided test at this level asks for: 1.96 at 0.05."""
    return Z95 if level == 0.05 else NormalDist().inv_cdf(1 - level / 2)


def about(needed: int) -> int:
    """The number with as many digits as mean anything, one, or two of those that begin with 1: 400, 130, 2000."""
    size: int = 10 ** (len(str(needed)) - 1)
    if needed < 2 * size and size > 1:
        size //= 10
    return -(-needed // size) * size
