"""What the figures of costs share: kinds of marks, their key below the figure, and the axis of forward passes."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from hexcli.insight.cost import Point
from hexcli.insight.findings import Findings
from hexcli.insight.landmarks import landmarks, of_the_dataset
from hexcli.report.figures.style import GREY, SMALL, bands, label, percent_axis, problems_of, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.lines import Line2D

KINDS = {
    "schedule": ("one schedule", "o"),
    "aggregator": ("aggregator", "^"),
    "oracle": ("any vote right", "D"),
    "published": ("published", "*"),
}
LINE = 0.12  # inches of a line of the key
# Numbers of each power of ten that may be named on an axis, the fewest first, and how many have to be.
_STEPS = ((1,), (1, 2, 5), (1, 2, 3, 5, 7), (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9))
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the figure, and what stands there: ways of one run that cost and score the same share a mark."""

    kind: str
    colour: str
    nfe: float
    accuracy: float
    names: Sequence[str]

    @property
    def said(self) -> str:
        """The first of its names, each kept on one line, and how many more there are."""
        more = len(self.names) - 3
        names = [label(name, 40).replace(" ", "\xa0") for name in self.names[:3]]
        return ", ".join(names) + (f" and\xa0{more}\xa0more" if more > 0 else "")


def published(name: str, source: str, nfe: float, accuracy: float) -> Mark:
    """What others measured, with where that is said."""
    return Mark("published", GREY, nfe, accuracy, [f"{name} [{source}]"])


def put(axes: "Axes", mark: Mark, place: tuple[float, float]) -> None:
    """Draw a mark at a place, which may be beside its own where another mark stands there."""
    face = "none" if mark.kind == "oracle" else mark.colour
    axes.plot([place[0]], [place[1]], KINDS[mark.kind][1], markersize=3.6, markerfacecolor=face,
              markeredgecolor=mark.colour, markeredgewidth=0.7, clip_on=False, in_layout=False)  # fmt: skip


def handles(kinds: Sequence[str], ink: str, **called: str) -> "list[Line2D]":
    """A mark of each kind that there is, in this colour; `called`: kinds that are named otherwise than in KINDS."""
    from matplotlib.lines import Line2D

    found = []
    for kind, (meaning, marker) in KINDS.items():
        if kind in kinds:
            own = GREY if kind == "published" else ink
            face = "none" if kind == "oracle" else own
            said = called.get(kind, meaning)
            found.append(Line2D([], [], color=own, marker=marker, markerfacecolor=face, linestyle="", label=said))
    return found


def _legend(part: "SubFigure", found: "Sequence[Line2D]", across: int) -> None:
    """What marks and lines mean, in a band of its own."""
    part.legend(handles=found, loc="center", ncols=across, fontsize=SMALL, columnspacing=1, handlelength=2)


def folded(texts: Sequence[str], width: float) -> list[str]:
    """Texts in lines of the figure's width; what is joined by a no-break space stays on one."""
    most = max(int(1.4 * width / wide("n", SMALL)), 10)
    for room in range(most, 9, -1):
        lines = [
            line.replace("\xa0", " ") for text in texts for line in textwrap.wrap(text, room, break_on_hyphens=False)
        ]
        if all(wide(line, SMALL) <= width - 0.2 for line in lines):
            break
    return lines


def _write(part: "SubFigure", key: Sequence[str], width: float) -> None:
    """The key, in a band of its own."""
    part.text(0.1 / width, 1, "\n".join(key), fontsize=SMALL, va="top", linespacing=LINE * 72 / SMALL / 1.17)


def plane(
    spots: Sequence[tuple[float, float]], meant: "Sequence[Line2D]", key: Sequence[str],
    *, width: float, high: float, margins: tuple[float, float],
) -> "tuple[Figure, Axes]":  # fmt: skip
    """The axes of forward passes and accuracy, so wide that all `spots` are in them, and fixed; what marks mean, and
    the key, are in bands below. `high`: inches of the axes; `margins`: of each axis, shares of it."""
    across = 2 if width < 5 else 4
    found, parts = bands(width, [""], [high, 0.16 * -(-len(meant) // across) + 0.12, LINE * len(key) + 0.1])
    axes = parts[0].subplots()
    axes.plot([nfe for nfe, _ in spots], [accuracy for _, accuracy in spots], linestyle="none")  # for the limits
    axes.set_xscale("log")
    axes.set_xlabel("forward passes a problem (NFE, log scale)")
    axes.set_ylabel("accuracy")
    axes.margins(*margins)
    percent_axis(axes)
    _log_axis(axes)
    _legend(parts[1], meant, across)
    _write(parts[2], key, width)
    found.draw_without_rendering()
    axes.set_xlim(axes.get_xlim())
    axes.set_ylim(axes.get_ylim())
    return found, axes


def climb(axes: "Axes", best: Sequence[Point], ink: str, dashes: str) -> None:
    """The Pareto front as what is not beaten: level from each point to the next dearer one, and to the edge. The axes
    must have their final limits."""
    ends = [*(one.nfe for one in best[1:]), axes.get_xlim()[1]]
    places = [(nfe, one.accuracy) for one, end in zip(best, ends, strict=True) for nfe in (one.nfe, end)]
    axes.plot([nfe for nfe, _ in places], [accuracy for _, accuracy in places],
              dashes, color=ink, linewidth=0.8, zorder=1)  # fmt: skip


def sure(runs: Iterable[Findings]) -> str:
    """Of how many problems the accuracies are, and how far the 95 % interval of one reaches at most."""
    found = list(runs)
    points = [one for findings in found for one in findings.points() if one.ci95]
    far = max(max(one.ci95[1] - one.accuracy, one.accuracy - one.ci95[0]) for one in points if one.ci95)
    problems = problems_of(len(findings.labelled.ballots) for findings in found)
    return f"{problems}: 95 % intervals (Wilson) reach up to {100 * far:.0f} points".replace(" ", "\xa0")


def doubted(runs: Iterable[Findings]) -> list[str]:
    """That published results may be of other problems than these; nothing where these are the task's own."""
    unsure: dict[str, list[int]] = {}
    for one in runs:
        if landmarks(task := one.counted.task.name) and not of_the_dataset(one.counted):
            unsure.setdefault(task, []).append(len(one.labelled.ballots))
    return [
        f"published results are of {task}; these {problems_of(numbers)}, from a file, are not known to be {task}'s"
        for task, numbers in unsure.items()
    ]


def _log_axis(axes: "Axes") -> None:
    """As few round numbers as name four places, plain; small ticks between them show that the scale is logarithmic."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter

    low, high = axes.get_xlim()
    for steps in _STEPS:
        powers = range(floor(log10(low)), ceil(log10(high)) + 1)
        places = [one for power in powers for step in steps if low <= (one := step * 10.0**power) <= high]
        if len(places) >= _TICKS:
            break
    else:
        places = [one for one in MaxNLocator(_TICKS + 1).tick_values(low, high) if low <= one <= high]
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(LogLocator(base=10, subs=range(1, 10)))
    axes.xaxis.set_minor_formatter(NullFormatter())
