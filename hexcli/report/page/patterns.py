"""Figures of who answers what and when: agreement, rescues, order of commits, settled answers, flips."""

import itertools

from hexcli.insight.settling import BINS
from hexcli.report.page.table import Figure, Named, figure


def pairs(runs: Named) -> Figure:
    """How often two schedules agree, and who rescues whom; without targets only the first."""
    columns = (
        "run Run", "first Schedule", "second Beside",
        "agree:share Agree", "agree_right:share Agree, right", "agree_wrong:share Agree, wrong",
        "rescued:share Right where the other is not", "problems:count Problems",
    )  # fmt: skip
    return figure(
        "pairs",
        columns,
        (
            (run, one.first, one.second, one.agree, one.agree_right, one.agree_wrong, one.rescued, one.problems)
            for run, found in runs.items()
            for one in found.pairs()
        ),
    )


def alone(runs: Named) -> Figure:
    """Problems that one schedule alone has right."""
    columns = ("run Run", "schedule Schedule", "right:count Some vote right", "alone:count Alone right", "ids Problems")
    return figure(
        "alone",
        columns,
        (
            (run, one.name, one.right, len(one.alone), " ".join(one.alone))
            for run, found in runs.items()
            if found.scored
            for one in found.alone()
        ),
    )


def commits(runs: Named) -> Figure:
    """Where on the canvas tokens are committed at which step; cells without any are left out."""
    columns = (
        "run Run", "schedule Schedule", "position:count Position from", "position_to:count to", "step:count Step from",
        "step_to:count to", "tokens:count Tokens", "generations:count Generations",
    )  # fmt: skip
    rows = []
    for run, found in runs.items():
        for one in found.commits():
            places = _edges(one.gen_length, len(one.counts))
            steps = _edges(one.steps, len(one.counts[0]))
            rows += [
                (run, one.name, *place, *step, count, one.generations)
                for place, row in zip(places, one.counts, strict=True)
                for step, count in zip(steps, row, strict=True)
                if count
            ]
    return figure("commits", columns, rows)


def _edges(extent: int, bins: int) -> list[tuple[int, int]]:
    """First and last member of each bin of `range(extent)`: member i is in bin i * bins // extent."""
    edges = [-(-bin_ * extent // bins) for bin_ in range(bins + 1)]
    return [(start, stop - 1) for start, stop in itertools.pairwise(edges)]


def settled(runs: Named) -> Figure:
    """After which share of its steps a generation's answer stood."""
    columns = (
        "run Run", "schedule Schedule", "from:share Share of steps from", "to:share to",
        "generations:count Generations",
        "median:share Median",
    )  # fmt: skip
    return figure(
        "settled",
        columns,
        (
            (run, one.name, place / BINS, (place + 1) / BINS, count, one.median)
            for run, found in runs.items()
            for one in found.settling()
            if one.known
            for place, count in enumerate(one.counts)
        ),
    )


def flips(runs: Named) -> Figure:
    """Problems on which two aggregators differ."""
    columns = ("run Run", "first Aggregator", "second Beside", "outcome Outcome", "problem Problem")
    return figure(
        "flips",
        columns,
        (
            (run, one.first, one.second, outcome, problem)
            for run, found in runs.items()
            for one in found.flips()
            for outcome, ids in (
                ("only the first is right", one.won),
                ("only the second is right", one.lost),
                ("neither" if found.scored else "differ", one.other),
            )
            for problem in ids
        ),
    )
