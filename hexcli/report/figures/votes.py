"""What more votes buy: accuracy of a majority of 1, 2, ... votes, and of the oracle."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.report.figures.style import GREY, MANY, figure, label, legend, look, percent_axis, problems_of
from hexcli.stats import wilson

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
    problems = problems_of(len(findings.labelled.ballots) for _, findings in runs)
    legend(found, axes, f"{problems}{band}; {_sure([findings for _, findings in runs])}")
    return found


def _sure(runs: Sequence[Findings]) -> str:
    """How sure the majorities of all votes are, as far as that hangs on which problems there are."""
    ends = []
    for findings in runs:
        last, problems = findings.frame["curves"]["majority"][-1], len(findings.labelled.ballots)
        low, high = wilson(round(last["accuracy"] * problems, 9), problems)
        ends.append((last["accuracy"], low, high))
    if len(ends) == 1:
        ((_, low, high),) = ends
        return f"95 % interval of all votes over problems (Wilson): {100 * low:.0f} to {100 * high:.0f} %"
    far = max(max(mean - low, high - mean) for mean, low, high in ends)
    return f"95 % intervals over problems (Wilson) reach up to {100 * far:.0f} points"
