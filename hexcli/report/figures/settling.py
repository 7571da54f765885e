"""When the answer stands: the share of the steps after which its tokens are all committed."""

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.insight.settling import BINS
from hexcli.report.figures.style import figure, label, legend, look, percent_axis

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """A line a schedule: outputs whose answer stands by then. Raises UsageError where no run tells."""
    found = [
        (name if len(runs) > 1 else "", one) for name, findings in runs for one in findings.settling() if one.known
    ]
    if not found:
        raise UsageError("these runs do not tell when their answers were committed: there is nothing to draw")
    drawn, (axes,) = figure(width)
    for place, (name, one) in enumerate(found):
        shares = [0.0, *(count / one.known for count in accumulate(one.counts))]
        said = f"{label(name)}: block {label(one.name)}" if name else f"block {label(one.name)}"
        axes.plot([100 * bin_ / BINS for bin_ in range(BINS + 1)], shares, label=said, markevery=4, **look(place))
    axes.set_xlabel("steps taken (%)")
    axes.set_ylabel("answer stands")
    percent_axis(axes)
    legend(drawn, axes)
    return drawn
