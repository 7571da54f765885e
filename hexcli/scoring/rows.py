"""From contestants to the rows of `hex score --json`: accuracy, comparisons, categories."""

import math
from collections.abc import Sequence
from typing import Any

from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Contestant
from hexcli.scoring.paired import paired
from hexcli.stats import wilson

# The row of a comparison with the schedule that turned out best: nobody could have known which to take.
HINDSIGHT = "best single, in hindsight"


def row(
    contestant: Contestant, rivals: Sequence[tuple[str, Contestant]], categories: Sequence[str | None]
) -> dict[str, Any]:
    """One row, compared with its rivals, and split by the categories of the problems where there are any.

    Of the problems that it has votes of (`problems`); a rival is met on those that both have.
    """
    problems = contestant.problems
    abstained = _total(contestant.abstained)
    found = {
        "kind": contestant.kind,
        "name": contestant.name,
        **contestant.about,
        "votes": contestant.votes,
        "problems": problems,
        **_accuracy(contestant.correct),
        "abstained": abstained,
        "abstention_rate": abstained / problems,
        "ties": contestant.ties,
        "tie_rate": contestant.ties / problems,
        "nfe_per_problem": round(contestant.nfe / problems, 6),
        "tokens_per_problem": round(contestant.tokens / problems, 6),
    }
    if contestant.credit:
        found["credit"] = math.fsum(_there(contestant.credit)) / problems
    met = [versus(contestant, rival, label) for label, rival in rivals]
    if rivals:
        found["versus"] = [one for one in met if one is not None]
    if any(category is not None for category in categories):
        found["categories"] = _by_category(contestant, categories)
    return found


def best_single(schedules: Sequence[Contestant]) -> Contestant:
    """The most accurate schedule, of equals the first cast. Chosen by the targets: in hindsight.

    One with few problems (of an unfinished run) is luckier than good: at least half as many as any other.
    """
    most = max(contestant.problems for contestant in schedules)
    enough = [contestant for contestant in schedules if 2 * contestant.problems >= most]
    return max(enough, key=lambda contestant: _total(contestant.correct) / contestant.problems)


def category_names(counted: Count) -> list[str | None]:
    """The category of every ballot's problem."""
    return [ballot.problem.category for ballot in counted.ballots]


def versus(contestant: Contestant, rival: Contestant, label: str) -> dict[str, Any] | None:
    """The comparison with a rival on the problems that both have; None where there are none."""
    pairs = zip(contestant.correct, rival.correct, strict=True)
    differences = [a - b for a, b in pairs if a is not None and b is not None]
    return {"rival": label, "name": rival.name, **paired(differences).to_dict()} if differences else None


def _by_category(contestant: Contestant, categories: Sequence[str | None]) -> dict[str, Any]:
    members: dict[str, list[float | None]] = {}
    for category, correct in zip(categories, contestant.correct, strict=True):
        if correct is not None:
            members.setdefault(category or "(none)", []).append(correct)
    return {name: {"problems": len(own), **_accuracy(own)} for name, own in sorted(members.items())}


def _accuracy(correct: Sequence[float | None]) -> dict[str, Any]:
    total, problems = _total(correct), len(_there(correct))
    return {"accuracy": total / problems, "ci95": list(wilson(total, problems)), "correct": total}


def _total(values: Sequence[float | None]) -> int | float:
    """Their sum. Thirds and fifths summed up: 20.000000000000004 is 20."""
    total = round(math.fsum(_there(values)), 12)
    return int(total) if total.is_integer() else total


def _there(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]
