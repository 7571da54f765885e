"""Cost against accuracy: every way to answer that a run has, its Pareto front, and what is published on the task.

Of several runs, whose ways would cover each other, `sweep` draws what is compared: the best schedule and the vote.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.cost import Point, front
from hexcli.insight.findings import Findings
from hexcli.insight.landmarks import landmarks
from hexcli.report.figures import sweep
from hexcli.report.figures.beside import apart, named
from hexcli.report.figures.marks import KINDS, Mark, climb, doubted, folded, handles, plane, published, put, sure
from hexcli.report.figures.style import look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """NFE a problem (forward passes) on a logarithmic axis; marks are numbered, and named below. Raises UsageError
    without targets."""
    for _, findings in runs:
        if not any(one.nfe > 0 for one in findings.points()):
            lacks = (
                "cost: its files do not tell NFE"
                if findings.scored
                else "targets: there is no accuracy to draw, but agreement"
            )
            raise UsageError(f"{findings.counted.run.name} has no {lacks}")
    if len(runs) > 1:
        return sweep.draw(runs, width)
    ((_, findings),) = runs
    points = [one for one in findings.points() if one.nfe > 0]
    colour = look(0)["color"]
    known = landmarks(findings.counted.task.name)
    groups = [_marks(points, colour), [published(one.name, one.source, one.nfe, one.accuracy) for one in known]]
    marks = [mark for group in groups for mark in group]
    key = folded([*_key(groups), sure([findings]), *doubted([findings])], width)
    spots = [(one.nfe, one.accuracy) for one in points] + [(mark.nfe, mark.accuracy) for mark in groups[1]]
    high = min(width * 0.75, 4.0)
    found, axes = plane(spots, _meant(marks, points, colour), key, width=width, high=high, margins=(0.08, 0.08))
    _lines(axes, points, colour)
    places = apart(axes, [(mark.nfe, mark.accuracy) for mark in marks])
    for mark, place in zip(marks, places, strict=True):
        put(axes, mark, place)
    named(axes, places, [(f"{number}", mark.colour) for number, mark in enumerate(marks, 1)])
    return found


def _marks(points: Sequence[Point], colour: str) -> list[Mark]:
    """Ways of the same cost and accuracy share a mark, with none the oracle, which is no way to answer."""
    found: dict[tuple[bool, float, float], tuple[str, list[str]]] = {}
    for one in points:
        if one.kind in KINDS:
            said = f"block {one.name}" if one.kind == "schedule" else one.name
            place = (one.kind == "oracle", round(one.nfe, 6), one.accuracy)
            found.setdefault(place, (one.kind, []))[1].append(said)
    return [Mark(kind, colour, nfe, accuracy, names) for (_, nfe, accuracy), (kind, names) in found.items()]


def _key(groups: Sequence[Sequence[Mark]]) -> list[str]:
    """What each number is: of the run, then of what is published."""
    number, texts = 0, []
    for marks in groups:
        said = [f"{place}:\xa0{mark.said}" for place, mark in enumerate(marks, number + 1)]
        number += len(marks)
        texts += ["; ".join(said)] if said else []
    return texts


def _lines(axes: "Axes", points: Sequence[Point], colour: str) -> None:
    """The Pareto front, and the majority of 2, 3, ... votes."""
    climb(axes, front(points, "nfe"), colour, "-")
    whole = [one for one in points if one.kind == "aggregator" and one.name == "majority"]
    fewer = [*(one for one in points if one.kind == "votes"), *whole]
    axes.plot([one.nfe for one in fewer], [one.accuracy for one in fewer], ":", color=colour, linewidth=0.8, zorder=1)


def _meant(marks: Sequence[Mark], points: Sequence[Point], ink: str) -> "list[Line2D]":
    from matplotlib.lines import Line2D

    fewer = [Line2D([], [], color=ink, linewidth=0.8, linestyle=":", label="majority of 2, 3, ... votes")]
    return [
        *handles([mark.kind for mark in marks], ink),
        Line2D([], [], color=ink, linewidth=0.8, label="Pareto front"),
        *(fewer if any(one.kind == "votes" for one in points) else []),
    ]
