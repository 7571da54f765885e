"""Which schedules agree, rightly and wrongly, and who is right where the other is wrong."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.insight.pairs import Pair
from hexcli.report.figures.style import figure, heading, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = {"agree_right": "agree, right", "agree_wrong": "agree, wrong", "rescued": "row right,\ncolumn wrong"}


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """Three heat maps a run, in per cent of the problems. Raises UsageError where there are no two schedules."""
    found, panels = figure(width, height=len(runs) * width * 0.42, columns=3, rows=len(runs))
    for place, (name, findings) in enumerate(runs):
        names = list(findings.counted.names.values())
        pairs = {(one.first, one.second): one for one in findings.pairs()}
        if len(names) < 2 or not pairs:
            raise UsageError(f"{name} has one schedule: there is no pair to draw")
        for axes, (field, title) in zip(panels[3 * place : 3 * place + 3], PANELS.items(), strict=True):
            _heat(axes, names, pairs, field)
            heading(axes, width / 3, *([name] if len(runs) > 1 else []), *title.split("\n"))
    return found


def _heat(axes: "Axes", names: Sequence[str], pairs: Mapping[tuple[str, str], Pair], field: str) -> None:
    values = [
        [getattr(pairs[one, other], field) if (one, other) in pairs else float("nan") for other in names]
        for one in names
    ]
    known = [value for row in values for value in row if value == value]
    top = max(known, default=0.0) or 1.0
    axes.imshow(values, cmap="Greys", vmin=0, vmax=top * 1.15)
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if value == value:
                ink = "white" if value > 0.62 * top else "black"
                axes.text(column, row, f"{100 * value:.0f}", ha="center", va="center", color=ink, fontsize=5.5)
    axes.set_xticks(range(len(names)), [label(one, 10) for one in names], rotation=90)
    axes.set_yticks(range(len(names)), [label(one, 10) for one in names])
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
