"""What all figures share: widths of a paper's columns, fonts, and lines that are told apart in grey too."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hexcli.errors import HexError, UsageError, plural
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure, SubFigure

# Inches: a column and a page's text in the two-column styles of the field (ICML 3.25 and 6.75, ACL 3.03 and 6.3).
WIDTHS = {"column": 3.25, "page": 6.75}
_UNITS = {"": 1.0, "in": 1.0, "inch": 1.0, "inches": 1.0, "cm": 2.54, "mm": 25.4, "pt": 72.27}  # in an inch; TeX's pt
LEAST = 3.0  # text of this size fits into no less
# Okabe and Ito's colours, ordered so that neighbours differ in lightness too.
COLOURS = ("#0072b2", "#e69f00", "#000000", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h")  # more than colours: the pairs recur after 77
LINES = ("-", "--", "-.", ":")
GREY = "#7a7a7a"
MANY = 5  # series that bear intervals and second lines beside each other; of more there are their lines alone
# Points of a panel's title where several stand side by side, and of the names of rows and columns.
TITLE, SMALL = 6.5, 6.0
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
    "legend.handlelength": 3.0,  # inches enough to tell dashes apart
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.07,
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
    """Inches of `column`, `page`, or a number of them, or of mm, cm or pt. Raises UsageError."""
    if (known := WIDTHS.get(text.strip().lower())) is not None:
        return known
    said = re.fullmatch(r"(\d+\.?\d*|\.\d+) *([a-z]*)", text.strip().lower())
    inches = float(said[1]) / _UNITS[said[2]] if said and said[2] in _UNITS else 0.0
    if not LEAST <= inches <= 40:
        raise UsageError(
            f"--width is column ({WIDTHS['column']} in), page ({WIDTHS['page']}) or {LEAST:g} to 40 inches (what is "
            f"written fits into no less; or in mm or cm: 84mm), not '{text}'"
        )
    return inches


def figure(width: float, height: float | None = None, columns: int = 1, rows: int = 1) -> "tuple[Figure, list[Axes]]":
    """A figure of these inches (the height by default two thirds of a panel's width), its panels row by row."""
    from matplotlib.figure import Figure

    found = Figure(figsize=(width, height or rows * width / columns * 0.68 + 0.25))
    return found, list(found.subplots(rows, columns, squeeze=False).flat)


def legend(figure: "Figure", axes: "Axes", note: str, *, named: bool = True) -> None:
    """Below the panels, where it covers nothing: what bars are and of how many problems, then, if `named`, the series
    of these axes. The figure grows by their lines."""
    handles, labels = axes.get_legend_handles_labels() if named else ([], [])
    width, height = figure.get_size_inches()
    longest = max(map(len, labels), default=1)
    across = max(1, min(len(labels), int(width / (0.055 * longest + 0.55))))
    said = broken(note, width - 0.2, SMALL)
    figure.set_size_inches(width, height + 0.16 * -(-len(labels) // across) + 0.12 * len(said) + 0.05)
    drawn = figure.legend(handles, labels, loc="outside lower center", ncols=across, title="\n".join(said))
    drawn.get_title().set_fontsize(SMALL)
    drawn.get_title().set_multialignment("center")


def problems_of(numbers: Iterable[int]) -> str:
    """Of how many problems a figure is: `20 problems`, of runs that differ `12 to 20 problems`."""
    low, *_, high = sorted(numbers) * 2
    return plural(low, "problem") if low == high else f"{low} to {high} problems"


def broken(text: str, inches: float, points: float) -> list[str]:
    """A text in lines that fit, broken behind its words; 95 % is one."""
    lines = [""]
    for word in text.replace(" %", "\xa0%").split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and wide(longer, points) > inches:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line.replace("\xa0", " ") for line in lines]


def label(text: str, most: int = 34) -> str:
    """A name of the user's in a figure: shown, never obeyed, and not longer than the figure bears."""
    text = visible(text)
    return text if len(text) <= most else f"{text[: most - 3]}..."


def wide(text: str, points: float) -> float:
    """Inches that a text of one line takes in this size."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    font = FontProperties(family=_SETTINGS["font.family"], size=points)
    return float(TextToPath().get_text_width_height_descent(text, font, ismath=False)[0]) / 72


def fitted(text: str, inches: float, points: float) -> str:
    """A name of the user's as far as it fits into so many inches."""
    text = visible(text)
    most = len(text)
    while most > 4 and wide(label(text, most), points) > inches:
        most -= 1
    return label(text, most)


def bands(width: float, names: Sequence[str], heights: Sequence[float]) -> "tuple[Figure, list[SubFigure]]":
    """A figure of bands over each other, so many inches high: one a run, its name above it. "" has none, nor have the
    bands behind the names."""
    from matplotlib.figure import Figure

    named = [*map(bool, names), *[False] * (len(heights) - len(names))]
    heights = [height + 0.22 * own for height, own in zip(heights, named, strict=True)]
    found = Figure(figsize=(width, sum(heights)))
    parts = list(found.subfigures(len(heights), 1, squeeze=False, height_ratios=heights).flat)
    for name, part in zip(names, parts, strict=False):
        if name:
            part.suptitle(fitted(name, width - 0.2, 7), fontsize=7, fontweight="normal")
    return found, parts


def several(names: Sequence[str]) -> list[str]:
    """What stands above bands: nothing above a single one."""
    return list(names) if len(names) > 1 else [""]


def shades(part: "SubFigure", image: "ScalarMappable", said: str) -> None:
    """What the greys of an image mean, in a band of its own, in per cent."""
    from matplotlib.ticker import PercentFormatter

    bar = part.colorbar(
        image, cax=part.subplots(), orientation="horizontal", format=PercentFormatter(1.0, decimals=0, symbol="")
    )
    bar.outline.set_linewidth(0.4)
    bar.set_label(said, fontsize=7)


def percent_axis(axes: "Axes") -> None:
    """The y axis in per cent, whole ones where there is room, and none above 100."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{round(100 * value, 4):g} %" if value < 1 + 1e-9 else "")
    )


def look(place: int) -> dict[str, Any]:
    """Colour, marker and line of the series at this place."""
    return {
        "color": COLOURS[place % len(COLOURS)],
        "marker": MARKERS[place % len(MARKERS)],
        "linestyle": LINES[place % len(LINES)],
    }
