"""Accuracies and differences of ensembles, from the votes of a sheet, and how they are printed."""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sheets import NO_ANSWER, Sheet

from hexcli.stats import paired_interval, wilson

Shares = NDArray[np.float64]  # for each problem: the share of tries in which it was answered right
DRAWS = 8  # draws of samples that an ensemble's accuracy is the mean over


def majority(votes: NDArray[np.int32]) -> NDArray[np.int32]:
    """The most frequent vote on each problem, a tie to the first cast: [votes, problems] -> [problems].

    NO_ANSWER wins only where there is nothing else. As `hexcli.voting.majority`, for many problems at a time.
    """
    support = (votes[:, None] == votes[None]).sum(1)
    support[votes == NO_ANSWER] = 0
    winner: NDArray[np.int32] = np.take_along_axis(votes, support.argmax(0)[None], 0)[0]
    return winner


def vote(sheet: Sheet, ensemble: Mapping[str, int]) -> Shares:
    """The majority of so many samples of each column, on each problem: the mean over draws of the samples.

    Raises KeyError for columns of which the sheet has fewer samples.
    """
    if missing := [name for name, count in ensemble.items() if len(sheet.votes.get(name, ())) < count]:
        raise KeyError(f"{sheet.kind} has too few samples of {', '.join(missing)}")
    chosen = [(votes, ensemble[name]) for name, votes in sheet.votes.items() if name in ensemble]
    dice = np.random.default_rng(0)
    draws = 1 if all(len(votes) == count for votes, count in chosen) else DRAWS
    total = np.zeros(len(sheet.problems))
    for _ in range(draws):
        drawn = [votes[np.sort(dice.permutation(len(votes))[:count])] for votes, count in chosen]
        total += majority(np.concatenate(drawn)) == sheet.target
    return total / draws


def single(sheet: Sheet, column: str) -> Shares:
    """One vote of a column: the mean over its samples."""
    return right(sheet, column).mean(0)


def right(sheet: Sheet, column: str) -> NDArray[np.bool_]:
    """Whether each sample is right on each problem: [samples, problems]"""
    return sheet.votes[column] == sheet.target


def unanswered(sheet: Sheet, column: str) -> float:
    """Share of generations without an answer."""
    return float((sheet.votes[column] == NO_ANSWER).mean())


def share(sheet: Sheet, counts: Mapping[str, Sequence[int]], column: str) -> float:
    """Share of a column's generations that `sheet.early` or `sheet.bare` counts."""
    return sum(counts[column]) / sheet.votes[column].size


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


def filled(text: str, name: str, made: str) -> str:
    """The text with a table between its `<!-- table NAME -->` and the next `<!-- end -->`."""
    pattern = rf"(<!-- table {name} -->\n).*?(<!-- end -->)"
    return re.sub(pattern, lambda found: f"{found[1]}\n{made}\n\n{found[2]}", text, flags=re.DOTALL)


def best(shares: Mapping[str, Shares]) -> str:
    """The column with the highest accuracy."""
    return max(shares, key=lambda column: float(shares[column].mean()))
