"""Weights of schedules from how often they are right.

An expert that is right with probability p, and else spreads its votes evenly over m wrong answers, deserves
the weight log(p m / (1 - p)): then the candidate with the largest sum of weights is the likeliest one (Nitzan
and Paroush, International Economic Review 23, 1982, for two answers; with m of them it is the E-step of Dawid
and Skene's model with one coin a voter).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from hexcli.voter import Voter


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What labelled problems of another split tell of the schedules.

    accuracy      of each schedule (without its seed): the share of its cast votes that were right, in (0, 1)
    alternatives  wrong answers there effectively are: 1 / the probability that two wrong votes coincide
    """

    accuracy: Mapping[Voter, float]
    alternatives: float


def log_odds(accuracy: float, alternatives: float) -> float:
    """The weight of a vote; 0 where it is no better than chance: it counts for nothing, never against."""
    return max(math.log(accuracy * alternatives / (1 - accuracy)), 0.0)


def smoothed_accuracy(right: float, cast: float) -> float:
    """The rule of succession: never 0 or 1, which would be a weight without end."""
    return (right + 1) / (cast + 2)


def effective_alternatives(pairs: float, coinciding: float) -> float:
    """Wrong answers there effectively are, from pairs of wrong votes and how many of them coincide; at least 1."""
    return max((pairs + 2) / (coinciding + 1), 1.0)
