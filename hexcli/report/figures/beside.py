"""Marks and their numbers stand beside each other, never on each other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from hexcli.report.figures.style import wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARK, _SIZE = 5.0, 5.5  # points: of a mark with its edge, and of a number
_AROUND = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)]


def apart(axes: "Axes", places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Places of marks in data, those that would cover another moved aside by as little as shows both. The axes must
    have their final limits and size."""
    taken: list[tuple[float, float]] = []
    for place in places:
        x, y = _points(axes, place)
        steps = sorted(range(-len(places), len(places) + 1), key=abs)
        free = [x + _MARK * step for step in steps if not _covers((x + _MARK * step, y), taken)]
        taken.append((free[0] if free else x, y))
    scale, back = axes.figure.dpi / 72, axes.transData.inverted()
    found = [back.transform((x * scale, y * scale)) for x, y in taken]
    return [(float(x), float(y)) for x, y in found]


def named(axes: "Axes", places: Sequence[tuple[float, float]], names: Sequence[tuple[str, str]]) -> None:
    """Each mark's name (and its colour) where it covers no mark, line or other name and leaves neither the figure nor
    the axes towards their numbers: as near as there is room. A mark with the name "" has none."""
    marks = [_points(axes, place) for place in places]
    room = _room(axes)
    boxes = [*((x, y, _MARK, _MARK) for x, y in marks), *((x, y, 1.0, 1.0) for x, y in _on_lines(axes))]
    for (x, y), place, (name, colour) in zip(marks, places, names, strict=True):
        if not name:
            continue
        size = (72 * wide(name, _SIZE) + 1, _SIZE + 0.5)
        spots = [
            (across * (far + size[0] / 2), up * (far + size[1] / 2))
            for far in range(3, 40, 2)
            for across, up in _AROUND
        ]
        boxed = [(one, (x + one[0], y + one[1], *size)) for one in spots]
        inside = [(one, box) for one, box in boxed if _within(box, room)] or boxed
        spot = next((one for one, box in inside if not _met(box, boxes)), inside[0][0])
        boxes.append((x + spot[0], y + spot[1], *size))
        far = max(abs(spot[0]) - size[0] / 2, abs(spot[1]) - size[1] / 2) > 5
        leader = {"arrowstyle": "-", "linewidth": 0.3, "color": colour, "shrinkA": 0, "shrinkB": 2}
        axes.annotate(
            name, place, xytext=spot, textcoords="offset points", ha="center", va="center", fontsize=_SIZE,
            color=colour, annotation_clip=False,
            arrowprops=leader if far else None,
        ).set_in_layout(False)  # fmt: skip


def _points(axes: "Axes", place: tuple[float, float]) -> tuple[float, float]:
    x, y = axes.transData.transform(place)
    return float(x) * 72 / axes.figure.dpi, float(y) * 72 / axes.figure.dpi


def _on_lines(axes: "Axes") -> list[tuple[float, float]]:
    """Points along the lines of the axes, close enough that no number fits between two."""
    import numpy as np

    found = []
    for line in axes.lines:
        if line.get_linestyle() == "None":
            continue
        places: list[tuple[float, float]] = np.asarray(line.get_xydata(), dtype=float).tolist()
        ends = [_points(axes, place) for place in places]
        for (x, y), (u, v) in pairwise(ends):
            parts = int(max(abs(u - x), abs(v - y)) / 2) + 1
            found += [(x + (u - x) * part / parts, y + (v - y) * part / parts) for part in range(parts + 1)]
    return found


def _room(axes: "Axes") -> tuple[float, float, float, float]:
    """Where names may stand: left, bottom, right, top, in points; above and right of the axes, too."""
    scale, figure = 72 / axes.figure.dpi, axes.figure.bbox
    return axes.bbox.x0 * scale, axes.bbox.y0 * scale, figure.x1 * scale, figure.y1 * scale


def _within(box: tuple[float, float, float, float], room: tuple[float, float, float, float]) -> bool:
    x, y, across, high = box
    left, bottom, right, top = room
    return left <= x - across / 2 and x + across / 2 <= right and bottom <= y - high / 2 and y + high / 2 <= top


def _covers(place: tuple[float, float], taken: Sequence[tuple[float, float]]) -> bool:
    return any(abs(place[0] - x) < _MARK - 0.01 and abs(place[1] - y) < _MARK - 0.01 for x, y in taken)


def _met(box: tuple[float, float, float, float], boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    x, y, across, high = box
    return any(abs(x - u) < (across + w) / 2 and abs(y - v) < (high + h) / 2 for u, v, w, h in boxes)
