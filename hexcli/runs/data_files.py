"""Rows that Python was given, in files beside the runs decoded of them: data-<hash of what is in it>.jsonl."""

import contextlib
import hashlib
import re
from pathlib import Path

from hexcli.runs.rows import MANIFEST
from hexcli.runs.shelf import remove

_NAME = re.compile(r"data-[0-9a-f]{12}\.jsonl")


def data_name(content: bytes) -> str:
    """What the file of some rows is called."""
    return f"data-{hashlib.sha256(content).hexdigest()[:12]}.jsonl"


def remove_with_data(path: Path) -> list[str]:
    """`shelf.remove`, and the rows that were written for this run, where no other run beside it names them.

    Raises as `remove`.
    """
    place, names = path.resolve().parent, _named(path / MANIFEST)
    left = remove(path)
    for name in names:
        forget_unnamed(place / name)
    return left


def forget_unnamed(path: Path) -> None:
    """Take the file of some rows away; one that a run beside it names stays, and one that holds something else."""
    with contextlib.suppress(OSError):
        if not path.is_file() or data_name(path.read_bytes()) != path.name:
            return
        if not any(path.name in _named(manifest) for manifest in path.parent.glob(f"*/{MANIFEST}")):
            path.unlink()


def _named(manifest: Path) -> set[str]:
    """The files of rows that a run.json names."""
    try:
        return set(_NAME.findall(manifest.read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return set()
