"""An import into a run folder: whole or not at all, whenever the process dies."""

import contextlib
import itertools
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from hexcli.errors import HexError, UsageError
from hexcli.files import why
from hexcli.json_file import json_line, write_json, write_jsonl
from hexcli.records import Generation
from hexcli.runs.halves import clear, discard, half_of, take_up
from hexcli.runs.manifest import Manifest
from hexcli.runs.reading import Run, read_manifest
from hexcli.runs.row import row_of
from hexcli.runs.rows import GENERATIONS, MANIFEST
from hexcli.task import Task


def addable(path: Path, task: Task) -> Run:
    """The import at `path`, to which others may be added. Raises UsageError where it is none, or of another task."""
    before = read_manifest(path)
    if "import" not in before.recipe:
        raise UsageError(
            f"'{path}' holds decoded generations, and is not added to: import the files into a run of their own, then "
            f"hex vote {shlex.quote(str(path))} THAT --together"
        )
    if (before.task, before.definition) != (task.name, task.definition):
        raise UsageError(f"'{path}' is of task {before.task}, and another than {task.name} cannot be added to it")

    def refuse(message: str) -> NoReturn:
        raise UsageError(f"{message}: it cannot be added to")

    return Run.read(path, warn=refuse)


def write_import(path: Path, manifest: Manifest, generations: Sequence[Generation], *, overwrite: bool) -> bool:
    """Make the run folder at `path`. False where it is there already, with the same generations.

    Raises UsageError where the folder holds something else and may not be overwritten: another import, that is;
    decoded generations never may.
    """
    if path.name in ("", ".."):
        raise UsageError(f"'{path}' is no name for a run folder: choose another -o")
    with _disk_errors(path):
        take_up(path)
        clear(path)
        if path.exists() and not path.is_dir():
            raise UsageError(f"'{path}' is a file: choose another -o")
        if (path / MANIFEST).exists():
            before = read_manifest(path)
            if "import" not in before.recipe:
                raise UsageError(f"'{path}' holds decoded generations: choose another -o")
            same = before.task == manifest.task and before.definition == manifest.definition
            if same and _holds(path / GENERATIONS, generations):
                return False
            if not overwrite:
                raise UsageError(f"'{path}' holds another import: choose another -o, --add to it, or --overwrite it")
        elif path.exists() and any(path.iterdir()):
            raise UsageError(f"'{path}' is not empty and has no {MANIFEST}: choose another -o, e.g. {path / 'NAME'}")
        path.parent.mkdir(parents=True, exist_ok=True)
        with _beside(path, "new") as new:
            new.mkdir()
            write_jsonl(new / GENERATIONS, (row_of(generation) for generation in generations))
            write_json(new / MANIFEST, manifest.to_dict())
            _exchange(path, new)
    return True


def _exchange(path: Path, new: Path) -> None:
    """Give `new` the name; what had it is deleted, or has it again where that did not come off."""
    old = half_of(path, "old")
    try:
        if path.exists():
            path.rename(old)
        new.rename(path)
    finally:  # also where Ctrl-C comes between the two
        if not path.exists() and old.exists():
            old.rename(path)
        discard(old)


def _holds(file: Path, generations: Sequence[Generation]) -> bool:
    """Whether the file's lines are exactly these generations."""
    with file.open("rb") as lines:
        pairs = itertools.zip_longest(lines, generations)
        return all(line and one and line == json_line(row_of(one)) for line, one in pairs)


@contextlib.contextmanager
def _beside(path: Path, what: str) -> Iterator[Path]:
    """The name of a hidden neighbour, gone afterwards."""
    neighbour = half_of(path, what)
    try:
        yield neighbour
    finally:
        discard(neighbour)


@contextlib.contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HexError(f"cannot write the run '{path}': {why(error)}") from error
