"""Cost against accuracy of several runs: of each the best schedule and its vote, joined; and what none beats."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.insight.cost import Point, front
from hexcli.insight.findings import Findings
from hexcli.insight.landmarks import landmarks
from hexcli.report.figures.beside import apart, named
from hexcli.report.figures.marks import Mark, climb, doubted, folded, handles, plane, published, put, sure
from hexcli.report.figures.style import GREY, label, look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NUMBERED = 12  # runs whose votes are all numbered: of more, those on the front, and the others are pale
_PALE = "#c4c4c4"
_VOTES = 3  # aggregators of a run that are all drawn: of more, majority alone


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """NFE a problem on a logarithmic axis. A run's number stands at its votes, and its schedule is at the other end of
    their line. Votes are majority, or the aggregators that the findings are of where these are few."""
    from matplotlib.lines import Line2D

    points = [_points(findings) for _, findings in runs]
    best = front([point for own in points for point in own], "nfe")
    drawn = _drawn(points, set(map(id, best)))
    shown = [mark for _, votes in drawn for mark in votes if mark.colour != _PALE]
    tasks = {findings.counted.task.name for _, findings in runs}
    known = [published(one.name, one.source, one.nfe, one.accuracy) for task in tasks for one in landmarks(task)]
    numbers = {id(mark): f"{number}" for number, mark in enumerate([*shown, *known], 1)}
    told_of = [findings for _, findings in runs]
    key = folded([*_key(runs, drawn, numbers, known), sure(told_of), *doubted(told_of)], width)
    kinds = ["schedule", "aggregator", *(["published"] if known else [])]
    vote = {name for _, votes in drawn for mark in votes for name in mark.names}
    lines = handles(kinds, GREY, schedule="best schedule, in hindsight",
                    aggregator="majority" if vote == {"majority"} else "aggregator")  # fmt: skip
    lines.append(Line2D([], [], color=GREY, linewidth=0.8, linestyle="--", label="Pareto front of these"))
    lines.append(Line2D([], [], color=GREY, linewidth=0.5, label="the same run"))
    marks = [mark for single, votes in drawn for mark in (single, *votes)] + known
    spots = [(mark.nfe, mark.accuracy) for mark in marks]
    high = min(width * (0.75 + 0.03 * max(len(runs) - 4, 0)), 5.0)
    margins = (0.1 if len(runs) <= _NUMBERED else 0.25, 0.1)  # room for marks that are moved aside
    found, axes = plane(spots, lines, key, width=width, high=high, margins=margins)
    climb(axes, best, GREY, "--")
    places = dict(zip(map(id, marks), apart(axes, spots), strict=True))
    for single, votes in drawn:
        for mark in votes:
            ends = [places[id(single)], places[id(mark)]]
            axes.plot([x for x, _ in ends], [y for _, y in ends], color=mark.colour, linewidth=0.5, alpha=0.5, zorder=1)
    for mark in marks:
        put(axes, mark, places[id(mark)])
    told = [(numbers.get(id(mark), ""), mark.colour) for mark in marks]
    named(axes, list(places.values()), told)
    return found


def _points(findings: Findings) -> list[Point]:
    """A run's best schedule, and its votes."""
    points = [one for one in findings.points() if one.nfe > 0]
    best = [one for one in points if one.kind == "schedule" and one.name == findings.frame["best_single"]]
    votes = [one for one in points if one.kind == "aggregator"]
    return [*best, *(one for one in votes if len(votes) <= _VOTES or one.name == "majority")]


def _drawn(points: Sequence[Sequence[Point]], held: set[int]) -> list[tuple[Mark, list[Mark]]]:
    """Of each run the mark of its schedule and those of its votes; of many runs those off the front are pale."""
    found = []
    for place, (single, *votes) in enumerate(points):
        on = len(points) <= _NUMBERED or any(id(one) in held for one in votes)
        colour = look(place)["color"] if on else _PALE
        alike: dict[tuple[float, float], list[str]] = {}
        for one in votes:
            alike.setdefault((one.nfe, one.accuracy), []).append(one.name)
        marks = [Mark("aggregator", colour, *spot, names) for spot, names in alike.items()]
        found.append((Mark("schedule", colour, single.nfe, single.accuracy, [f"block {single.name}"]), marks))
    return found


def _key(
    runs: Sequence[tuple[str, Findings]],
    drawn: Sequence[tuple[Mark, list[Mark]]],
    numbers: dict[int, str],
    known: Sequence[Mark],
) -> list[str]:
    """What each number is: a run with its best schedule and, where they differ, how many problems it is of."""
    uneven = len({findings.frame["problems"] for _, findings in runs}) > 1
    said = []
    for (name, findings), (single, votes) in zip(runs, drawn, strict=True):
        for mark in votes:
            if id(mark) in numbers:
                vote = "" if list(mark.names) == ["majority"] else f"{mark.said}, "
                problems = f", n {findings.frame['problems']}" if uneven else ""
                said.append(f"{numbers[id(mark)]}: {label(name)} ({vote}best: {single.said}{problems})")
    unnamed = sum(id(mark) not in numbers for _, votes in drawn for mark in votes)
    rest = [f"pale: {unnamed} more, no better than these"] if unnamed else []
    others = "; ".join(f"{numbers[id(mark)]}:\xa0{mark.said}" for mark in known)
    return [*said, *rest, *([others] if others else [])]
