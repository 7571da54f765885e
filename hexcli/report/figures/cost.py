"""Cost against accuracy: every way to answer that a run has, its Pareto front, and what is published on the task."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.cost import Point, front
from hexcli.insight.findings import Findings
from hexcli.insight.landmarks import landmarks
from hexcli.report.figures.beside import apart, named
from hexcli.report.figures.style import GREY, SMALL, bands, label, look, percent_axis, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

KINDS = {
    "schedule": ("one schedule", "o"),
    "aggregator": ("aggregator", "^"),
    "oracle": ("any vote right", "D"),
    "published": ("published", "*"),
}
_LINE = 0.12  # inches of a line of the key


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place in the figure, and what stands there: ways of one run that cost and score the same share a mark."""

    kind: str
    colour: str
    nfe: float
    accuracy: float
    names: Sequence[str]

    @property
    def said(self) -> str:
        more = len(self.names) - 3
        names = [label(name, 40).replace(" ", "\xa0") for name in self.names[:3]]  # each kept on one line
        return ", ".join(names) + (f" and\xa0{more}\xa0more" if more > 0 else "")


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """NFE a problem (forward passes) on a logarithmic axis; marks are numbered, and named below. Raises UsageError
    without targets."""
    all_points = []
    for name, findings in runs:
        points = [one for one in findings.points() if one.nfe > 0]
        if not points:
            raise UsageError(f"{name} has no targets, or no cost: there is nothing to draw")
        all_points.append(points)
    groups = [
        (label(name) if len(runs) > 1 else "", _marks(points, look(place)["color"]))
        for place, ((name, _), points) in enumerate(zip(runs, all_points, strict=True))
    ]
    tasks = {findings.counted.task.name for _, findings in runs}
    groups.append(("", [_published(mark.name, mark.source, mark.nfe, mark.accuracy) for task in tasks
                        for mark in landmarks(task)]))  # fmt: skip
    key = _key(groups, width)
    marks = [mark for _, group in groups for mark in group]
    entries = 2 + len({mark.kind for mark in marks}) + (len(runs) if len(runs) > 1 else 0)
    across = 2 if width < 5 else 4
    heights = [min(width * 0.75, 4.0), 0.16 * -(-entries // across) + 0.12, _LINE * len(key) + 0.1]
    found, parts = bands(width, [""], heights)
    axes = parts[0].subplots()
    for place, points in enumerate(all_points):
        _lines(axes, points, look(place)["color"])
    axes.plot([mark.nfe for mark in marks], [mark.accuracy for mark in marks], linestyle="none")  # for the limits
    _log_axis(axes)
    axes.set_xlabel("forward passes a problem (NFE)")
    axes.set_ylabel("accuracy")
    axes.margins(0.08)
    percent_axis(axes)
    _legend(parts[1], [label(name) for name, _ in runs] if len(runs) > 1 else [], marks, across)
    parts[2].text(0.1 / width, 1, "\n".join(key), fontsize=SMALL, va="top", linespacing=_LINE * 72 / SMALL / 1.17)
    found.draw_without_rendering()
    axes.set_xlim(axes.get_xlim())
    axes.set_ylim(axes.get_ylim())
    places = apart(axes, [(mark.nfe, mark.accuracy) for mark in marks])
    for mark, (x, y) in zip(marks, places, strict=True):
        face = "none" if mark.kind == "oracle" else mark.colour
        axes.plot([x], [y], KINDS[mark.kind][1], markersize=3.6, markerfacecolor=face, markeredgecolor=mark.colour,
                  markeredgewidth=0.7, clip_on=False, in_layout=False)  # fmt: skip
    named(axes, places, [(f"{number}", mark.colour) for number, mark in enumerate(marks, 1)])
    return found


def _marks(points: Sequence[Point], colour: str) -> list[_Mark]:
    found: dict[tuple[float, float], tuple[str, list[str]]] = {}
    for one in points:
        if one.kind in KINDS:
            said = f"block {one.name}" if one.kind == "schedule" else one.name
            found.setdefault((round(one.nfe, 6), one.accuracy), (one.kind, []))[1].append(said)
    return [_Mark(kind, colour, *place, names) for place, (kind, names) in found.items()]


def _published(name: str, source: str, nfe: float, accuracy: float) -> _Mark:
    return _Mark("published", GREY, nfe, accuracy, [f"{name} [{source}]"])


def _key(groups: Sequence[tuple[str, Sequence[_Mark]]], width: float) -> list[str]:
    """What each number is, in lines of the figure's width."""
    number, texts = 0, []
    for name, marks in groups:
        said = []
        for mark in marks:
            number += 1
            said.append(f"{number}:\xa0{mark.said}")
        if said:
            texts.append((f"{name}: " if name else "") + "; ".join(said))
    most = max(int(1.4 * width / wide("n", SMALL)), 10)
    for room in range(most, 9, -1):
        lines = [
            line.replace("\xa0", " ") for text in texts for line in textwrap.wrap(text, room, break_on_hyphens=False)
        ]
        if all(wide(line, SMALL) <= width - 0.2 for line in lines):
            break
    return lines


def _lines(axes: "Axes", points: Sequence[Point], colour: str) -> None:
    """The Pareto front, and the majority of 2, 3, ... votes."""
    best = front(points, "nfe")
    axes.plot([one.nfe for one in best], [one.accuracy for one in best], color=colour, linewidth=0.8, zorder=1)
    whole = [one for one in points if one.kind == "aggregator" and one.name == "majority"]
    fewer = [*(one for one in points if one.kind == "votes"), *whole]
    axes.plot([one.nfe for one in fewer], [one.accuracy for one in fewer], ":", color=colour, linewidth=0.8, zorder=1)


def _legend(part: "SubFigure", runs: Sequence[str], marks: Sequence[_Mark], across: int) -> None:
    from matplotlib.lines import Line2D

    ink = GREY if runs else look(0)["color"]
    handles = [Line2D([], [], color=look(place)["color"], linewidth=3, label=run) for place, run in enumerate(runs)]
    for kind, (meaning, marker) in KINDS.items():
        if any(mark.kind == kind for mark in marks):
            own = GREY if kind == "published" else ink
            face = "none" if kind == "oracle" else own
            handles.append(Line2D([], [], color=own, marker=marker, markerfacecolor=face, linestyle="", label=meaning))
    handles.append(Line2D([], [], color=ink, linewidth=0.8, label="Pareto front"))
    handles.append(Line2D([], [], color=ink, linewidth=0.8, linestyle=":", label="majority of fewer"))
    part.legend(handles=handles, loc="center", ncols=across, fontsize=SMALL, columnspacing=1, handlelength=2)


def _log_axis(axes: "Axes") -> None:
    """1, 2 and 5 of each power of ten, as plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
