"""The order of commits: at which step each position of the canvas is filled in, a panel a schedule."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.commits import Commits
from hexcli.insight.findings import Findings
from hexcli.report.figures.style import figure, heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 3


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """Positions to the right, steps upward, dark where tokens are committed. Raises UsageError where no run tells."""
    found = [(name if len(runs) > 1 else "", one) for name, findings in runs for one in findings.commits()]
    if not found:
        raise UsageError("these runs do not tell when their tokens were committed: there is nothing to draw")
    across = min(ACROSS, len(found))
    down = -(-len(found) // across)
    drawn, panels = figure(width, height=down * width / across * 0.95 + 0.2, columns=across, rows=down)
    for axes, (name, one) in zip(panels, found, strict=False):
        _panel(axes, one)
        heading(axes, width / across, *([name] if name else []), f"block {one.name}")
    for axes in panels[len(found) :]:
        axes.set_axis_off()
    for axes in panels[-across:]:
        axes.set_xlabel("position")
    for axes in panels[::across]:
        axes.set_ylabel("step")
    return drawn


def _panel(axes: "Axes", one: Commits) -> None:
    """Each step's commits as shares of it, so that steps of a few long texts are seen too."""
    columns = [list(column) for column in zip(*one.counts, strict=True)]
    shares = [[value / max(sum(row), 1) for value in row] for row in columns]
    axes.imshow(shares, origin="lower", aspect="auto", cmap="Greys", extent=(0, one.gen_length, 0, one.steps), vmin=0)
