"""Accuracies and differences of ensembles, from the votes of a sheet, and how they are printed."""

import statistics
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sheets import Sheet

from hexcli.stats import paired_interval, wilson
from hexcli.voting import majority

Shares = NDArray[np.float64]  # for each problem: the share of tries in which it was answered right
DRAWS = 8  # draws of samples that an ensemble's accuracy is the mean over


def vote(sheet: Sheet, ensemble: Mapping[int, int]) -> Shares:
    """The majority of so many samples of each block, on each problem: the mean over draws of the samples."""
    dice = np.random.default_rng(0)
    whole = all(len(sheet.answers[block]) == count for block, count in ensemble.items())
    total = np.zeros(sheet.problems)
    draws = 1 if whole else DRAWS
    for _ in range(draws):
        chosen = [
            sheet.schedule(block, int(sample))
            for block, count in sorted(ensemble.items())
            for sample in np.sort(dice.permutation(len(sheet.answers[block]))[:count])
        ]
        for problem, target in enumerate(sheet.targets):
            total[problem] += majority(sheet.ballot(chosen, problem)).answer == target
    return total / draws


def single(sheet: Sheet, block: int) -> Shares:
    """One vote of a block: the mean over its samples."""
    return right(sheet, block).mean(0)


def right(sheet: Sheet, block: int) -> NDArray[np.bool_]:
    """Whether each sample is right on each problem: [samples, problems]"""
    return np.array([[a == t for a, t in zip(col, sheet.targets, strict=True)] for col in sheet.answers[block]])


def unanswered(sheet: Sheet, block: int) -> float:
    """Share of generations without an answer."""
    return statistics.fmean(statistics.fmean(answer == "" for answer in column) for column in sheet.answers[block])


def percent(share: float) -> str:
    """`83.2`"""
    return f"{100 * share:.1f}"


def accuracy(shares: Shares) -> str:
    """`83.2 [81.5, 84.8]`, with a 95 % Wilson interval."""
    low, high = wilson(float(shares.sum()), len(shares))
    return f"{percent(shares.mean())} [{percent(low)}, {percent(high)}]"


def difference(one: Shares, other: Shares) -> str:
    """`+2.1 [+1.0, +3.2]` points: one minus other on the same problems, with a 95 % paired interval."""
    paired = one - other
    low, high = paired_interval(paired.tolist())
    return f"{100 * paired.mean():+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def best(shares: Mapping[int, Shares]) -> int:
    """The block with the highest accuracy."""
    return max(shares, key=lambda block: float(shares[block].mean()))
