"""All aggregators on the same generations, ranked: how many problems each gets right, and what that is beside majority.

Every aggregator is compared with majority, problem by problem, and the p-values are corrected for how many are compared
(Holm): of a dozen rules one looks better by chance. A problem that several runs decoded is one problem, with the mean
over them: its runs err together, and the test that flips signs flips all of them or none (a cluster's mean difference
is one of Fisher's units).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.runs.counting import Count
from hexcli.runs.mistakes import no_targets
from hexcli.scoring.contestants import Contestant, Grades, aggregator, oracle, schedules
from hexcli.scoring.distinct import Key, distinct_runs, problem_keys
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

    The problems of several runs count together, each once: where several runs have it, as the mean over them. A copy of
    a run, and a joint run of runs that are here, are `left_out`. Only aggregators that can vote on every run are
    ranked; the others are `skipped`, with the reason. Problems without a target are voted on, and left out. Raises
    UsageError where no problem has one.
    """
    labelled = [one for one in runs if one.labelled.ballots]
    if not labelled:
        raise no_targets(runs[0].run.path, runs[0].run.manifest.recipe, "rank")
    scored, left_out = distinct_runs(labelled)
    names = list(dict.fromkeys([*aggregators, RIVAL]))
    ranked: dict[str, list[Contestant]] = {name: [] for name in names}
    skipped: dict[str, str] = {}
    best: list[list[float]] = []
    ceiling: list[list[float]] = []
    keys: list[list[Key]] = []
    for one in scored:
        counted, grades = one.labelled, Grades(one.labelled)
        decisions, reasons = decisions_of(one, names, calibration)
        for reason in reasons:
            skipped.setdefault(reason["name"], f"{one.run.name}: {reason['reason']}")
        for name, found in decisions.items():
            pairs = zip(one.ballots, found, strict=True)
            own = [decision for ballot, decision in pairs if ballot.problem.target is not None]
            ranked[name].append(aggregator(counted, grades, name, own))
        keys.append(problem_keys(counted))
        best.append(_right(best_single(schedules(counted, grades))))
        ceiling.append(_right(oracle(counted, grades)))
    rows = _rows({name: own for name, own in ranked.items() if name not in skipped}, keys)
    return {
        "runs": [
            {"run": one.run.name, "task": one.task.name, "model": one.run.manifest.model, "problems": len(own)}
            for one, own in zip(scored, keys, strict=True)
        ],
        "problems": len({key for own in keys for key in own}),
        "rival": RIVAL,
        "comparisons": len(rows) - 1,
        "rows": rows,
        "best_single": _reference(best, keys),
        "oracle": _reference(ceiling, keys),
        "skipped": [{"name": name, "reason": reason} for name, reason in skipped.items()],
        "left_out": left_out,
    }


def _rows(ranked: Mapping[str, Sequence[Contestant]], keys: Sequence[Sequence[Key]]) -> list[dict[str, Any]]:
    """A row an aggregator, in order, with its rank: equals share one."""
    correct = {name: [_right(one) for one in own] for name, own in ranked.items()}
    rival = _by_problem(correct[RIVAL], keys)
    found = []
    for name, own in ranked.items():
        mine = _by_problem(correct[name], keys)
        versus = None
        if name != RIVAL:
            differences = [a - b for a, b in zip(mine, rival, strict=True)]
            versus = {"rival": RIVAL, **paired(differences).to_dict()}
        found.append(
            {
                "name": name,
                **own[0].about,
                **_reference(correct[name], keys),
                "ci95": list(wilson(round(math.fsum(mine), 12), len(mine))),
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


def _right(contestant: Contestant) -> list[float]:
    return [value or 0.0 for value in contestant.correct]


def _by_problem(correct: Sequence[Sequence[float]], keys: Sequence[Sequence[Key]]) -> list[float]:
    """One value a problem, in the order in which they first come: the mean over the runs that have it."""
    found: dict[Key, list[float]] = {}
    for values, own in zip(correct, keys, strict=True):
        for value, key in zip(values, own, strict=True):
            found.setdefault(key, []).append(value)
    return [math.fsum(values) / len(values) for values in found.values()]


def _reference(correct: Sequence[Sequence[float]], keys: Sequence[Sequence[Key]]) -> dict[str, Any]:
    """Right answers to the problems, each counted once, the accuracy, and that of each run."""
    values = _by_problem(correct, keys)
    total = round(math.fsum(values), 12)
    return {
        "correct": int(total) if total.is_integer() else total,
        "accuracy": total / len(values),
        "of_runs": [math.fsum(own) / len(own) for own in correct],
    }
