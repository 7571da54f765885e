"""Confidence intervals and tests."""

import math
from collections.abc import Sequence

# 97.5 % quantile of the standard normal distribution: a two-sided 95 % interval.
Z95 = 1.959963984540054


def wilson(successes: float, trials: int, z: float = Z95) -> tuple[float, float]:
    """Wilson score interval of a proportion (E. B. Wilson, JASA 22, 1927).

    `successes` may be fractional, where it is a mean over repeated samples of the same `trials` problems: the
    interval then counts problems, not samples, as samples of one problem are not independent. No trials: (0, 1).
    Raises ValueError unless 0 <= successes <= trials.
    """
    if trials == 0:
        return 0.0, 1.0
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    # Where none or all succeed, an end is 0 or 1 exactly; rounding may miss it, or overstep it nearby, by 1e-17.
    low = 0.0 if successes == 0 else max((centre - spread) / scale, 0.0)
    high = 1.0 if successes == trials else min((centre + spread) / scale, 1.0)
    return low, high


def mcnemar(wins: int, losses: int) -> float:
    """Two-sided p-value of McNemar's exact test: of the problems on which two methods differ, `wins` went to
    one and `losses` to the other; a fair coin would split them as unevenly so often. Raises ValueError below 0."""
    if wins < 0 or losses < 0:
        raise ValueError(f"{wins} wins and {losses} losses")
    trials, tail, ways = wins + losses, 0, 1
    for few in range(min(wins, losses) + 1):
        tail += ways  # of giving `few` of the problems to the one that has fewer
        ways = ways * (trials - few) // (few + 1)
    return min(2 * tail / (1 << trials), 1.0)


def paired_interval(differences: Sequence[float], z: float = Z95) -> tuple[float, float]:
    """95 % interval of a mean paired difference, each in [-1, 1].

    Bonett and Price's adjusted Wald interval for paired proportions (J. Educ. Behav. Stat. 37, 2012): one win
    and one loss are added. Written over the differences it also serves means over samples. Raises ValueError
    where there are none.
    """
    if not differences:
        raise ValueError("no differences")
    trials = len(differences) + 2
    mean = math.fsum(differences) / trials
    square = (math.fsum(difference * difference for difference in differences) + 2) / trials
    spread = z * math.sqrt((square - mean * mean) / trials)
    return max(mean - spread, -1.0), min(mean + spread, 1.0)


def pass_at(votes: int, right: int, k: int) -> float:
    """The chance that k of `votes` votes, drawn without replacement, hold a right one (pass@k; arXiv 2107.03374).

    Raises ValueError unless 0 <= right <= votes and 1 <= k <= votes.
    """
    if not 0 <= right <= votes or not 1 <= k <= votes:
        raise ValueError(f"{k} of {votes} votes, {right} right")
    return 1 - math.comb(votes - right, k) / math.comb(votes, k)
