"""The numbers behind a figure, for `hex plot FIGURE --json`."""

import dataclasses
from typing import Any

from hexcli.insight.cost import front
from hexcli.insight.findings import Findings


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
