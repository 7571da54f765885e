"""Confidence intervals."""

import math

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
