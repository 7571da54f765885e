"""Every figure of a report."""

from hexcli.report.page.patterns import alone, commits, flips, pairs, settled
from hexcli.report.page.scores import accuracy, blocks, categories, compared, costs, differences, votes
from hexcli.report.page.table import Figure, Named

MAKERS = (accuracy, differences, blocks, votes, costs, pairs, alone, categories, commits, settled, flips, compared)


def figures(runs: Named) -> list[Figure]:
    """The data of every figure; those that the runs have nothing for are empty."""
    return [make(runs) for make in MAKERS]
