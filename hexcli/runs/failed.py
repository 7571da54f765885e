"""Generations that could not be made, and why: kept beside the others until they are tried again."""

import os
from collections.abc import Collection
from pathlib import Path

from hexcli.errors import HexError
from hexcli.files import json_line, parse_json, read_file, why, write_atomically
from hexcli.records import Problem
from hexcli.runs.rows import Name
from hexcli.schedule import Schedule

FAILED = "failed.jsonl"


def read_failed(path: Path) -> dict[Name, str]:
    """The generations that failed in a run folder, and the reason of each; a damaged line is none. Raises HexError."""
    try:
        content = read_file(path / FAILED)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise HexError(f"cannot read '{path / FAILED}': {why(error)}") from None
    found: dict[Name, str] = {}
    for line in content.splitlines():
        try:
            row = parse_json(line, half=None)
            found[str(row["problem_id"]), Schedule.from_dict(row["schedule"])] = str(row["reason"])
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            continue  # it is tried again, which is what a damaged line can cost
    return found


def add_failed(path: Path, problem: Problem, schedule: Schedule, reason: str) -> None:
    """Keep one more. Raises HexError where the disk does not allow it."""
    row = {"problem_id": problem.id, "schedule": schedule.to_dict(), "reason": reason}
    try:
        with (path / FAILED).open("ab") as file:
            file.write(json_line(row))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise HexError(f"cannot write '{path / FAILED}': {why(error)}") from None


def forget_failed(path: Path, done: Collection[Name]) -> None:
    """Leave only those that failed and are not there by now."""
    failed = read_failed(path)
    left = {name: reason for name, reason in failed.items() if name not in done}
    if len(left) == len(failed):
        return
    try:
        if left:
            rows = ({"problem_id": one, "schedule": by.to_dict(), "reason": text} for (one, by), text in left.items())
            write_atomically(path / FAILED, map(json_line, rows))
        else:
            (path / FAILED).unlink(missing_ok=True)
    except OSError as error:
        raise HexError(f"cannot write '{path / FAILED}': {why(error)}") from None
