"""The numbers behind a figure, for `hex plot FIGURE --json` and `--format csv`."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hexcli.insight.cost import front
from hexcli.insight.findings import Findings
from hexcli.insight.landmarks import landmarks
from hexcli.report.comma import csv_text


def data_of(figure: str, findings: Findings) -> Any:
    """What the figure shows of a run, as JSON values. `figure`: one of drawing.FIGURES."""
    if figure == "votes":
        return findings.frame.get("curves")
    if figure == "cost":
        points = findings.points()
        best = front(points, "nfe")
        return [{**dataclasses.asdict(point), "on_front": point in best} for point in points]
    records: dict[str, Any] = {
        "blocks": findings.blocks,
        "agreement": findings.pairs,
        "commits": findings.commits,
        "settling": findings.settling,
    }
    return [dataclasses.asdict(record) for record in records[figure]()]


def published(task: str) -> list[dict[str, Any]]:
    """What the figure `cost` shows beside runs of a task: results of others, each with its source."""
    return [
        {
            "kind": "published",
            "name": one.name,
            "accuracy": one.accuracy,
            "nfe": one.nfe,
            "source": f"arXiv:{one.source}",
        }
        for one in landmarks(task)
    ]


def comma_separated(figure: str, runs: Sequence[tuple[str, Findings]]) -> str:
    """The same as CSV, a line a place of the figure with the run's name in front: shares from 0 to 1, counts of
    `commits` and `settling` a line a cell; of `cost` what is published, once, with no run.
    Columns are those of any line; nothing where there is none."""
    lines = [{"run": name, **line} for name, findings in runs for line in _lines(figure, data_of(figure, findings))]
    if figure == "cost" and lines:
        tasks = dict.fromkeys(findings.counted.task.name for _, findings in runs)
        lines += [{"run": "", **one} for task in tasks for one in published(task)]
    if not lines:
        return ""
    columns = list(dict.fromkeys(name for line in lines for name in line))
    return csv_text([columns, *([line.get(name) for name in columns] for line in lines)])


def _lines(figure: str, data: Any) -> Iterator[dict[str, Any]]:
    if figure == "votes":
        yield from ({"curve": curve, **one} for curve, places in (data or {}).items() for one in places)
    elif figure == "commits":
        for one in data:
            for position, row in enumerate(one["counts"]):
                for step, tokens in enumerate(row):
                    yield {"name": one["name"], **_bin("position", position, len(one["counts"]), one["gen_length"]),
                           **_bin("step", step, len(row), one["steps"]), "tokens": tokens}  # fmt: skip
    elif figure == "settling":
        for one in data:
            for place, generations in enumerate(one["counts"]):
                share = _bin("share", place, len(one["counts"]), 1)
                yield {"name": one["name"], "median": one["median"], **share, "generations": generations}
    else:
        yield from (_flat(one) for one in data)


def _bin(name: str, place: int, bins: int, whole: float) -> dict[str, float]:
    return {f"{name}_from": place * whole / bins, f"{name}_to": (place + 1) * whole / bins}


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """An interval as two columns."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if name in ("ci95", "early95"):
            low, high = value or (None, None)
            found |= {f"{name}_low": low, f"{name}_high": high}
        else:
            found[name] = value
    return found
