"""Rows inside one JSON value, where they are not a list of their own: `{"config": ..., "results": [...]}`, or under
their ids: `{"q1": {...}, "q2": {...}}`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hexcli.importing.guessing import asks, guessed, misfit
from hexcli.importing.naming import there


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwrapped:
    """Rows, what the file tells besides, and how it was read, to be told."""

    rows: list[Any]
    header: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


def unwrapped(value: Any, fields: Mapping[str, str]) -> Unwrapped:
    """The rows in the value of a whole file; an object that may be a row itself is one."""
    if isinstance(value, list):
        return Unwrapped(rows=value)
    if not isinstance(value, Mapping) or _fit(value, fields):
        return Unwrapped(rows=[value])
    lists = [name for name, one in value.items() if _are_rows(one)]
    if len(lists) == 1 and not asks(value):
        header = {name: one for name, one in value.items() if name != lists[0]}
        return Unwrapped(rows=value[lists[0]], header=header, note=f"its rows are those in its field '{lists[0]}'")
    if value and all(isinstance(one, Mapping) and _fit(one, fields) for one in value.values()):
        rows = [{"id": name, **row} for name, row in value.items()]
        return Unwrapped(rows=rows, note="its rows are the objects in it, each under its id")
    return Unwrapped(rows=[value])


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _fit(row: Mapping[str, Any], fields: Mapping[str, str]) -> bool:
    """Whether a row can be read without being told more than `fields`, or is lm-eval's."""
    used = {ours: theirs for ours, theirs in fields.items() if there(row, theirs)}
    return misfit(row, used) is None or bool(guessed(row, used)) or {"doc", "resps"} <= set(row)
