"""What runs are called: by their folders, which may have been copied, moved or renamed since they were made."""

import contextlib
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from hexcli.runs.rows import MANIFEST

RUNS = Path("runs")  # where runs are made, unless somebody says otherwise


def folder_name(path: Path) -> str:
    """The last part of a path, also of `.` and `..`."""
    return path.name if path.name not in ("", "..") else path.resolve().name or str(path)


def tidy(path: Path) -> Path:
    """The path without `..` in it, as people write it, where that leads to the same place."""
    plain = Path(os.path.normpath(path))
    return plain if plain.resolve() == path.resolve() else path


def apart(paths: Sequence[Path]) -> list[str]:
    """A name for each: its folder's; where several folders have one name, the whole path."""
    names = [folder_name(path) for path in paths]
    counts = Counter(names)
    return [name if counts[name] == 1 else str(path) for name, path in zip(names, paths, strict=True)]


def run_folder(path: Path) -> Path:
    """The folder that is meant by a path, or by the bare name of a run in runs/. A path that leads nowhere as it is."""
    usual = RUNS / path
    with contextlib.suppress(OSError):  # a name that is too long, a folder that is not to be entered: as it is
        for run in (path, usual):
            if (run / MANIFEST).is_file():
                return run
        return path if path.exists() or not usual.is_dir() else usual
    return path
