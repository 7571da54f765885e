"""Cost against accuracy: every way to answer that a run has, its Pareto front, and what is published on the task."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.cost import Point, front
from hexcli.insight.findings import Findings
from hexcli.insight.landmarks import landmarks
from hexcli.report.figures.style import GREY, MARKERS, figure, label, legend, look, percent_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = {
    "schedule": "one schedule",
    "votes": "majority of fewer",
    "aggregator": "aggregator",
    "oracle": "any vote right",
}


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """NFE a problem (forward passes) on a logarithmic axis. Raises UsageError without targets."""
    found, (axes,) = figure(width, height=width * 0.8)
    for place, (name, findings) in enumerate(runs):
        points = [one for one in findings.points() if one.nfe > 0]
        if not points:
            raise UsageError(f"{name} has no targets, or no cost: there is nothing to draw")
        _scatter(axes, points, place, name if len(runs) > 1 else "")
        best = front(points, "nfe")
        axes.plot(
            [one.nfe for one in best], [one.accuracy for one in best], color=look(place)["color"], linewidth=1, zorder=1
        )
    for task in {findings.counted.task.name for _, findings in runs}:
        _published(axes, task)
    _log_axis(axes)
    axes.set_xlabel("forward passes a problem (NFE)")
    axes.set_ylabel("accuracy")
    percent_axis(axes)
    legend(found, axes)
    return found


def _log_axis(axes: "Axes") -> None:
    """1, 2 and 5 of each power of ten, as plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _scatter(axes: "Axes", points: Sequence[Point], place: int, name: str) -> None:
    for shape, (kind, meaning) in enumerate(KINDS.items()):
        own = [one for one in points if one.kind == kind]
        if own:
            said = f"{label(name)}: {meaning}" if name else meaning
            axes.scatter(
                [one.nfe for one in own],
                [one.accuracy for one in own],
                marker=MARKERS[shape],
                s=10 if kind == "votes" else 18,
                facecolors="none" if kind == "oracle" else look(place)["color"],
                edgecolors=look(place)["color"],
                linewidths=0.7,
                label=said if place == 0 or name else None,
                zorder=2,
            )


def _published(axes: "Axes", task: str) -> None:
    for number, mark in enumerate(landmarks(task)):
        axes.scatter(
            [mark.nfe],
            [mark.accuracy],
            marker="*",
            s=26,
            color=GREY,
            zorder=3,
            label="published" if number == 0 else None,
        )
        axes.annotate(
            f"{mark.name} [{mark.source}]",
            (mark.nfe, mark.accuracy),
            fontsize=4.5,
            color=GREY,
            xytext=(3, 2),
            textcoords="offset points",
        )
