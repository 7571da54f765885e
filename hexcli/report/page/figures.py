"""The figures of a report as tables: what is drawn, shown as a table and downloaded are the same rows."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.insight.beside import beside
from hexcli.insight.cost import COSTS, front
from hexcli.insight.findings import Findings
from hexcli.insight.landmarks import landmarks
from hexcli.insight.settling import BINS

Named = Mapping[str, Findings]  # the runs of a report by what it calls them


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure's data. `columns` are (key, label, form): text, share (0 to 1), points (a difference of shares), count,
    number or p. `rows` have a value a column, None where it is not known."""

    id: str
    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[Any, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """As the page's scripts read it."""
        return {"id": self.id, "columns": self.columns, "rows": self.rows}


def figures(runs: Named) -> list[Figure]:
    """Every figure that the runs have data for; the others are empty."""
    makers = (accuracy, differences, blocks, votes, costs, pairs, alone, categories, commits, settled, flips, compared)
    return [make(runs) for make in makers]


def _columns(*columns: str) -> tuple[tuple[str, str, str], ...]:
    """Columns written `key:form Label`."""
    found = []
    for column in columns:
        head, _, label = column.partition(" ")
        key, _, form = head.partition(":")
        found.append((key, label or key, form or "text"))
    return tuple(found)


def _figure(name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> Figure:
    return Figure(id=name, columns=_columns(*columns), rows=tuple(rows))


_INTERVAL = ("low:share 95 % from", "high:share to")


def accuracy(runs: Named) -> Figure:
    """Every schedule, aggregator and the oracle."""
    columns = (
        "run Run", "kind Kind", "name Name", "accuracy:share Accuracy", *_INTERVAL, "correct:number Correct",
        "problems:count Problems", "answered:share Answered", "ties:share Ties", "votes:count Votes",
        "nfe:number NFE/problem", "tokens:number Tokens/problem", "partial Partial",
    )  # fmt: skip
    return _figure(
        "accuracy",
        columns,
        (
            (run, row["kind"], row["name"], row["accuracy"], *row["ci95"], row["correct"], len(found.labelled.ballots),
             1 - row["abstention_rate"], row["tie_rate"] if row["kind"] == "aggregator" else None, row["votes"],
             row["nfe_per_problem"], row["tokens_per_problem"] or None, "partial" if row.get("partial") else "")
            for run, found in runs.items() if found.scored for row in found.frame["rows"]
        ),
    )  # fmt: skip


def differences(runs: Named) -> Figure:
    """Aggregators beside the best single schedule and majority, problem by problem."""
    columns = (
        "run Run", "name Aggregator", "rival Beside", "rival_name Which is", "difference:points Points more",
        "low:points 95 % from", "high:points to", "won:count Won", "lost:count Lost", "p:p p",
    )  # fmt: skip
    return _figure(
        "differences",
        columns,
        (
            (run, row["name"], one["rival"], one["name"], one["difference"], *one["ci95"], one["won"], one["lost"],
             one["p_value"])
            for run, found in runs.items() if found.scored
            for row in found.frame["rows"] for one in row.get("versus", ())
        ),
    )  # fmt: skip


def blocks(runs: Named) -> Figure:
    """Accuracy by block length, and how often the end is committed early."""
    columns = (
        "run Run", "schedule Schedule", "length:number Block length", "gen_length:count Canvas",
        "temperature:number Temperature", "accuracy:share Accuracy", *_INTERVAL, "early:share Ends early",
        "early_low:share 95 % from", "early_high:share to", "known:count Generations that tell",
    )  # fmt: skip
    return _figure(
        "blocks",
        columns,
        (
            (run, one.name, one.length, one.gen_length, one.temperature, one.accuracy, *(one.ci95 or (None, None)),
             one.early_rate, *(one.early95 if one.known else (None, None)), one.known)
            for run, found in runs.items() for one in found.blocks()
        ),
    )  # fmt: skip


def votes(runs: Named) -> Figure:
    """What more votes buy."""
    columns = (
        "run Run",
        "method Method",
        "votes:count Votes",
        "accuracy:share Accuracy",
        "sd:share Standard deviation",
    )
    return _figure(
        "votes",
        columns,
        (
            (run, method, place["votes"], place["accuracy"], place.get("sd"))
            for run, found in runs.items()
            if found.scored
            for method, curve in found.frame["curves"].items()
            for place in curve
        ),
    )


def costs(runs: Named) -> Figure:
    """Cost against accuracy, with the Pareto front of each run, and what is published on its task."""
    columns = (
        "task Task", "run Run", "kind Kind", "name Name", "votes:count Votes", "accuracy:share Accuracy", *_INTERVAL,
        "nfe:number NFE/problem", "tokens:number Tokens/problem", "seconds:number Seconds/problem",
        "front_nfe Front by NFE", "front_tokens by tokens", "front_seconds by seconds", "source Source",
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for run, found in runs.items():
        points = found.points()
        fronts = [front(points, cost) for cost in COSTS]
        for one in points:
            on_front = ("yes" if one in kept else "" for kept in fronts)
            costs = (one.nfe, one.tokens, one.seconds)
            interval = one.ci95 or (None, None)
            about = (found.counted.task.name, run, one.kind, one.name, one.votes)
            rows.append((*about, one.accuracy, *interval, *costs, *on_front, None))
    for task in dict.fromkeys(found.counted.task.name for found in runs.values() if found.scored):
        for mark in landmarks(task):
            source = f"arXiv {mark.source}"
            about = (task, "published", "published", mark.name, None, mark.accuracy, None, None)
            rows.append((*about, mark.nfe, None, None, "", "", "", source))
    return _figure("costs", columns, rows)


def pairs(runs: Named) -> Figure:
    """How often two schedules agree, and who rescues whom."""
    columns = (
        "run Run", "first Schedule", "second Beside",
        "agree_right:share Agree, right", "agree_wrong:share Agree, wrong",
        "rescued:share Right where the other is not", "problems:count Problems",
    )  # fmt: skip
    return _figure(
        "pairs",
        columns,
        (
            (run, one.first, one.second, one.agree_right, one.agree_wrong, one.rescued, one.problems)
            for run, found in runs.items()
            if found.scored
            for one in found.pairs()
        ),
    )


def alone(runs: Named) -> Figure:
    """Problems that one schedule alone has right."""
    columns = ("run Run", "schedule Schedule", "right:count Some vote right", "alone:count Alone right", "ids Problems")
    return _figure(
        "alone",
        columns,
        (
            (run, one.name, one.right, len(one.alone), " ".join(one.alone))
            for run, found in runs.items()
            if found.scored
            for one in found.alone()
        ),
    )


def categories(runs: Named) -> Figure:
    """Accuracy by category, of schedules, aggregators and oracle."""
    columns = (
        "run Run", "category Category", "problems:count Problems", "kind Kind", "name Name", "accuracy:share Accuracy",
        *_INTERVAL,
    )  # fmt: skip
    return _figure(
        "categories",
        columns,
        (
            (run, category, part["problems"], row["kind"], row["name"], part["accuracy"], *part["ci95"])
            for run, found in runs.items() if found.scored
            for row in found.frame["rows"] for category, part in row.get("categories", {}).items()
        ),
    )  # fmt: skip


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
    return _figure("commits", columns, rows)


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
    return _figure(
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
    return _figure(
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


def compared(runs: Named) -> Figure:
    """Every two runs of a task, on the problems that both have."""
    columns = (
        "first Run", "second Beside", "kind Kind", "name Name", "problems:count Common problems",
        "first_accuracy:share Accuracy", "second_accuracy:share Beside", "difference:points Points more",
        "low:points 95 % from", "high:points to", "won:count Won", "lost:count Lost", "p:p p",
    )  # fmt: skip
    names = list(runs)
    return _figure(
        "compared",
        columns,
        (
            (one, other, row.kind, row.name, row.problems, row.first, row.second, row.difference, *row.ci95, row.won,
             row.lost, row.p_value)
            for place, one in enumerate(names) for other in names[place + 1 :]
            for row in beside(runs[one], runs[other])
        ),
    )  # fmt: skip
