"""What more votes buy: accuracy of a majority of 1, 2, ... votes, and of the oracle."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.report.figures.style import GREY, MANY, figure, label, legend, look, percent_axis, problems_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """A line a run, a band of one standard deviation over its ensembles, and the oracle; of many runs the line alone.
    Raises UsageError without targets, or where no run has two votes."""
    from matplotlib.ticker import MaxNLocator

    for _, findings in runs:
        if not findings.scored:
            raise UsageError(f"{findings.counted.run.name} has no targets: there is no accuracy to draw, but agreement")
    most = max(len(findings.frame["curves"]["majority"]) for _, findings in runs)
    if most < 2:
        raise UsageError("one vote a problem is no majority: decode more schedules or samples to draw it")
    found, (axes,) = figure(width)
    for place, (name, findings) in enumerate(runs):
        curves = findings.frame["curves"]
        votes = [one["votes"] for one in curves["majority"]]
        means = [one["accuracy"] for one in curves["majority"]]
        spread = [one["sd"] for one in curves["majority"]]
        style = {**look(place), "linestyle": "-"}
        every = max(len(votes) // 12, 1)
        axes.plot(votes, means, label=label(name) if len(runs) > 1 else "majority", markevery=every, **style)
        if len(runs) > MANY:
            continue
        low = [max(mean - sd, 0.0) for mean, sd in zip(means, spread, strict=True)]
        high = [min(mean + sd, 1.0) for mean, sd in zip(means, spread, strict=True)]
        axes.fill_between(votes, low, high, color=style["color"], alpha=0.15, linewidth=0)
        oracle = [one["accuracy"] for one in curves["oracle"]]
        axes.plot(
            votes,
            oracle,
            color=GREY if len(runs) == 1 else style["color"],
            linestyle=":",
            label="any vote right" if len(runs) == 1 else None,
            **({"marker": style["marker"], "markerfacecolor": "white", "markevery": every} if len(runs) > 1 else {}),
        )
    if 1 < len(runs) <= MANY:  # what both lines of every run are, in no run's colour
        axes.plot([], [], color=GREY, label="majority")
        axes.plot([], [], color=GREY, linestyle=":", marker="o", markerfacecolor="white", label="any vote right")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("votes")
    axes.set_ylabel("accuracy of the majority" if len(runs) > MANY else "accuracy")
    axes.set_xlim(left=min(1, axes.get_xlim()[0]))
    percent_axis(axes)
    band = "" if len(runs) > MANY else "; band: ±1 standard deviation over draws of the votes"
    legend(found, axes, f"{problems_of(len(findings.labelled.ballots) for _, findings in runs)}{band}")
    return found
