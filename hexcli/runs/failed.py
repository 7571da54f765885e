"""Generations that could not be made, and why: kept beside the others until they are tried again."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from hexcli.errors import HexError
from hexcli.files import append_to, open_file, read_lines, why, write_atomically
from hexcli.json_file import json_line, parse_json
from hexcli.records import Problem
from hexcli.runs.rows import Name
from hexcli.schedule import Schedule
from hexcli.voter import Voter

FAILED = "failed.jsonl"


def read_failed(path: Path) -> dict[Name, str]:
    """The generations that failed in a run folder, and the reason of each; a damaged line is none. Raises HexError."""
    found: dict[Name, str] = {}
    try:
        with open_file(path / FAILED) as descriptor, os.fdopen(os.dup(descriptor), "rb") as file:
            for line in read_lines(file.readline):
                try:
                    row = parse_json(line, half=None)
                    voter = Voter(Schedule.from_dict(row["schedule"]), str(row.get("prompt_name", "")))
                    found[str(row["problem_id"]), voter] = str(row["reason"])
                except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
                    continue  # it is tried again, which is what a damaged line can cost
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise HexError(f"cannot read '{path / FAILED}': {why(error)}") from None
    return found


def add_failed(path: Path, problem: Problem, voter: Voter, reason: str) -> None:
    """Keep one more. Raises HexError where the disk does not allow it."""
    try:
        with append_to(path / FAILED) as file:
            file.write(json_line(_row(problem.id, voter, reason)))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise HexError(f"cannot write '{path / FAILED}': {why(error)}") from None


def forget_failed(path: Path, done: Collection[Name]) -> None:
    """Leave only those that failed and are not there by now. Raises HexError where the disk does not allow it."""
    failed = read_failed(path)
    left = {name: reason for name, reason in failed.items() if name not in done}
    if len(left) == len(failed):
        return
    try:
        if left:
            rows = (_row(problem, voter, reason) for (problem, voter), reason in left.items())
            write_atomically(path / FAILED, map(json_line, rows))
        else:
            (path / FAILED).unlink(missing_ok=True)
    except OSError as error:
        raise HexError(f"cannot write '{path / FAILED}': {why(error)}") from None


def _row(problem: str, voter: Voter, reason: str) -> dict[str, Any]:
    named = {"prompt_name": voter.prompt} if voter.prompt else {}
    return {"problem_id": problem, "schedule": voter.schedule.to_dict(), **named, "reason": reason}
