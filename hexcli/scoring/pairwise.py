"""All pairs of several voters on the same problems, each tested, and the tests corrected for how many there are."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from hexcli.scoring.comparing import Side
from hexcli.scoring.needed import problems_needed, z_of
from hexcli.scoring.paired import LEVEL, holm, paired
from hexcli.stats import wilson


def pairwise(sides: Sequence[Side]) -> dict[str, Any]:
    """What `hex compare RUN --json` prints: every side, the most accurate first, and every pair of them.

    Each pair is of the problems that both have (`problems`), as a - b with a the more accurate one; those that differ
    most surely come first. `p_holm` corrects the p-values for all pairs (Holm), and `problems_needed` is of the level
    that the first of them has to reach, 5 % by the number of pairs. Two that share no problem are no pair.
    """
    ranked = sorted(sides, key=lambda one: -_accuracy(one))
    pairs: list[dict[str, Any]] = []
    tried: list[list[float]] = []
    for a, b in combinations(ranked, 2):
        if differences := [a.correct[key] - b.correct[key] for key in a.correct if key in b.correct]:
            pairs.append({"a": a.name, "b": b.name, **paired(differences).to_dict()})
            tried.append(differences)
    level = LEVEL / max(len(pairs), 1)  # that of the first of Holm's steps
    for pair, differences, corrected in zip(pairs, tried, holm([pair["p_value"] for pair in pairs]), strict=True):
        pair["problems_needed"] = None if corrected < LEVEL else problems_needed(differences, z_of(level))
        pair["p_holm"] = corrected
    counted = ranked[0].counted
    return {
        "run": counted.run.name,
        "path": str(counted.run.path),
        "task": counted.task.name,
        "model": counted.run.manifest.model,
        "problems": len(set().union(*(one.correct for one in ranked))),
        "complete": counted.complete,
        "rows": [_row(one) for one in ranked],
        "pairs": sorted(pairs, key=lambda pair: pair["p_value"]),
    }


def _row(side: Side) -> dict[str, Any]:
    total = round(math.fsum(side.correct.values()), 12)
    return {
        "kind": side.kind,
        "name": side.name,
        "problems": len(side.correct),
        "correct": int(total) if total.is_integer() else total,
        "accuracy": total / len(side.correct),
        "ci95": list(wilson(total, len(side.correct))),
        "partial": side.partial,
    }


def _accuracy(side: Side) -> float:
    return math.fsum(side.correct.values()) / len(side.correct)
