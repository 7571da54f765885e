"""The files of an import, each with what is said of its schedule: `samples.jsonl:block_length=8` or, as schedules are
printed, `samples.jsonl:8@256`, or a mapping file. Names may hold * and ?.

# map.yaml: paths start at its folder
samples_b8.jsonl: {block_length: 8}
samples_b32_*.jsonl: {block_length: 32, temperature: 0.9}
samples_uneven.jsonl: 48+16                                   # the block alone
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, unknown
from hexcli.importing.naming import NAMES, named
from hexcli.labels import FIELDS, SHORT, Said
from hexcli.yaml_file import read_mapping

_ARGUMENT = re.compile(r"(.+?):(\w+=[^:]*)", re.DOTALL)
_KNOWN = ("block_length", "blocks", "seed", *FIELDS)
_OF_ROWS = ("question", "text", "target", "choices", "category", "problem_id", "prompt")  # whose names may be said, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, or a run folder, the schedule fields that the user gives for it alone, and what it calls its fields."""

    path: Path
    given: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def sources(arguments: Sequence[str], mapping: Path | None) -> list[Source]:
    """The files of the command line and of a mapping file. Raises UsageError naming the file and what is wrong."""
    found = [one for argument in arguments for one in _all_of(_source(argument))]
    if mapping is not None:
        found += _mapped(mapping)
    if not found:
        raise UsageError("nothing to import: name its files, or a --map that does")
    return found


def _all_of(source: Source) -> list[Source]:
    """The files that a pattern, where it stands in quotes, is of: no shell has opened it. Raises UsageError."""
    pattern = str(source.path)
    if source.path.exists() or not any(char in pattern for char in "*?["):
        return [source]
    if found := _matching(Path(), pattern):
        return [replace(source, path=path) for path in found]
    raise UsageError(f"no file is called like '{pattern}'")


def _source(argument: str) -> Source:
    if Path(argument).exists():
        return Source(path=Path(argument))
    if named := _named(argument):
        return named
    match = _ARGUMENT.fullmatch(argument)
    if match is None:
        return Source(path=Path(argument))
    fields = {}
    for part in match[2].split(","):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise UsageError(f"{argument}: '{part}' is no field of a schedule: write FILE:block_length=8,steps=128")
        fields[name.strip()] = value.strip()
    given, names = _told(fields, argument)
    return Source(path=Path(match[1]), given=given, fields=names)


def _named(argument: str) -> Source | None:
    """`FILE:32@256:steps=64`: the schedule as it is printed. None where it is no file with something else behind it."""
    places = [place for place, char in enumerate(argument) if char == ":" and _matching(Path(), argument[:place])]
    if not places or re.match(r"\w+=", argument[places[-1] + 1 :]):
        return None
    words = argument[places[-1] + 1 :]
    try:
        said = Said.of(words)
        blocks = _blocks(said.label)
    except ValueError as error:
        why = str(error) if words[:1].isdigit() else f"'{words}' is no schedule"
        raise UsageError(f"{argument}: {why}: write FILE:block_length=8,steps=128, or FILE:8@256") from None
    label = {"blocks": blocks} if len(blocks) > 1 else {"block_length": blocks[0]}
    return Source(path=Path(argument[: places[-1]]), given={**label, **said.fields})


def _mapped(mapping: Path) -> list[Source]:
    found = []
    for pattern, value in read_mapping(mapping, "mapping of files", "samples.jsonl: {block_length: 8}, ...").items():
        where = f"{mapping}: {pattern}"
        given, names = _told(value if isinstance(value, Mapping) else {"block_length": value}, where)
        paths = _matching(mapping.parent, str(pattern))
        if not paths:
            raise UsageError(f"{where}: there is no such file (names start at the folder of {mapping.name})")
        found += [Source(path=path, given=given, fields=names) for path in paths]
    return found


def _matching(folder: Path, pattern: str) -> list[Path]:
    if any(char in pattern for char in "*?["):
        path = Path(pattern)
        return sorted((Path(path.anchor) if path.is_absolute() else folder).glob(pattern.removeprefix(path.anchor)))
    return [folder / pattern] if (folder / pattern).exists() else []


def _told(fields: Mapping[Any, Any], where: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Of what stands behind a file, the fields of its schedule in their types, and what it calls its own fields.

    A block length of several is `blocks`. Raises UsageError naming the field.
    """
    found: dict[str, Any] = {}
    names: dict[str, str] = {}
    for said, value in fields.items():
        name = SHORT.get(str(said), str(said))
        if name == "model":
            raise UsageError(f"{where}: model is said of all files: --model {value}")
        if name in (*_OF_ROWS, "id", "answer"):
            names |= named([f"{name}={value}"])
            continue
        if name not in _KNOWN:
            raise UsageError(f"{where}: {unknown('field', str(said), (*_KNOWN, *_OF_ROWS))}")
        several = name == "blocks" or (name == "block_length" and ("+" in str(value) or isinstance(value, list)))
        try:
            found["blocks" if several else name] = typed("blocks" if several else name, value)
        except ValueError as error:
            raise UsageError(f"{where}: {error}{_or_field(name, value)}") from None
    if {"blocks", "block_length"} <= set(found):
        raise UsageError(f"{where}: blocks and block_length are two ways to say one thing")
    return found, names


def _or_field(name: str, value: Any) -> str:
    """What to say of a word where a number is meant: it may be what the file calls it."""
    word = isinstance(value, str) and re.fullmatch(r"[A-Za-z_]\w*", value) and name in NAMES
    return f" (a field of that name in its rows: --fields {name}={value})" if word else ""


def _blocks(value: Any) -> list[int]:
    return [int(part) for part in (value if isinstance(value, list) else str(value).split("+"))]


def typed(name: str, value: Any) -> Any:
    """A field of a schedule in its type, as the name of a schedule says it: `8:steps=64`. Raises ValueError."""
    try:
        if name == "blocks" or (name == "block_length" and "+" in str(value)):
            return _blocks(value)
        if name == "suppress_tokens" and isinstance(value, list):
            value = "+".join(map(str, value)) or "off"
        text = str(value).lower() if isinstance(value, bool) else "off" if value is None else str(value)
        found = int(text) if name in ("block_length", "seed") else Said.of(f"1:{name}={text}").fields[name]
    except (TypeError, ValueError):
        raise ValueError(f"{name} cannot be {value!r}") from None
    return list(found) if isinstance(found, tuple) else found  # as run.json keeps it
