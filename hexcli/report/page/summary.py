"""What the report says first: the main numbers of each run, in a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hexcli.errors import plural
from hexcli.insight.findings import Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One run in a few numbers, each as text: (value, what it is, its interval or what it cost)."""

    run: str
    title: str
    numbers: tuple[tuple[str, str, str], ...]


def summary(runs: Mapping[str, Findings]) -> list[Headline]:
    """A headline a run, in their order."""
    return [
        Headline(
            run=name,
            title=f"{found.counted.task.name} · {found.counted.run.manifest.model}",
            numbers=tuple(_scored(found) if found.scored else _voted(found)),
        )
        for name, found in runs.items()
    ]


def _scored(found: Findings) -> list[tuple[str, str, str]]:
    rows = found.frame["rows"]
    best = next(row for row in rows if row["kind"] == "schedule" and row["name"] == found.frame["best_single"])
    vote = next((row for row in rows if row["name"] == "majority"), None)
    vote = vote or next((row for row in rows if row["kind"] == "aggregator"), None)
    oracle = next(row for row in rows if row["kind"] == "oracle")
    numbers = [(_percent(best), f"one vote of block {best['name']}, the best in hindsight", _interval(best))]
    if vote is not None:
        numbers.append((_percent(vote), f"{vote['name']} of {plural(vote['votes'], 'vote')}", _interval(vote)))
    numbers.append((_percent(oracle), "oracle: some vote is right", _interval(oracle)))
    return numbers


def _voted(found: Findings) -> list[tuple[str, str, str]]:
    rows = [row for row in found.frame["rows"] if row["name"] == "majority"]
    problems = len(found.counted.ballots)
    return [
        (
            f"{100 * row['agreement']:.1f} %",
            "of the votes cast agree with the majority",
            f"{plural(problems, 'problem')}",
        )
        for row in rows
    ]


def _percent(row: Mapping[str, Any]) -> str:
    return f"{100 * row['accuracy']:.1f} %"


def _interval(row: Mapping[str, Any]) -> str:
    low, high = row["ci95"]
    return f"{100 * low:.1f} to {100 * high:.1f}, {row['nfe_per_problem']:,.0f} NFE a problem"
