"""Rows of a dataset, checked field by field, become the problems of a task."""

import ast
import contextlib
import dataclasses
import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from string import ascii_uppercase
from typing import Any

from hexcli.json_file import parse_json
from hexcli.records import Problem

TEXT = "text"
NUMBER = "a whole number"
TEXTS = "a list of texts"
OPTIONS = "a list of options, in JSON or parted by |"
NUMBERS = "a list of whole numbers"

_MARK = re.compile(r"\(?([A-Za-z])[.):]\s*")  # what stands before an option: `A. gas`
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
            raise ValueError(f"{where}, row {number}: {_empty(row, fields) or error}") from None
        if not problem.question.strip():
            raise ValueError(f"{where}, row {number}: {_empty(row, fields) or 'its question is empty'}")
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
        if kind == OPTIONS:
            value = options_in(value)
        elif numerals and kind == TEXT and _is_finite(value):
            value = str(value)
        if isinstance(kind, Mapping):
            value = checked(value, kind, full, numerals=numerals)
        elif not _IS[kind](value):
            raise ValueError(f"field '{full}' must be {kind}, not {_short(value)}")
        values[name] = value
    return values


def options_in(value: Any) -> Any:
    """The options in what a row has for them, as a list: of a text those that `|`, lines, `;` or commas part, each
    without its letter; of an object by letters (`{"A": "gas"}`) its values. Anything else as it is."""
    if isinstance(value, Mapping):
        letters = [str(key).strip().upper() for key in value]
        return options_in(list(value.values())) if letters == list(ascii_uppercase[: len(letters)]) else value
    if isinstance(value, list):
        return [str(one) if _is_finite(one) else one for one in value]
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):  # as Python writes a list
        with contextlib.suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            return options_in(ast.literal_eval(value.strip()))
    for sign in ("\n", "|", ";", ","):
        parts = [part.strip() for part in value.strip().split(sign)]
        if len(parts) > 1 and all(parts):
            marks = [_MARK.match(part) for part in parts]
            lettered = [mark and mark[1].upper() for mark in marks] == list(ascii_uppercase[: len(parts)])
            return [_MARK.sub("", part, count=1) for part in parts] if lettered else parts
    return value


def _empty(row: Any, fields: Fields) -> str:
    """What to say of a row whose text is not there at all, as in an empty cell; nothing of any other."""
    names = [name for name, kind in fields.items() if kind == TEXT]
    found = [name for name in names if isinstance(row, Mapping) and not str(row.get(name, "?")).strip()]
    return f"field '{found[0]}' is empty" if found else ""


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
    OPTIONS: lambda value: isinstance(value, list) and bool(value) and all(map(_is_text, value)),
    TEXTS: lambda value: isinstance(value, list) and all(map(_is_text, value)),
    NUMBERS: lambda value: isinstance(value, list) and all(map(_is_number, value)),
}


def _short(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
