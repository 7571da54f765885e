"""The columns of a generation's row: whose it is, what it says, and everything to group it by."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hexcli.records import Generation
from hexcli.runs.counting import Count
from hexcli.schedule import Schedule

SHOWN = ("problem_id", "schedule", "seed", "answer", "target", "nfe", "text")
GRADED = ("problem_id", "schedule", "seed", "answer", "target", "correct", "nfe", "text")
DECIDED = ("problem_id", "aggregator", "answer", "target", "correct", "tie", "agreement")


def schedule_columns(schedule: Schedule | None) -> dict[str, Any]:
    """Fields of a schedule, to group by; `block_length` is None where blocks are uneven, all of a decision's are."""
    names = ("gen_length", "steps", "temperature", "remasking")
    if schedule is None:
        return dict.fromkeys(("block_length", *names))
    return {
        "block_length": schedule.blocks[0] if schedule.even else None,
        **{name: getattr(schedule, name) for name in names},
    }


def graded_columns(counted: Count, graded: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of graded.jsonl, each with its question, its text and the fields of its schedule."""
    questions = {ballot.problem.id: ballot.problem.question for ballot in counted.ballots}
    waiting = iter([one for ballot in counted.ballots for one in ballot.generations])  # in the order of their rows
    for row in graded:
        one: Generation | None = next(waiting) if row["row"] == "generation" else None
        yield {
            **row,
            **schedule_columns(None if one is None else one.schedule),
            "question": questions[row["problem_id"]],
            "text": None if one is None else one.response.text,
        }


def voted_columns(counted: Count, voted: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of votes.jsonl, each with its problem's category, question and target."""
    problems = {ballot.problem.id: ballot.problem for ballot in counted.ballots}
    for row in voted:
        problem = problems[row["problem_id"]]
        yield {**row, "category": problem.category, "question": problem.question, "target": problem.target}


def without_empty(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows without the columns that say nothing of any of them; a table has those it shows all the same."""
    found = [dict(row) for row in rows]
    said = {name for row in found for name, value in row.items() if value is not None}
    return [{name: value for name, value in row.items() if name in said} for row in found]
