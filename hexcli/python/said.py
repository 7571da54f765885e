"""What scripts and notebooks say where the command line has text: lists, functions, rows of data."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.files import write_atomically
from hexcli.json_file import json_line

# A name, also `mine.py:name`, or a function as one in a file (docs/python.md).
AggregatorLike = str | Callable[..., Any]
# Schedules by the names they are printed with: one, several parted by commas, or a list.
SchedulesLike = str | int | Sequence[str | int]
# A file, or the rows of one: a list of mappings, or a data frame.
DataLike = str | Path | Sequence[Mapping[str, Any]]

_ROWS = "a file's path, a list of rows ([{...}, ...]) or a data frame"


def short(value: object) -> str:
    """What was given, in a few words of one line."""
    text = " ".join(repr(value)[:500].split())
    return f"a {type(value).__name__}" if len(text) > 60 or text.startswith("<") else text


def schedules_of(value: Any) -> list[str | int]:
    """The schedules meant: one, several parted by commas, or a list of either. Raises UsageError."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    if not isinstance(value, Iterable) or isinstance(value, Mapping | bytes):
        raise UsageError(f"schedules are a list, [8, 16, 32], or a text, '8,16,32', not {short(value)}")
    return list(value)


def names_said(what: str, value: Any) -> list[str]:
    """The texts meant: one, or a list of them. Raises UsageError."""
    found = [value] if isinstance(value, str) else list(value) if isinstance(value, Sequence) else None
    if found is None or not all(isinstance(one, str) for one in found):
        raise UsageError(f"{what} are a list of texts, not {short(value)}")
    return found


def path_said(what: str, value: Any) -> Path:
    """A file or folder that is named. Raises UsageError."""
    if not isinstance(value, str | Path):
        raise UsageError(f"{what} is a path, a text, not {short(value)}")
    return Path(value)


def mapping_said(what: str, value: Any) -> Mapping[str, Any]:
    """Fields by name; None: none. Raises UsageError."""
    if not isinstance(value, Mapping | None):
        raise UsageError(f"{what} are a mapping of names to values, not {short(value)}")
    return value or {}


def require_count(what: str, value: Any) -> None:
    """Raises UsageError where what counts something is no whole number from 1 on; None says nothing."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise UsageError(f"{what} is a whole number from 1 on, not {short(value)}")


def check_prompt(prompt: Any) -> None:
    """Raises UsageError where the first argument of `decode` is no prompt."""
    if prompt is None or isinstance(prompt, str):
        return
    if isinstance(prompt, Mapping | list) or hasattr(prompt, "to_dict"):
        raise UsageError(
            f"a prompt is one text, not {short(prompt)}: rows of a task are hexcli.decode(task='gsm8k', data=...)"
        )
    raise UsageError(f"a prompt is one text, not {short(prompt)}")


def data_file(data: Any, beside: Path) -> str | None:
    """The file of the task's rows; rows themselves are written to one in the folder `beside`, named by what is in it.

    So they are in the recipe and the run as a file's rows are, and `hex decode --data` finds them again. Raises
    UsageError where they are no rows, or hold what JSON has no word for.
    """
    if data is None or isinstance(data, str | Path):
        return None if data is None else str(data)
    if callable(getattr(data, "to_dict", None)) and hasattr(data, "columns"):  # a data frame, whoever made it
        rows = data.to_dict("records")
    else:
        rows = data.to_dicts() if callable(getattr(data, "to_dicts", None)) else data
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        raise UsageError(f"data is {_ROWS}, not {short(data)}")
    if not rows:
        raise UsageError("data holds no rows")
    content = b"".join(_line(number, row) for number, row in enumerate(rows, start=1))
    path = beside / f"data-{hashlib.sha256(content).hexdigest()[:12]}.jsonl"
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, [content])
    return str(path)


def _line(number: int, row: Mapping[str, Any]) -> bytes:
    try:
        return json_line({str(name): value for name, value in row.items()})
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"data, row {number}: {error}: rows hold text, numbers, lists and None, as JSON does"
        ) from None
