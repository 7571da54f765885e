"""Accuracy by block length with 95 % intervals, and the share of outputs that end early: the collapse."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.blocks import Block
from hexcli.insight.findings import Findings
from hexcli.report.figures.style import figure, label, legend, look, percent_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """Accuracies above, early ends below, block lengths on a logarithmic axis. Raises UsageError without targets."""
    found, (above, below) = figure(width, height=width * 0.95, rows=2)
    series = _series(runs)
    for place, (name, blocks) in enumerate(series):
        lengths = [one.length for one in blocks]
        accuracies = [one.accuracy or 0.0 for one in blocks]
        ends = [one.ci95 or (0.0, 1.0) for one in blocks]
        style = {**look(place), "clip_on": False}
        above.errorbar(lengths, accuracies, yerr=_errors(accuracies, ends), label=label(name), **style)
        early = [(one.length, one.early_rate, one.early95) for one in blocks if one.early_rate is not None]
        if early:
            rates = [rate for _, rate, _ in early]
            errors = _errors(rates, [ci95 for _, _, ci95 in early])
            below.errorbar([length for length, _, _ in early], rates, yerr=errors, **style)
    for axes in (above, below):
        _log(axes, sorted({one.length for _, findings in runs for one in findings.blocks()}))
        percent_axis(axes)
    above.set_ylabel("accuracy of one vote")
    below.set_ylabel("outputs that end early")
    below.set_ylim(bottom=0)
    below.set_xlabel("block length (tokens)")
    if len(series) > 1:
        legend(found, above)
    return found


def _series(runs: Sequence[tuple[str, Findings]]) -> list[tuple[str, list[Block]]]:
    """A series for each run and, where a run has several canvases, for each of them: only like is joined by a line."""
    found = []
    for name, findings in runs:
        scored = [one for one in findings.blocks() if one.accuracy is not None and one.ci95]
        if not scored:
            raise UsageError(f"{name} has no targets: there is no accuracy to draw")
        canvases = sorted({one.gen_length for one in scored})
        for canvas in canvases:
            own = sorted((one for one in scored if one.gen_length == canvas), key=lambda one: one.length)
            found.append((f"{name}, canvas {canvas}" if len(canvases) > 1 else name, own))
    return found


def _errors(values: Sequence[float], ends: Sequence[tuple[float, float]]) -> list[list[float]]:
    below = [max(value - low, 0.0) for value, (low, _) in zip(values, ends, strict=True)]
    above = [max(high - value, 0.0) for value, (_, high) in zip(values, ends, strict=True)]
    return [below, above]


def _log(axes: "Axes", lengths: Sequence[float]) -> None:
    axes.set_xscale("log", base=2)
    axes.set_xticks(lengths, [f"{length:g}" for length in lengths])
    axes.minorticks_off()
