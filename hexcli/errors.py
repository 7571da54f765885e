"""What a user can cause, and how it ends: one line and an exit code.

    HexError                something the user can mend; exit code 1: the run failed
    ├── NotDownloadedError  a model or dataset is not on this machine, and was not to be or could not be fetched
    └── UsageError          the command, a file name or a value was wrong; exit code 2
        └── ArgumentError   in Python, an argument that there is none of, or one too few or too many; a TypeError, too

The core raises `ValueError` with the numbers in it; the edges (files, models, recipes, the command line)
turn it into one of these. Bugs are neither, and keep their traceback. `plural`, `sized`, `unknown`, `beside` and
`place` are how they word it.
"""

import difflib
import inspect
import math
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FEW = 6  # names that are all listed, also where one of them is near
MANY = 9  # names that are not all listed, where a command lists them
# Where all names of a kind are listed.
LISTED = {
    **{kind: f"hex {kind}s lists all" for kind in ("task", "model", "aggregator", "recipe")},
    "mode": "hex bench --help lists all",
    "schedule or aggregator": "hex aggregators lists the others",
}


class HexError(Exception):
    """A failure to show as one line: what is wrong, where, and what to do."""

    exit_code = 1


class NotDownloadedError(HexError):
    """What is asked for is on a hub, and not here."""


class UsageError(HexError):
    """Wrong usage: nothing was started."""

    exit_code = 2


class ArgumentError(UsageError, TypeError):
    """A function of `import hexcli` was called with an argument that it does not have, or without one it needs."""


def plural(number: int, noun: str) -> str:
    """A number of things: `1 run`, `2 runs`, `1 entry`, `12,000 entries`."""
    many = noun[:-1] + "ies" if noun.endswith("ry") else noun + ("es" if noun.endswith("s") else "s")
    return f"{grouped(number)} {noun if number == 1 else many}"


def sized(count: float) -> str:
    """Bytes as people read them: `3 KiB`, `8.5 MiB`, `14.9 GiB`."""
    for unit, name in ((2**30, "GiB"), (2**20, "MiB")):
        if count >= unit / 2:
            return f"{count / unit:,.1f} {name}"
    return f"{math.ceil(count / 2**10):,} KiB"


def grouped(number: int) -> str:
    """A number as people read it: 9999, 12,000."""
    return f"{number:{',' if number >= 10_000 else ''}}"


def unknown(kind: str, name: str, known: Iterable[str], files: Iterable[str] = (), of: str = "") -> UsageError:
    """The error for a name that is not in a registry, naming the nearest one and then all of them.

    `files`: the endings of files that may be named in its place: one that is there under this name is what was meant.
    `of`: what it would be part of, ` of task 'sums'`.
    """
    names, said = list(known), f"unknown {kind} '{name}'{of}"
    if file := _file_meant(name, files):
        known = LISTED[kind] if kind in LISTED and len(names) > MANY else f"known by name: {', '.join(names)}"
        return UsageError(f"{said}: did you mean the file {file}? {known}")
    plain = {one.lower().replace("_", "-"): one for one in names}
    near = difflib.get_close_matches(name.lower().replace("_", "-"), plain, n=1, cutoff=0.58)
    hint = f"did you mean '{plain[near[0]]}'? " if near else ""
    if hint and len(names) > FEW:
        return UsageError(f"{said}: {hint}{LISTED.get(kind, '')}".rstrip())
    if len(names) > MANY and kind in LISTED:
        return UsageError(f"{said}: known: {', '.join(names[:FEW])}, ...; {LISTED[kind]}")
    return UsageError(f"{said}: {hint}known: {', '.join(names)}")


def _file_meant(name: str, endings: Iterable[str]) -> str | None:
    """The file, of one of the endings, that a name without it means; of Python the function in it, too."""
    stem, function = name, ""
    for ending in endings:
        if ending == ".py":
            stem, _, function = name.removesuffix(".py").partition(":" if ":" in name else ".")
        try:
            if stem and Path(f"{stem}{ending}").is_file():
                return f"{stem}{ending}" + (f":{function or 'NAME'}" if ending == ".py" else "")
        except (OSError, ValueError):  # no name of a file
            continue
    return None


def beside(path: Path, *, folders: bool = False) -> str:
    """For a file, or a folder, that does not exist: `: did you mean ...?` of what is beside it, or nothing."""
    try:
        if path.exists():
            return ""
        there = sorted(one.name for one in path.parent.iterdir() if (one.is_dir() if folders else one.is_file()))
    except (OSError, ValueError):
        return ""
    near = difflib.get_close_matches(path.name, there, n=1, cutoff=0.7)
    near = near if near and _alike(path.name, near[0]) else []  # endings that are the same are no likeness
    longer = [name for name in there if name.startswith((f"{path.name}-", f"{path.name}."))]
    found = [str(path.parent / name) for name in (near or longer)[:3]]
    return f": did you mean {' or '.join(repr(name) for name in found)}?" if found else ""


def place(error: BaseException, rule: Any) -> str:
    """` at mine.py line 7`: the deepest line of the file that a function of others is in; empty where none is known."""
    function = inspect.unwrap(rule)
    code = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    if code is None:
        return ""
    number = deepest_line(error, code.co_filename)
    return "" if number is None else f" at {Path(code.co_filename).name} line {number}"


def deepest_line(error: BaseException, file: str) -> int | None:
    """The line of a file, by the name that it was compiled under, in which an error arose; None where in none."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == file]
    return frames[-1].lineno if frames else None


def _alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one.partition(".")[0], other.partition(".")[0]).ratio() >= 0.6
