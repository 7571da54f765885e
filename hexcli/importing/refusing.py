"""What is said of the files of an import and has no effect, and files that are there twice."""

import difflib
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.importing.sample import SampleFile
from hexcli.importing.sources import Source


def refuse_overruled(files: Sequence[SampleFile], given: Mapping[str, Any]) -> None:
    """Raises UsageError where an option says of all files what each has behind it."""
    for name in given:
        own = {name, *(("blocks",) if name == "block_length" else ())}
        if all(own & set(file.given) for file in files):
            raise UsageError(f"--{name.replace('_', '-')} has no effect: each file has its own behind it; leave it out")


def refuse_unused(files: Sequence[SampleFile], sources: Sequence[Source], fields: Mapping[str, str]) -> None:
    """Raises UsageError where a file has not what is said of its fields, or no file has what is said of all."""
    plain = [file for file in files if file.format == "jsonl" and file.run is None]
    for file, source in zip(files, sources, strict=True):
        for ours, theirs in source.fields.items():
            if file.fields.get(ours) != theirs:
                raise UsageError(f"{file.name}: {_own_names(file) or f'it has no field {theirs!r}'}: leave {ours}= out")
    for ours, theirs in fields.items():
        if not any(file.fields.get(ours) == theirs for file in plain):
            there = f" ({plain[0].name}: {plain[0].has})" if plain else ""
            why = f"no file has a field '{theirs}'{there}" if plain else f"{files[0].name}: {_own_names(files[0])}"
            near = (
                difflib.get_close_matches(theirs, plain[0].has.removeprefix("it has: ").split(", "), n=1)
                if plain
                else []
            )
            instead = f"did you mean {ours}={near[0]}?" if near and near[0] != ours else "leave it out"
            raise UsageError(f"--fields {ours}={theirs} has no effect: {why}: {instead}")


def _own_names(file: SampleFile) -> str:
    """Why its fields need no names; empty where they may."""
    if file.run is not None:
        return "it is a run, whose fields have their names"
    return f"it is of format {file.format}, whose fields have their names" if file.format != "jsonl" else ""


def refuse_copies(files: Sequence[SampleFile]) -> None:
    """Raises UsageError where a file is named twice, or a copy of it."""
    seen: dict[str, str] = {}
    for file in files:
        if file.sha256 in seen:
            raise UsageError(f"{seen[file.sha256]} and {file.name} are one and the same: its votes would count twice")
        seen[file.sha256] = file.name


def refuse_same_rows(files: Sequence[SampleFile], sources: Sequence[Source], output: Path) -> None:
    """Raises UsageError where two runs have a question under one schedule and seed."""
    met: dict[object, Path] = {}
    for file, source in zip(files, sources, strict=True):
        own = {(one.question, one.schedule, one.prompt_name) for one in file.samples if file.run and one.schedule}
        for name in own:
            if (other := met.setdefault(name, source.path)) != source.path:
                line = shlex.join(["hex", "vote", str(other), str(source.path), "--together", "-o", str(output)])
                raise UsageError(
                    f"'{other}' and '{source.path}' have a question under one schedule and seed, which an import has "
                    f"once; a run of both: {line}"
                )
