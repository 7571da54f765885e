"""Rows of a dataset, checked field by field, become the problems of a task."""

import contextlib
import dataclasses
import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hexcli.json_file import parse_json
from hexcli.records import Problem

TEXT = "text"
NUMBER = "a whole number"
TEXTS = "a list of texts"
NUMBERS = "a list of whole numbers"

# What a row must hold: the kind of each field, or the fields of an object in it.
Fields = Mapping[str, Any]
FromRow = Callable[[Mapping[str, Any], int], Problem]


def problems(rows: Iterable[tuple[int, Any]], where: str, fields: Fields, from_row: FromRow) -> list[Problem]:
    """The problems in numbered rows (counted from 1). Raises ValueError naming the row, the field and `where`."""
    found: dict[str, tuple[Problem, int]] = {}
    for index, (number, row) in enumerate(rows):
        try:
            values = checked(row, fields, numerals=True)
            problem = from_row(values, index)
        except ValueError as error:
            raise ValueError(f"{where}, row {number}: {error}") from None
        if problem.id in found:
            raise ValueError(f"{where}: rows {found[problem.id][1]} and {number} have one id, '{problem.id}'")
        found[problem.id] = problem if problem.row else dataclasses.replace(problem, row=values), number
    return [problem for problem, _ in found.values()]


def checked(row: Any, fields: Fields, inside: str = "", *, numerals: bool = False) -> dict[str, Any]:
    """The row with every field of the kind that `fields` says. Raises ValueError naming the field.

    Where a file knows texts only (CSV), numbers, lists and objects are read from JSON. With `numerals` a number where a
    text is meant (`"answer": 21` in JSON) is the text that it would be in CSV.
    """
    if not isinstance(row, Mapping):
        raise ValueError(f"{f'field {inside!r}' if inside else 'it'} must be an object, not {_short(row)}")
    values = dict(row)
    for name, kind in fields.items():
        full = f"{inside}.{name}" if inside else name
        if name not in values:
            raise ValueError(f"no field '{full}' (it has: {', '.join(map(str, row)) or 'none'}){_instead(name, row)}")
        value = values[name]
        if kind != TEXT and isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = parse_json(value)
        elif numerals and kind == TEXT and _is_finite(value):
            value = str(value)
        if isinstance(kind, Mapping):
            value = checked(value, kind, full, numerals=numerals)
        elif not _IS[kind](value):
            raise ValueError(f"field '{full}' must be {kind}, not {_short(value)}")
        values[name] = value
    return values


def _instead(name: str, row: Mapping[str, Any]) -> str:
    """What a row may have in place of a field: one that is called nearly so, or the rows themselves."""
    plain = {str(one).strip().lower(): str(one) for one in row}
    if near := difflib.get_close_matches(name.lower(), plain, n=1, cutoff=0.75):
        return f": did you mean {plain[near[0]]!r}?"
    for inside, value in row.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            return f": its rows are in '{inside}', and are to be all that is in the file"
    return ""


def _is_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair could not be written again
        return False
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_IS: dict[str, Callable[[Any], bool]] = {
    TEXT: _is_text,
    NUMBER: _is_number,
    TEXTS: lambda value: isinstance(value, list) and all(map(_is_text, value)),
    NUMBERS: lambda value: isinstance(value, list) and all(map(_is_number, value)),
}


def _short(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
