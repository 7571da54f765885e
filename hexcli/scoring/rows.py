"""From contestants to the rows of `hex score --json`: accuracy, comparisons, categories."""

import math
from collections.abc import Sequence
from typing import Any

from hexcli.runs.ballots import Count
from hexcli.scoring.contestants import Contestant
from hexcli.stats import paired_interval, paired_p_value, wilson

# The row of a comparison with the schedule that turned out best: nobody could have known which to take.
HINDSIGHT = "best single, in hindsight"


def row(
    contestant: Contestant, rivals: Sequence[tuple[str, Contestant]], categories: Sequence[str | None]
) -> dict[str, Any]:
    """One row, compared with its rivals, and split by the categories of the problems where there are any."""
    problems = len(contestant.correct)
    abstained = _total(contestant.abstained)
    found = {
        "kind": contestant.kind,
        "name": contestant.name,
        **contestant.about,
        "votes": contestant.votes,
        **_accuracy(contestant.correct),
        "abstained": abstained,
        "abstention_rate": abstained / problems,
        "ties": contestant.ties,
        "tie_rate": contestant.ties / problems,
        "nfe_per_problem": round(contestant.nfe / problems, 6),
        "tokens_per_problem": round(contestant.tokens / problems, 6),
    }
    if contestant.credit:
        found["credit"] = math.fsum(contestant.credit) / problems
    if rivals:
        found["versus"] = [_versus(contestant, rival, label) for label, rival in rivals]
    if any(category is not None for category in categories):
        found["categories"] = _by_category(contestant, categories)
    return found


def best_single(schedules: Sequence[Contestant]) -> Contestant:
    """The most accurate schedule, of equals the first cast. Chosen by the targets: in hindsight."""
    return max(schedules, key=lambda contestant: _total(contestant.correct))


def category_names(counted: Count) -> list[str | None]:
    """The category of every ballot's problem."""
    return [ballot.problem.category for ballot in counted.ballots]


def _versus(contestant: Contestant, rival: Contestant, label: str) -> dict[str, Any]:
    differences = [a - b for a, b in zip(contestant.correct, rival.correct, strict=True)]
    low, high = paired_interval(differences)
    return {
        "rival": label,
        "name": rival.name,
        "difference": math.fsum(differences) / len(differences),
        "ci95": [low, high],
        "won": sum(difference > 0 for difference in differences),
        "lost": sum(difference < 0 for difference in differences),
        "p_value": paired_p_value(differences),
    }


def _by_category(contestant: Contestant, categories: Sequence[str | None]) -> dict[str, Any]:
    members: dict[str, list[float]] = {}
    for category, correct in zip(categories, contestant.correct, strict=True):
        members.setdefault(category or "(none)", []).append(correct)
    return {name: {"problems": len(own), **_accuracy(own)} for name, own in sorted(members.items())}


def _accuracy(correct: Sequence[float]) -> dict[str, Any]:
    total = _total(correct)
    return {"accuracy": total / len(correct), "ci95": list(wilson(total, len(correct))), "correct": total}


def _total(values: Sequence[float]) -> int | float:
    """Their sum. Thirds and fifths summed up: 20.000000000000004 is 20."""
    total = round(math.fsum(values), 9)
    return int(total) if total.is_integer() else total
