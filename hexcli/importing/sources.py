"""The files of an import, each with what is said of its schedule: `samples.jsonl:block_length=8`, or a mapping file.

# map.yaml: paths start at its folder, and may hold * and ?
samples_b8.jsonl: {block_length: 8}
samples_b32_*.jsonl: {block_length: 32, temperature: 0.9}
samples_uneven.jsonl: 48+16                                   # the block alone
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, unknown
from hexcli.importing.sample import STATED
from hexcli.yaml_file import read_mapping

_ARGUMENT = re.compile(r"(.+?):(\w+=[^:]*)", re.DOTALL)
_WHOLE = ("gen_length", "block_length", "steps", "seed", "refresh")
_TEXT = ("remasking", "kv_cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, or a run folder, and the schedule fields that the user gives for it alone."""

    path: Path
    given: Mapping[str, Any] = field(default_factory=dict)


def sources(arguments: Sequence[str], mapping: Path | None) -> list[Source]:
    """The files of the command line and of a mapping file. Raises UsageError naming the file and what is wrong."""
    found = [_source(argument) for argument in arguments]
    if mapping is not None:
        found += _mapped(mapping)
    if not found:
        raise UsageError("nothing to import: name its files, or a --map that does")
    return found


def _source(argument: str) -> Source:
    match = None if Path(argument).exists() else _ARGUMENT.fullmatch(argument)
    if match is None:
        return Source(path=Path(argument))
    fields = {}
    for part in match[2].split(","):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise UsageError(f"{argument}: '{part}' is no field of a schedule: write FILE:block_length=8,steps=128")
        fields[name.strip()] = value.strip()
    return Source(path=Path(match[1]), given=_checked(fields, argument))


def _mapped(mapping: Path) -> list[Source]:
    found = []
    for pattern, value in read_mapping(mapping, "mapping of files", "samples.jsonl: {block_length: 8}, ...").items():
        where = f"{mapping}: {pattern}"
        given = _checked(value if isinstance(value, Mapping) else {"block_length": value}, where)
        paths = _matching(mapping.parent, str(pattern))
        if not paths:
            raise UsageError(f"{where}: there is no such file")
        found += [Source(path=path, given=given) for path in paths]
    return found


def _matching(folder: Path, pattern: str) -> list[Path]:
    if any(char in pattern for char in "*?["):
        path = Path(pattern)
        return sorted((Path(path.anchor) if path.is_absolute() else folder).glob(pattern.removeprefix(path.anchor)))
    return [folder / pattern] if (folder / pattern).exists() else []


def _checked(fields: Mapping[Any, Any], where: str) -> dict[str, Any]:
    """The fields in their types; a block length of several is `blocks`. Raises UsageError naming the field."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in STATED:
            raise UsageError(f"{where}: {unknown('field', str(name), STATED)}")
        kind = "blocks" if name in ("blocks", "block_length") and "+" in str(value) else str(name)
        try:
            found[kind] = _read(kind, value)
        except (TypeError, ValueError):
            raise UsageError(f"{where}: {name} cannot be {value!r}") from None
    if {"blocks", "block_length"} <= set(found):
        raise UsageError(f"{where}: blocks and block_length are two ways to say one thing")
    return found


def _read(name: str, value: Any) -> Any:
    if name == "blocks":
        return list(map(int, value)) if isinstance(value, list) else [int(part) for part in str(value).split("+")]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    if name in _TEXT:
        return str(value)
    return int(str(value)) if name in _WHOLE else float(value)
