"""Scores a line a problem, or a generation, as spreadsheets take them: CSV with the question and the text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from hexcli.report.comma import csv_text
from hexcli.runs.counting import Count
from hexcli.scoring.graded import DECODED

Row = Mapping[str, Any]

_NUMBER = re.compile(r"[-+]?[0-9.,]+(e[-+]?[0-9]+)?")


def problem_lines(counted: Count, graded: Iterable[Row], aggregators: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A line a problem: what each schedule got right (of several samples the share), and each aggregator's answer.

    `... correct` is a share from 0.0 to 1.0 in every column, or None without a target.
    """
    questions = {ballot.problem.id: ballot.problem.question for ballot in counted.ballots}
    for problem, group in groupby(graded, key=lambda row: str(row["problem_id"])):
        rows = list(group)
        line = {name: rows[0][name] for name in ("problem_id", "category", "target")}
        line = {"run": counted.run.name, **line, "question": questions[problem]}
        votes = [row for row in rows if row["row"] == "generation"]
        for name in counted.names.values():
            line[f"{name} correct"] = _share([row["correct"] for row in votes if row["schedule"] == name])
        line["votes"] = len(votes)
        line["votes correct"] = None if votes[0]["correct"] is None else sum(bool(row["correct"]) for row in votes)
        for row in rows:
            if row["row"] == "decision" and row["aggregator"] in aggregators:
                name = row["aggregator"]
                line |= {name: row["answer"], f"{name} correct": _share([row["correct"]]), f"{name} tie": row["tie"]}
                line[f"{name} agreement"] = row["agreement"]
        yield line


def generation_lines(counted: Count, graded: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """A line a generation: its schedule, answer, whether that is right, and its text."""
    about = ("problem_id", "category", "target", "schedule", "prompt", *DECODED)
    kept = ("answer", "class", "votes", "correct", "credit", "nfe", "seconds", "question", "text")
    for row in graded:
        if row["row"] == "generation":
            yield {"run": counted.run.name, **{name: row[name] for name in (*about, *kept)}}


def comma_separated(lines: Sequence[Mapping[str, Any]]) -> str:
    """CSV under the columns of any line. What a spreadsheet would take for a formula gets an apostrophe."""
    columns = list(dict.fromkeys(name for line in lines for name in line))
    return csv_text([columns, *([_cell(line.get(name)) for name in columns] for line in lines)])


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _share(correct: Sequence[bool | None]) -> float | None:
    known = [one for one in correct if one is not None]
    return sum(known) / len(known) if known else None
