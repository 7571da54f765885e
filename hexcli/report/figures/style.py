"""What all figures share: widths of a paper's columns, fonts, and lines that are told apart in grey too."""

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hexcli.errors import HexError, UsageError
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches: a column and a page's text in the two-column styles of the field (ICML 3.25 and 6.75, ACL 3.03 and 6.3).
WIDTHS = {"column": 3.25, "page": 6.75}
# Okabe and Ito's colours, ordered so that neighbours differ in lightness too.
COLOURS = ("#0072b2", "#e69f00", "#000000", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", "--", "-.", ":")
GREY = "#7a7a7a"
# Points of a panel's title where several stand side by side, and inches that it has for a letter: 0.055 on average, and
# a fifth more, since axes stand closer than their panels.
TITLE, LETTER = 6.5, 0.066
_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "legend.fontsize": 7,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.2,
    "lines.markersize": 4,
    "errorbar.capsize": 2,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "pdf.fonttype": 42,  # letters, not outlines: a paper's text can be searched
    "svg.fonttype": "none",
    "svg.hashsalt": "hex",
    "text.usetex": False,
    "text.parse_math": False,
    "savefig.dpi": 300,
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in this style, on no screen. Raises HexError where matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError:
        raise HexError("figures need matplotlib: pip install 'dllm-hex[plot]'") from None
    matplotlib.use("agg")
    settings: Any = _SETTINGS
    with matplotlib.rc_context(settings):
        yield


def width_of(text: str) -> float:
    """Inches of `column`, `page`, or a number of them. Raises UsageError."""
    if text in WIDTHS:
        return WIDTHS[text]
    try:
        inches = float(text)
    except ValueError:
        inches = 0.0
    if not 1 <= inches <= 40:
        raise UsageError(
            f"--width is column ({WIDTHS['column']} in), page ({WIDTHS['page']}) or 1 to 40 inches, not '{text}'"
        )
    return inches


def figure(width: float, height: float | None = None, columns: int = 1, rows: int = 1) -> "tuple[Figure, list[Axes]]":
    """A figure of these inches (the height by default two thirds of a panel's width), its panels row by row."""
    from matplotlib.figure import Figure

    found = Figure(figsize=(width, height or rows * width / columns * 0.68 + 0.25))
    return found, list(found.subplots(rows, columns, squeeze=False).flat)


def legend(figure: "Figure", axes: "Axes") -> None:
    """The series of these axes, named below the panels, where they cover nothing; the figure grows by their lines."""
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return
    width, height = figure.get_size_inches()
    longest = max(map(len, labels))
    across = max(1, min(len(labels), int(width / (0.055 * longest + 0.45))))
    figure.set_size_inches(width, height + 0.16 * -(-len(labels) // across))
    figure.legend(handles, labels, loc="outside lower center", ncols=across)


def label(text: str, most: int = 34) -> str:
    """A name of the user's in a figure: shown, never obeyed, and not longer than the figure bears."""
    text = visible(text)
    return text if len(text) <= most else f"{text[: most - 3]}..."


def heading(axes: "Axes", inches: float, *texts: str) -> None:
    """The title of a panel so wide: each text in the lines that it needs, two at most, so that no neighbour is met."""
    room = max(int(inches / LETTER), 6)
    lines: list[str] = []
    for text in texts:
        folded = textwrap.wrap(visible(text), room, break_on_hyphens=True)
        lines += folded if len(folded) <= 2 else [folded[0], label("".join(folded[1:]), room)]
    axes.set_title("\n".join(lines), fontsize=TITLE)


def percent_axis(axes: "Axes") -> None:
    """The y axis in per cent."""
    from matplotlib.ticker import PercentFormatter

    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))


def look(place: int) -> dict[str, Any]:
    """Colour, marker and line of the series at this place."""
    return {
        "color": COLOURS[place % len(COLOURS)],
        "marker": MARKERS[place % len(MARKERS)],
        "linestyle": LINES[place % len(LINES)],
    }
