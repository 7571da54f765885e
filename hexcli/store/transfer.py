"""Generations of another cache, from the lines that `hex cache export` wrote there, into this one."""

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.files import open_file, read_lines, why
from hexcli.json_file import flaw, parse_json
from hexcli.keys import IDENTITY, key_of
from hexcli.records import Response
from hexcli.schedule import Schedule
from hexcli.store.store import GenerationStore

_SHOWN = 3  # refused lines that are told one by one
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import did: rows that are new, that were there already, and that were refused, with the first reasons."""

    new: int
    there: int
    refused: int
    reasons: tuple[str, ...]


def take(store: GenerationStore, path: Path) -> Taken:
    """Put every sound row of an export into the cache; what is there already is left as it is.

    A row is taken only if its key is that of its model, dtype, prompt and schedule, and its response is whole. Raises
    UsageError where the file cannot be read, or is no export at all.
    """
    new = there = refused = 0
    reasons: list[str] = []
    try:
        for number, line in _lines(path):
            try:
                key, about, response = _row(line)
            except ValueError as error:
                refused += 1
                if len(reasons) < _SHOWN:
                    reasons.append(f"{path}, line {number}: {flaw(error, line=False)}")
                continue
            if key in store:
                there += 1
            else:
                store.put(key, response, about=about)
                new += 1
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"cannot read {path}: {why(error) if isinstance(error, OSError) else error}") from None
    if refused and not new and not there:
        raise UsageError(f"{reasons[0]}: it is no export of a cache (`hex cache export` writes one)")
    return Taken(new=new, there=there, refused=refused, reasons=tuple(reasons))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, counted from 1, as they come: an export may be larger than the memory."""
    with open_file(path) as descriptor, io.BufferedReader(io.FileIO(os.dup(descriptor))) as file:
        packed = file.peek(2)[:2] == _GZIP
        for number, line in enumerate(read_lines((gzip.GzipFile(fileobj=file) if packed else file).readline), start=1):
            if line.strip():
                yield number, line


def _row(line: bytes) -> tuple[str, dict[str, Any], Response]:
    """Key, identity and response. Raises ValueError with the reason why it cannot be trusted."""
    row = parse_json(line)
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    if missing := [name for name in ("key", *IDENTITY) if name not in row]:
        raise ValueError(f"no field '{missing[0]}'")
    about = {name: row[name] for name in IDENTITY}
    if not all(isinstance(row[name], str) for name in ("key", "model", "dtype", "prompt")):
        raise ValueError("key, model, dtype and prompt must be text")
    if row["key"].partition(":")[0] != key_of(about).partition(":")[0]:
        raise ValueError("it is of a version of hex that decoded otherwise")
    if row["key"] != key_of(about):
        raise ValueError("its key is that of another generation")
    try:
        schedule = Schedule.from_dict(row["schedule"])
    except (TypeError, AttributeError, OverflowError):
        raise ValueError("its schedule is none") from None
    response = Response.from_dict(row)
    if schedule.to_dict() != row["schedule"] or len(response.token_ids) != schedule.gen_length:
        raise ValueError(f"{len(response.token_ids)} tokens on a canvas of {schedule.gen_length}")
    return row["key"], about, response
