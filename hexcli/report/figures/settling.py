"""When the answer stands: the share of the steps after which its tokens are all committed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.insight.settling import BINS, Settling
from hexcli.report.figures.style import COLOURS, SMALL, bands, fitted, several, shades

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

_ROW = 0.16  # inches


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """A row a schedule: dark where many outputs' answers come to stand, a bar at their median. Raises UsageError where
    no run tells."""
    told = [(name, [one for one in findings.settling() if one.known]) for name, findings in runs]
    found = [(name, own) for name, own in told if own]
    if not found:
        raise UsageError(
            "these runs do not tell when their answers were committed (made elsewhere?): try blocks or cost"
        )
    heights = [_ROW * len(own) + 0.15 for _, own in found]
    heights[-1] += 0.32
    drawn, parts = bands(width, several([name for name, _ in found]), [*heights, 0.5])
    for (_, own), part in zip(found, parts[:-1], strict=True):
        axes = part.subplots()
        image = _rows(axes, own, width)
        axes.set_xticks(range(0, 101, 20))
        axes.tick_params(labelbottom=part is parts[len(found) - 1])
    axes.set_xlabel("steps taken (%)", fontsize=7)
    shades(parts[-1], image, "% of outputs whose answer then stands (bar: median)")
    return drawn


def _rows(axes: "Axes", own: Sequence[Settling], width: float) -> "AxesImage":
    from matplotlib.colors import PowerNorm

    shares = [[count / one.known for count in one.counts] for one in own]
    extent = (0, 100, len(own) - 0.5, -0.5)
    image = axes.imshow(shares, cmap="Greys", aspect="auto", extent=extent, norm=PowerNorm(0.5, vmin=0, vmax=1))
    for row, one in enumerate(own):
        if one.median is not None:
            axes.plot([100 * one.median] * 2, [row - 0.38, row + 0.38], color=COLOURS[6], linewidth=2)
        axes.axhline(row + 0.5, color="white", linewidth=1.5)
    names = [fitted(f"block {one.name}", 0.42 * width, SMALL) for one in own]
    axes.set_yticks(range(len(own)), names, fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 100 + 100 / BINS / 4)
    return image
