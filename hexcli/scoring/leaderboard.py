"""All aggregators on the same generations, ranked: how many problems each gets right, and what that is beside majority.

Every aggregator is compared with majority, problem by problem, and the p-values are corrected for how many are compared
(Holm): of a dozen rules one looks better by chance.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.errors import UsageError
from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Contestant, Grades, aggregator, oracle, schedules
from hexcli.scoring.frames import decisions_of
from hexcli.scoring.paired import holm, paired
from hexcli.scoring.rows import best_single
from hexcli.stats import wilson
from hexcli.voting.calibration import Calibration

RIVAL = "majority"


def leaderboard(
    runs: Sequence[Count], aggregators: Sequence[str], calibration: Calibration | None = None
) -> dict[str, Any]:
    """What `hex score --leaderboard --json` prints: a row an aggregator, the one with the most right answers first.

    The problems of several runs count together. Only aggregators that can vote on every run are ranked; the others
    are `skipped`, with the reason. Problems without a target are voted on, and left out. Raises UsageError where no
    problem has one.
    """
    scored = [one for one in runs if one.labelled.ballots]
    if not scored:
        raise UsageError(f"{runs[0].run.path} has problems without a target: there is nothing to rank by")
    names = list(dict.fromkeys([*aggregators, RIVAL]))
    ranked: dict[str, list[Contestant]] = {name: [] for name in names}
    skipped: dict[str, str] = {}
    best: list[float] = []
    ceiling: list[float] = []
    sizes: list[int] = []
    for one in scored:
        counted, grades = one.labelled, Grades(one.labelled)
        decisions, reasons = decisions_of(one, names, calibration)
        for reason in reasons:
            skipped.setdefault(reason["name"], f"{one.run.name}: {reason['reason']}")
        for name, found in decisions.items():
            pairs = zip(one.ballots, found, strict=True)
            own = [decision for ballot, decision in pairs if ballot.problem.target is not None]
            ranked[name].append(aggregator(counted, grades, name, own))
        sizes.append(len(counted.ballots))
        best.append(sum(value or 0.0 for value in best_single(schedules(counted, grades)).correct))
        ceiling.append(sum(value or 0.0 for value in oracle(counted, grades).correct))
    rows = _rows({name: own for name, own in ranked.items() if name not in skipped}, sizes)
    return {
        "runs": [
            {"run": one.run.name, "task": one.task.name, "model": one.run.manifest.model, "problems": size}
            for one, size in zip(scored, sizes, strict=True)
        ],
        "problems": sum(sizes),
        "rival": RIVAL,
        "comparisons": len(rows) - 1,
        "rows": rows,
        "best_single": _reference(best, sizes),
        "oracle": _reference(ceiling, sizes),
        "skipped": [{"name": name, "reason": reason} for name, reason in skipped.items()],
    }


def _rows(ranked: Mapping[str, Sequence[Contestant]], sizes: Sequence[int]) -> list[dict[str, Any]]:
    """A row an aggregator, in order, with its rank: equals share one."""
    correct = {name: [value or 0.0 for one in own for value in one.correct] for name, own in ranked.items()}
    rival = correct[RIVAL]
    found = []
    for name, own in ranked.items():
        total = sum(correct[name])
        versus = None
        if name != RIVAL:
            differences = [a - b for a, b in zip(correct[name], rival, strict=True)]
            versus = {"rival": RIVAL, **paired(differences).to_dict()}
        found.append(
            {
                "name": name,
                **own[0].about,
                **_reference([sum(value or 0.0 for value in one.correct) for one in own], sizes),
                "ci95": list(wilson(total, len(rival))),
                "ties": sum(one.ties for one in own),
                "partial": any(one.short for one in own),
                "versus": versus,
            }
        )
    compared = [row["versus"] for row in found if row["versus"] is not None]
    for versus, corrected in zip(compared, holm([one["p_value"] for one in compared]), strict=True):
        versus["p_holm"] = corrected
    found.sort(key=lambda row: -row["correct"])
    return [{"rank": 1 + sum(other["correct"] > row["correct"] for other in found), **row} for row in found]


def _reference(right: Sequence[float], sizes: Sequence[int]) -> dict[str, Any]:
    """Right answers of all runs and of each, and the accuracy."""
    total = sum(right)
    return {
        "correct": int(total) if float(total).is_integer() else total,
        "accuracy": total / sum(sizes),
        "of_runs": [one / size for one, size in zip(right, sizes, strict=True)],
    }
