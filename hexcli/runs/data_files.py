"""What Python was given, beside the runs decoded of it, named by what is in it: the rows of data-<hash>.jsonl, the
model in the folder model-<hash>."""

import contextlib
import hashlib
import re
import shutil
from pathlib import Path

from hexcli.runs.rows import MANIFEST
from hexcli.runs.shelf import remove

_NAME = re.compile(r"\bdata-[0-9a-f]{12}\.jsonl|\bmodel-[0-9a-f]{12}\b")


def data_name(content: bytes) -> str:
    """What the file of some rows is called."""
    return f"data-{hashlib.sha256(content).hexdigest()[:12]}.jsonl"


def model_name(folder: Path) -> str:
    """What the folder of a model is called. Raises OSError where it cannot be read."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        with file.open("rb") as content:
            digest.update(f"{file.name}\0{hashlib.file_digest(content, 'sha256').hexdigest()}\n".encode())
    return f"model-{digest.hexdigest()[:12]}"


def remove_with_data(path: Path) -> list[str]:
    """`shelf.remove`, and the rows and the model that were written for this run, where no other run beside it names
    them.

    Raises as `remove`.
    """
    place, names = path.resolve().parent, _named(path / MANIFEST)
    left = remove(path)
    for name in names:
        forget_unnamed(place / name)
    return left


def forget_unnamed(path: Path) -> None:
    """Take rows or a model away; what a run beside it names stays, and what holds something else."""
    with contextlib.suppress(OSError):
        if any(path.name in _named(manifest) for manifest in path.parent.glob(f"*/{MANIFEST}")):
            return
        if path.is_file() and data_name(path.read_bytes()) == path.name:
            path.unlink()
        elif path.is_dir() and model_name(path) == path.name:
            shutil.rmtree(path)


def _named(manifest: Path) -> set[str]:
    """The rows and models that a run.json names."""
    try:
        return set(_NAME.findall(manifest.read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return set()
