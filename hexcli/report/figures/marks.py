"""What the figures of costs share: kinds of marks, their key below the figure, and the axis of forward passes."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hexcli.report.figures.style import GREY, SMALL, bands, label, percent_axis, wide

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
    _log_axis(axes)
    axes.set_xlabel("forward passes a problem (NFE)")
    axes.set_ylabel("accuracy")
    axes.margins(*margins)
    percent_axis(axes)
    _legend(parts[1], meant, across)
    _write(parts[2], key, width)
    found.draw_without_rendering()
    axes.set_xlim(axes.get_xlim())
    axes.set_ylim(axes.get_ylim())
    return found, axes


def _log_axis(axes: "Axes") -> None:
    """1, 2 and 5 of each power of ten, as plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
