"""Two runs side by side on the problems that both have: paired, so that a hard problem is hard for both."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hexcli.insight.findings import Findings
from hexcli.runs.counting import Count
from hexcli.scoring.paired import paired


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A schedule, an aggregator or the oracle in two runs, on their `problems` common ones.

    first, second  its accuracies in the two
    difference     first - second, with its 95 % interval and the p-value of none
    won, lost      problems on which it does better, or worse, in the first
    """

    kind: str
    name: str
    problems: int
    first: float
    second: float
    difference: float
    ci95: tuple[float, float]
    p_value: float
    won: int
    lost: int


def beside(first: Findings, second: Findings) -> list[Beside]:
    """What both runs have, by kind and name, on common problems: those of one id, question and target.

    Empty where the runs are of different tasks, or share no problem.
    """
    if first.counted.task.name != second.counted.task.name:
        return []
    places = _common(first.labelled, second.labelled)
    if not places:
        return []
    found = []
    for (kind, name), own in first.contestants.items():
        if (other := second.contestants.get((kind, name))) is not None:
            pairs = ((own.correct[a], other.correct[b]) for a, b in places)
            if values := [(a, b) for a, b in pairs if a is not None and b is not None]:
                found.append(_beside(kind, name, values))
    return found


def _common(first: Count, second: Count) -> list[tuple[int, int]]:
    """Places of the common problems in both."""
    there = {
        (one.problem.id, one.problem.question, one.problem.target): place for place, one in enumerate(second.ballots)
    }
    return [
        (place, there[key])
        for place, one in enumerate(first.ballots)
        if (key := (one.problem.id, one.problem.question, one.problem.target)) in there
    ]


def _beside(kind: str, name: str, values: Sequence[tuple[float, float]]) -> Beside:
    compared = paired([a - b for a, b in values])
    return Beside(
        kind=kind,
        name=name,
        problems=len(values),
        first=math.fsum(a for a, _ in values) / len(values),
        second=math.fsum(b for _, b in values) / len(values),
        difference=compared.difference,
        ci95=(compared.low, compared.high),
        p_value=compared.p_value,
        won=compared.won,
        lost=compared.lost,
    )
