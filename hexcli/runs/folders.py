"""What runs are called: by their folders, which may have been copied, moved or renamed since they were made."""

import contextlib
import glob
import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from hexcli.errors import UsageError
from hexcli.runs.rows import MANIFEST

RUNS = Path("runs")  # where runs are made, unless somebody says otherwise
DEEP = 3  # folders below one of runs in which runs are looked for
_HASH = r"[0-9a-f]{8}"  # of its recipe, at the end of a run's first name


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
    """The folder that is meant by a path, by the bare name of a run in runs/, or by the hash that one of these ends in;
    a path that leads nowhere as it is.
    """
    usual = RUNS / path
    with contextlib.suppress(OSError):  # a name that is too long, a folder that is not to be entered: as it is
        for run in (path, usual):
            if (run / MANIFEST).is_file():
                return run
        if not path.exists() and re.fullmatch(_HASH, str(path)):
            ending = [run.parent for run in RUNS.glob(f"*-{path}/{MANIFEST}")]
            return ending[0] if len(ending) == 1 else path
        return path if path.exists() or not usual.is_dir() else usual
    return path


def runs_below(folder: Path, deep: int = DEEP) -> list[Path]:
    """The runs in a folder, and in the folders of runs in it (as `hex sweep -o runs/grid` makes one), sorted by path.

    Hidden folders, and those that are not to be entered, have none. Raises OSError where `folder` itself is such.
    """
    found: list[Path] = []
    for entry in sorted(folder.iterdir()):
        with contextlib.suppress(OSError):
            if entry.name.startswith(".") or not entry.is_dir():
                continue
            if (entry / MANIFEST).is_file():
                found.append(entry)
            elif deep > 1:
                found += runs_below(entry, deep - 1)
    return found


def run_folders(path: Path) -> list[Path]:
    """The run folders that a pattern means (`sums-*`: of paths, or else of names in runs/); another path is one.

    Raises UsageError where no run is of the pattern.
    """
    pattern = str(path)
    if not any(letter in pattern for letter in "*?[") or run_folder(path).exists():
        return [run_folder(path)]
    places = (pattern,) if path.is_absolute() else (pattern, str(RUNS / path))
    for place in places:
        if runs := [Path(one) for one in sorted(glob.glob(place)) if (Path(one) / MANIFEST).is_file()]:  # noqa: PTH207
            return runs
    raise UsageError(f"no run is called '{pattern}': hex runs says which there are")
