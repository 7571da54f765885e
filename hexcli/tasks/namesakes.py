"""What the columns of rows in a file are, where their names and what they hold tell it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.tasks.columns import roles
from hexcli.tasks.data.local import rows_of


def recognised(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], told: Mapping[str, str]) -> dict[str, Any]:
    """Role -> column, as told and else by their names, of those that hold what their role asks. Raises as `roles`."""
    fields = roles(columns, dict(told))
    if "answer" in fields and "answer" not in told and not any(given(row.get(fields["answer"])) for row in rows):
        del fields["answer"]
    for role in ("id", "category"):
        if role in fields and role not in told and not _fit(role, [row.get(fields[role]) for row in rows]):
            del fields[role]
    return fields


def fields_of(path: Path) -> dict[str, Any]:
    """The `fields` of a task file that names none: what the columns of its rows are called like. Raises UsageError."""
    columns, rows = table(path)
    try:
        return recognised(columns, rows, {})
    except ValueError as error:
        names = "a mapping of question, answer, choices, id, category to the names in its rows"
        raise UsageError(f"it needs fields: {names}: {error}") from None


def table(path: Path) -> tuple[list[str], list[Mapping[str, Any]]]:
    """The names of a file's columns, and its rows; a file that stays as it is is read once. Raises UsageError."""
    version: tuple[int, ...] = ()
    try:
        found = path.stat()
        version = found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    except OSError:
        pass  # reading says why
    return _table(path, version)


@lru_cache(maxsize=1)
def _table(path: Path, version: tuple[int, ...]) -> tuple[list[str], list[Mapping[str, Any]]]:
    """`version` tells one content of the file from another."""
    try:
        rows = rows_of(path)
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    if not rows:
        raise UsageError(f"{path} holds no rows")
    for number, row in rows:
        if not isinstance(row, Mapping):
            raise UsageError(f"{path}, row {number}: it must be an object with a question in it, not {row!r:.60}")
    return list(map(str, rows[0][1])), [row for _, row in rows]


def given(value: Any) -> bool:
    """Whether a cell holds anything."""
    return value is not None and str(value).strip() != ""


def _fit(role: str, values: Sequence[Any]) -> bool:
    """Whether a column can be the name of each row, or its kind."""
    plain = all(isinstance(value, str | int) and str(value).strip() for value in values)
    return plain and (role != "id" or len({str(value) for value in values}) == len(values))
