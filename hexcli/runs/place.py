"""Whether a run may be written where it is asked for: found out before a model is loaded, which takes long."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError
from hexcli.files import why
from hexcli.labels import FIELDS
from hexcli.runs.halves import take_up
from hexcli.runs.mistakes import changed
from hexcli.runs.reading import read_manifest
from hexcli.runs.rows import MANIFEST
from hexcli.schedule import without_off

_KEPT = "where the prompts are the same, the cache has what was decoded"


def require_place(path: Path, task: str, definition: Mapping[str, Any], recipe: Mapping[str, Any]) -> None:
    """Raises UsageError where the folder holds a run of another task, or no run; HexError where nothing can be written.

    What only a loaded plan tells (model, wordings, data) is for RunWriter.open to refuse.
    """
    try:
        if path.is_dir():
            take_up(path)
            _require_run(path, task, definition, recipe)
        _require_writable(path)
    except OSError as error:
        raise HexError(f"cannot write the run '{path}': {why(error)}") from None


def place_note(path: Path, task: str, definition: Mapping[str, Any], recipe: Mapping[str, Any]) -> str | None:
    """Why nothing could be written there, of a run that is only planned, perhaps for another machine; else None.

    Raises UsageError where the folder is another run's, or none's.
    """
    try:
        if path.is_dir():
            _require_run(path, task, definition, recipe)
        _require_writable(path)
        if hasattr(os, "statvfs") and not os.statvfs(_nearest(path)).f_blocks:
            raise OSError(errno.EROFS, "its file system keeps no files")
    except OSError as error:
        return f"the run '{path}' could not be written here: {why(error)}"
    return None


def other_settings(path: Path, recipe: Mapping[str, Any]) -> str | None:
    """What to say where a folder has generations of other settings alone, beside which these are counted; else None."""
    if not (path / MANIFEST).exists():
        return None
    differing: list[str] = []
    now = without_off(dict(recipe))
    for one in read_manifest(path).asked:
        before = without_off(dict(one.recipe))
        there = [name for name in FIELDS if before.get(name) != now.get(name)]
        if not there:
            return None
        differing = [f"{name} {_said(before.get(name))} (these: {_said(now.get(name))})" for name in there]
    return f"added to {path}, which has {', '.join(differing)}: all of it votes; -o NEW keeps it apart"


def _said(value: Any) -> str:
    if value is None:
        return "unset"
    return f"{value:g}" if isinstance(value, float) else str(value)


def require_run_name(path: Path) -> None:
    """Raises UsageError where -o names what cannot be a run: a file, or a folder of runs."""
    if path.exists() and not path.is_dir():
        raise UsageError(f"'{path}' is a file: choose another -o")
    if next(path.glob(f"*/{MANIFEST}"), None) is not None:
        raise UsageError(f"'{path}' holds runs: name a folder in it, e.g. -o {path / 'NAME'}")


def _require_run(path: Path, task: str, definition: Mapping[str, Any], recipe: Mapping[str, Any]) -> None:
    if not (path / MANIFEST).exists():
        if any(not entry.name.startswith(".") for entry in path.iterdir()):
            raise UsageError(f"'{path}' is not empty and has no {MANIFEST}: choose another -o")
        return
    before = read_manifest(path)
    before.require_own(path, "nothing is decoded or imported into it")
    if before.task != task:
        said = changed(path, "task", before.recipe, recipe)
        raise UsageError(said or f"run '{path}' holds another task ({before.task}, not {task}): choose another -o")
    if before.definition != definition:
        said = changed(path, "definition", before.recipe, recipe)
        raise UsageError(said or f"run '{path}' holds another definition of the task: choose another -o; {_KEPT}")


def _require_writable(path: Path) -> None:
    there = _nearest(path)
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(there, os.W_OK | os.X_OK):
        why_not = errno.EROFS if _read_only(there) else errno.EACCES
        raise OSError(why_not, os.strerror(why_not))


def _nearest(path: Path) -> Path:
    """What is there of a path."""
    there = path.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    return there


def _read_only(there: Path) -> bool:
    """Whether the disk can only be read, where the system tells."""
    return hasattr(os, "statvfs") and bool(os.statvfs(there).f_flag & os.ST_RDONLY)
