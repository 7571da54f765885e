"""Accuracy by block length with 95 % intervals, and the share of outputs that end early: the collapse."""

from collections.abc import Sequence
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.blocks import Block
from hexcli.insight.findings import Findings
from hexcli.labels import Said
from hexcli.report.called import shortened
from hexcli.report.figures.style import MANY, figure, label, legend, look, percent_axis, problems_of, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


# Points between the markers of neighbouring series, which would cover each other; together at most this share of a gap.
_BESIDE, _SHARE = 4.5, 0.3
_PALE = "#e4e4e4"
_TRAITS = {"temperature": "T", "remasking": "rule", "cfg_scale": "guidance"}  # fields that runs.traits calls otherwise


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """Accuracies above, early ends (where any run tells of them) below, block lengths on a logarithmic axis. Raises
    UsageError without targets."""
    series = _series(runs)
    told = any(one.early_rate is not None for _, blocks in series for one in blocks)
    found, panels = figure(width, height=max(width * 0.95, 3.1) if told else None, rows=1 + told)
    above, below = panels[0], panels[-1]
    lengths = sorted({one.length for _, blocks in series for one in blocks})
    shifts = beside(len(series), lengths, _octave(above, lengths))
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
    for axes in panels:
        _log(axes, lengths)
        if len(series) > 1:
            room = max(0.05 * log2(lengths[-1] / lengths[0]), 0.1) if len(lengths) > 1 else 0.5
            axes.set_xlim(lengths[0] * shifts[0] / 2**room, lengths[-1] * shifts[-1] * 2**room)
            axes.grid(axis="x", color=_PALE, linewidth=0.5)  # which tick a marker beside it is of
            axes.set_axisbelow(True)
        percent_axis(axes)
    above.set_ylabel("accuracy of one vote")
    if told:
        below.set_ylabel("outputs that\nend early")
        low, high = below.get_ylim()
        below.set_ylim(bottom=min(low, -0.06 * high))  # markers at 0 stand above the axis
    below.set_xlabel("block length (tokens, log scale)")
    uneven = "uneven blocks at their mean; " if any("+" in one.name for _, blocks in series for one in blocks) else ""
    problems = problems_of(len(findings.labelled.ballots) for _, findings in runs)
    legend(found, above, f"{problems}; {uneven}bars: 95 % Wilson intervals", named=len(series) > 1)
    return found


def _octave(axes: "Axes", lengths: Sequence[float]) -> float:
    """About how many inches apart a length and its double stand."""
    across: float = axes.figure.bbox.width / axes.figure.dpi
    return 0.7 * across / max(log2(lengths[-1] / lengths[0]), 1)


def beside(series: int, lengths: Sequence[float], octave: float) -> list[float]:
    """By what each series' lengths are multiplied, so that on a logarithmic axis (`octave`: inches of a doubling) all
    stand evenly around a tick, and nearer to it than to the next."""
    gap = min((log2(after / before) for before, after in pairwise(lengths)), default=1.0)
    step = min(_BESIDE / 72 / octave, gap * _SHARE / max(series - 1, 1))
    return [2 ** (step * (place - (series - 1) / 2)) for place in range(series)]


def _series(runs: Sequence[tuple[str, Findings]]) -> list[tuple[str, list[Block]]]:
    """A series for each run and, where its voters differ in more than blocks (canvas, wording, model, another setting),
    for each such kind of them: only like is joined by a line."""
    found: list[tuple[list[str], list[Block]]] = []
    for name, findings in runs:
        scored = [one for one in findings.blocks() if one.accuracy is not None and one.ci95]
        if not scored:
            raise UsageError(f"{findings.counted.run.name} has no targets: there is no accuracy to draw, but agreement")
        kinds: dict[tuple[str, ...], list[Block]] = {}
        for one in scored:
            kinds.setdefault(tuple(_kind(one, findings).values()), []).append(one)
        told = [len(set(column)) > 1 for column in zip(*kinds, strict=True)]
        telling = [trait for trait, tells in zip(_kind(scored[0], findings), told, strict=True) if tells]
        names = (shortened(name, findings.counted, telling), findings.counted.run.name if telling else name, name)
        ordered = sorted(kinds.items(), key=lambda item: item[1][0].gen_length)
        for kind, own in ordered:
            said = [part for part, tells in zip(kind, told, strict=True) if tells]
            called = [_called(one, said, alone=len(runs) == 1) for one in names]
            found.append((called, sorted(own, key=lambda one: one.length)))
    ways = list(zip(*(called for called, _ in found), strict=True))
    best = next((way for way in ways if len(set(way)) == len(found)), ways[-1])
    return [(name, own) for name, (_, own) in zip(best, found, strict=True)]


def _kind(block: Block, findings: Findings) -> dict[str, str]:
    """By trait, what else than its blocks tells a voter from others: canvas, wording, model, and each setting in which
    any voter of the run is named."""
    counted = findings.counted
    voter = next(voter for voter, name in counted.names.items() if name == block.name)
    named = [name for one in counted.names.values() for name in Said.of(one.partition(" ")[0]).fields]
    told = (each for each in dict.fromkeys(named) if each != "gen_length")
    settings = {_TRAITS.get(name, name): _setting(name, getattr(voter.schedule, name)) for name in told}
    wording = voter.prompt or counted.task.usual
    return {"canvas": f"canvas {block.gen_length}", **settings, "prompts": wording, "model": voter.model}


def _setting(name: str, value: object) -> str:
    value = f"{value:g}" if isinstance(value, float) else "off" if value in (None, False) else value
    return f"T {value}" if name == "temperature" else f"{name.replace('_', ' ')} {value}".replace(" True", "")


def _called(run: str, said: Sequence[str], *, alone: bool) -> str:
    """A series in the legend; what it is within its run is never cut off by the run's name."""
    kind = label(", ".join(said))
    if alone or not run:
        return kind or label(run)
    return f"{label(run, max(34 - len(kind) - 2, 12))}, {kind}" if kind else label(run)


def _errors(values: Sequence[float], ends: Sequence[tuple[float, float]]) -> list[list[float]]:
    below = [max(value - low, 0.0) for value, (low, _) in zip(values, ends, strict=True)]
    above = [max(high - value, 0.0) for value, (_, high) in zip(values, ends, strict=True)]
    return [below, above]


def _log(axes: "Axes", lengths: Sequence[float]) -> None:
    axes.set_xscale("log", base=2)
    inches = _octave(axes, lengths)
    told: list[float] = []
    for length in sorted(lengths, key=lambda one: (not one.is_integer(), one)):  # a mean of uneven blocks last
        room = 0.06 + wide(f"{length:.3g}", 7)
        if all(abs(log2(length / other)) * inches > room for other in told):
            told.append(length)
    axes.set_xticks(lengths, [f"{length:.3g}" if length in told else "" for length in lengths])
    axes.minorticks_off()
