"""Where in a row a value stands: `text`, `result.text`, `choices.0.message.content`, or `outputs.text` of each."""

from collections.abc import Mapping, Sequence
from typing import Any


def at(row: Mapping[str, Any], path: str) -> Any:
    """The value at a path: a field of that very name, else names and places (from 0) parted by dots; through a list
    without a place the values of all in it. Raises KeyError where there is none."""
    return row[path] if path in row else _within(row, path.split("."))


def _within(value: Any, parts: Sequence[str]) -> Any:
    if not parts:
        return value
    if isinstance(value, Mapping):
        return _within(value[parts[0]], parts[1:])
    if isinstance(value, list) and parts[0].isdecimal() and int(parts[0]) < len(value):
        return _within(value[int(parts[0])], parts[1:])
    if isinstance(value, list) and value and not parts[0].isdecimal():
        return [_within(one, parts) for one in value]
    raise KeyError(".".join(parts))


_DEEPEST = 8  # objects inside each other that are looked into


def leaves(row: Mapping[str, Any], inside: str = "") -> dict[str, Any]:
    """Path -> value, of all that is no object. A list of objects has the paths of its first one; a conversation
    (objects of role and content) those of its last question and its last answer."""
    found: dict[str, Any] = {}
    if inside.count(".") >= _DEEPEST:
        return {inside.removesuffix("."): dict(row)}
    for name, value in row.items():
        path = f"{inside}{name}"
        if isinstance(value, Mapping):
            found |= leaves(value, f"{path}.")
        elif _is_talk(value):
            roles = {one["role"]: place for place, one in enumerate(value)}
            for role in ("user", "assistant"):
                if role in roles:
                    found[f"{path}.{roles[role]}.content"] = value[roles[role]]["content"]
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            found |= leaves(value[0], f"{path}.")
        else:
            found[path] = value
    return found


def said_by(row: Mapping[str, Any], path: str) -> str | None:
    """The role of whoever said what stands at a path, `user` or `assistant`; None where it is no conversation."""
    turn = path.removesuffix(".content")
    if turn == path:
        return None
    try:
        role = at(row, f"{turn}.role")
    except KeyError:
        return None
    return role if isinstance(role, str) else role[0] if isinstance(role, list) and role else None


def has(row: Mapping[str, Any]) -> str:
    """The fields of a row, in words; of objects what is in them."""
    names = list(leaves(row))
    return f"it has: {', '.join(names if len(names) <= 12 else map(str, row)) or 'none'}"


def _is_talk(value: Any) -> bool:
    """Whether a list is a conversation."""
    turns = isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value)
    return bool(turns) and all({"role", "content"} <= set(one) for one in value)
