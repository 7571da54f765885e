"""A run folder that was being replaced when the process was killed: the finished half is taken up."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from hexcli.runs.rows import MANIFEST

_HALF = re.compile(r"\.(?P<name>.+)\.(?P<process>[0-9]+)\.(?P<what>new|old)")


def half_of(path: Path, what: str) -> Path:
    """The hidden neighbour of a run folder that is to take its place (`new`), or did leave it (`old`)."""
    return path.with_name(f".{path.name}.{os.getpid()}.{what}")


def take_up(path: Path) -> None:
    """Where there is no `path`: give that name to what was to have it, whole, else to what had it.

    A folder is whole with its manifest, which is written last. Nothing is done to those of a process that lives, nor
    where the disk does not allow it.
    """
    if path.exists():
        return
    with contextlib.suppress(OSError):
        for what in ("new", "old"):
            for half in _halves(path.parent, path.name):
                if half.name.endswith(what) and (half / MANIFEST).is_file():
                    half.rename(path)
                    return


def take_up_all(folder: Path) -> None:
    """As `take_up`, of every run folder that was in `folder`."""
    with contextlib.suppress(OSError):
        for name in {match["name"] for entry in folder.iterdir() if (match := _HALF.fullmatch(entry.name))}:
            take_up(folder / name)


def clear(path: Path) -> None:
    """Delete what is left of processes that were killed while they replaced `path`, which is there."""
    for half in _halves(path.parent, path.name):
        discard(half)


def discard(folder: Path) -> None:
    """Delete a folder as far as the disk allows it, also where Ctrl-C comes meanwhile."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _halves(folder: Path, name: str) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        match = _HALF.fullmatch(entry.name)
        if match is not None and match["name"] == name and not _lives(int(match["process"])):
            yield entry


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
