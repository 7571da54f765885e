"""Rows of data as scripts have them: lists of mappings, data frames, datasets."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from hexcli.errors import UsageError
from hexcli.json_file import json_line
from hexcli.python.said import short


class Frame(Protocol):
    """A data frame, of pandas or polars."""

    @property
    def columns(self) -> Any: ...


# A file, or the rows of one: a list of mappings or of questions, a data frame, a dataset (datasets.Dataset).
RowsLike = Iterable[Mapping[str, Any] | str] | Frame
DataLike = str | Path | RowsLike

_ROWS = "a file's path, a list of rows ([{...}, ...]) or of questions, a data frame or a datasets.Dataset"


def rows_of(data: Any, what: str = "data") -> list[dict[str, Any]]:
    """The rows meant. Raises UsageError where they are none."""
    if callable(getattr(data, "to_dicts", None)):  # polars, and what our own functions return
        found: Any = data.to_dicts()
    elif isinstance(splits := getattr(data, "column_names", None), Mapping):
        raise UsageError(f"{what} has splits ({', '.join(map(str, splits))}): give one of them, {what}=dataset[NAME]")
    elif splits is None and callable(getattr(data, "to_dict", None)) and hasattr(data, "columns"):
        found = [{name: _held(value) for name, value in row.items()} for row in data.to_dict("records")]
    else:
        found = data
    if not isinstance(found, Iterable) or isinstance(found, str | bytes | Mapping):
        raise UsageError(f"{what} is {_ROWS}, not {short(data)}")
    rows = [{"question": row} if isinstance(row, str) else row for row in found]
    if not all(isinstance(row, Mapping) for row in rows):
        raise UsageError(f"{what} is {_ROWS}, not {short(data)}")
    if not rows:
        raise UsageError(f"{what} holds no rows")
    return [{str(name): value for name, value in row.items()} for row in rows]


def is_rows(value: object) -> bool:
    """Whether something is rows and no run, no name and no number."""
    if isinstance(value, list | tuple):
        return bool(value) and all(isinstance(row, Mapping) for row in value)
    return hasattr(value, "columns") or hasattr(value, "column_names")


def lines_of(data: Any, what: str = "data") -> bytes:
    """The rows meant as lines of JSON. Raises UsageError where they are none, or hold what JSON has no word for."""
    return b"".join(_line(what, number, row) for number, row in enumerate(rows_of(data, what), start=1))


def _held(value: Any) -> Any:
    """A cell of a data frame, where a missing value is no number."""
    return None if isinstance(value, float) and math.isnan(value) else value


def _line(what: str, number: int, row: Mapping[str, Any]) -> bytes:
    try:
        return json_line(row)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"{what}, row {number}: {error}: rows hold text, numbers, lists and None, as JSON does"
        ) from None
