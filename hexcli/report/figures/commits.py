"""The order of commits: at which step each position of the canvas is filled in, a panel a schedule."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.commits import Commits
from hexcli.insight.findings import Findings
from hexcli.report.figures.style import TITLE, bands, fitted, several, shades, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

_PANEL = 0.75  # inches that a panel takes at least, where its title needs no more
_TITLE = 1.1  # and for its title at most
_BESIDE = 0.5  # inches of the names and numbers beside a row of panels
_SCALE = 0.5  # inches of the band that says what the greys mean


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """Positions to the right, steps upward, dark where tokens are committed, on the same axes in every panel. Raises
    UsageError where no run tells."""
    found = [(name, own) for name, findings in runs if (own := findings.commits())]
    if not found:
        raise UsageError(
            "these runs do not tell when their tokens were committed (made elsewhere?): try blocks or cost"
        )
    titles = [line for _, own in found for one in own for line in _title(one).split("\n")]
    least = max(_PANEL, *(min(wide(title, TITLE), _TITLE) for title in titles)) + 0.15
    across = min(max(int((width - _BESIDE) / least), 1), max(len(own) for _, own in found))
    downs = [-(-len(own) // across) for _, own in found]
    lines = max(_title(one).count("\n") for _, own in found for one in own)
    high = min(width / across * 0.8, 2.2) + 0.1 * lines
    drawn, parts = bands(width, several([name for name, _ in found]), [*(down * high + 0.3 for down in downs), _SCALE])
    extent = (max(one.gen_length for _, own in found for one in own), max(one.steps for _, own in found for one in own))
    for (_, own), down, part in zip(found, downs, parts[:-1], strict=True):
        panels = list(part.subplots(down, across, squeeze=False, sharex=True, sharey=True).flat)
        for axes, one in zip(panels, own, strict=False):
            image = _panel(axes, one, extent)
            room = (width - _BESIDE) / across - 0.1
            said = "\n".join(fitted(line, room, TITLE) for line in _title(one).split("\n"))
            axes.set_title(said, fontsize=TITLE)
        for axes in panels[len(own) :]:
            axes.set_axis_off()
        for axes in panels[max(len(own) - across, 0) : len(own)]:
            axes.set_xlabel("position", fontsize=7)
            axes.tick_params(labelbottom=True)
        for axes in panels[::across]:
            axes.set_ylabel("step", fontsize=7)
    shades(parts[-1], image, "% of a step's tokens")
    return drawn


def _title(one: Commits) -> str:
    """A schedule's blocks and, in a second line, what else its name says."""
    blocks, _, settings = one.name.partition(":")
    return f"block {blocks}" + (f"\n{settings}" if settings else "")


def _panel(axes: "Axes", one: Commits, extent: tuple[int, int]) -> "AxesImage":
    """Each step's commits as shares of it, so that steps of a few long texts are seen too."""
    from matplotlib.colors import PowerNorm
    from matplotlib.ticker import MaxNLocator

    columns = [list(column) for column in zip(*one.counts, strict=True)]
    shares = [[value / max(sum(row), 1) for value in row] for row in columns]
    image = axes.imshow(
        shares,
        origin="lower",
        aspect="auto",
        cmap="Greys",
        extent=(0, one.gen_length, 0, one.steps),
        norm=PowerNorm(0.5, vmin=0, vmax=1),
    )
    length, steps = extent  # and a margin, so that nothing lies on the axes
    axes.set_xlim(-0.04 * length, length)
    axes.set_ylim(-0.04 * steps, steps)
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    return image
