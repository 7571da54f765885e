"""Accuracy by block length with 95 % intervals, and the share of outputs that end early: the collapse."""

from collections.abc import Sequence
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.blocks import Block
from hexcli.insight.findings import Findings
from hexcli.report.figures.style import MANY, figure, label, legend, look, percent_axis, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


# Octaves between the markers of neighbouring series, which would cover each other; together at most half a gap.
_BESIDE = 0.14


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """Accuracies above, early ends below, block lengths on a logarithmic axis. Raises UsageError without targets."""
    found, (above, below) = figure(width, height=max(width * 0.95, 3.1), rows=2)
    series = _series(runs)
    lengths = sorted({one.length for _, blocks in series for one in blocks})
    shifts = beside(len(series), lengths)
    for place, ((name, blocks), shift) in enumerate(zip(series, shifts, strict=True)):
        accuracies = [one.accuracy or 0.0 for one in blocks]
        ends = [one.ci95 or (0.0, 1.0) for one in blocks]
        style = {**look(place), "clip_on": False}
        if len(series) > MANY:  # intervals recede, so that the lines are seen
            style |= {"elinewidth": 0.4, "capsize": 0, "markersize": 3}
        at = [one.length * shift for one in blocks]
        above.errorbar(at, accuracies, yerr=_errors(accuracies, ends), label=name, **style)
        early = [(one.length * shift, one.early_rate, one.early95) for one in blocks if one.early_rate is not None]
        if early:
            rates = [rate for _, rate, _ in early]
            errors = _errors(rates, [ci95 for _, _, ci95 in early])
            below.errorbar([length for length, _, _ in early], rates, yerr=errors, **style)
    for axes in (above, below):
        _log(axes, lengths)
        if len(series) > 1:
            room = max(0.05 * log2(lengths[-1] / lengths[0]), 0.1) if len(lengths) > 1 else 0.5
            axes.set_xlim(lengths[0] * shifts[0] / 2**room, lengths[-1] * shifts[-1] * 2**room)
        percent_axis(axes)
    above.set_ylabel("accuracy of one vote")
    below.set_ylabel("outputs that\nend early")
    for axes in (above, below):
        low, high = axes.get_ylim()
        axes.set_ylim(bottom=min(low, -0.06 * high) if axes is below else low)  # markers at 0 stand above the axis
    below.set_xlabel("block length (tokens)")
    if len(series) > 1:
        legend(found, above)
    return found


def beside(series: int, lengths: Sequence[float]) -> list[float]:
    """By what each series' lengths are multiplied, so that on a logarithmic axis all stand evenly around a tick."""
    gap = min((log2(after / before) for before, after in pairwise(lengths)), default=1.0)
    step = min(_BESIDE, gap / 2 / max(series - 1, 1))
    return [2 ** (step * (place - (series - 1) / 2)) for place in range(series)]


def _series(runs: Sequence[tuple[str, Findings]]) -> list[tuple[str, list[Block]]]:
    """A series for each run and, where its voters differ in more than blocks (canvas, wording, model, another setting),
    for each such kind of them: only like is joined by a line."""
    found = []
    for name, findings in runs:
        scored = [one for one in findings.blocks() if one.accuracy is not None and one.ci95]
        if not scored:
            raise UsageError(f"{name} has no targets: there is no accuracy to draw")
        kinds: dict[tuple[str, ...], list[Block]] = {}
        for one in scored:
            kinds.setdefault(_kind(one, findings), []).append(one)
        told = [len(set(column)) > 1 for column in zip(*kinds, strict=True)]
        ordered = sorted(kinds.items(), key=lambda item: item[1][0].gen_length)
        for kind, own in ordered:
            said = [part or "defaults" for part, tells in zip(kind, told, strict=True) if tells]
            found.append((_called(name, said, alone=len(runs) == 1), sorted(own, key=lambda one: one.length)))
    return found


def _kind(block: Block, findings: Findings) -> tuple[str, ...]:
    """What else than its blocks tells a voter from others: canvas, other settings, wording, model."""
    counted = findings.counted
    voter = next(voter for voter, name in counted.names.items() if name == block.name)
    settings = block.name.partition(" ")[0].partition(":")[2].replace(":", " ")
    return f"canvas {block.gen_length}", settings, voter.prompt or counted.task.usual, voter.model


def _called(run: str, said: Sequence[str], *, alone: bool) -> str:
    """A series in the legend; what it is within its run is never cut off by the run's name."""
    kind = label(", ".join(said))
    if alone:
        return kind or label(run)
    return f"{label(run, max(34 - len(kind) - 2, 12))}, {kind}" if kind else label(run)


def _errors(values: Sequence[float], ends: Sequence[tuple[float, float]]) -> list[list[float]]:
    below = [max(value - low, 0.0) for value, (low, _) in zip(values, ends, strict=True)]
    above = [max(high - value, 0.0) for value, (_, high) in zip(values, ends, strict=True)]
    return [below, above]


def _log(axes: "Axes", lengths: Sequence[float]) -> None:
    axes.set_xscale("log", base=2)
    inches = 0.7 * axes.figure.bbox.width / axes.figure.dpi / max(log2(lengths[-1] / lengths[0]), 1)  # of an octave
    told: list[float] = []
    for length in sorted(lengths, key=lambda one: (not one.is_integer(), one)):  # a mean of uneven blocks last
        room = 0.06 + wide(f"{length:.3g}", 7)
        if all(abs(log2(length / other)) * inches > room for other in told):
            told.append(length)
    axes.set_xticks(lengths, [f"{length:.3g}" if length in told else "" for length in lengths])
    axes.minorticks_off()
