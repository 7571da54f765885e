"""Which runs of a shelf are listed, and in which order."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from hexcli.errors import HexError, UsageError
from hexcli.runs.folders import folder_name
from hexcli.runs.manifest import Manifest
from hexcli.runs.reading import read_manifest
from hexcli.runs.shelf import Kept
from hexcli.runs.valued import numbers_of

ORDERS = ("date", "accuracy", "task", "size", "name", "T")  # what a list is sorted by


def of_task(manifest: Manifest, said: str) -> bool:
    """Whether a run is of a task: by its name, or by the file that was asked for as its task or data (`data/my.csv`, or
    `my.csv` in whatever folder)."""
    if said == manifest.task:
        return True
    asked = (asked.recipe.get(key) for asked in manifest.asked for key in ("task", "data"))
    return any(_one_file(said, one) for one in asked if isinstance(one, str))


def _one_file(said: str, asked: str) -> bool:
    """Whether two texts name one file, as far as the shorter one says; columns behind a colon are no part of it."""
    own, other = (os.path.normpath(re.sub(r"(\.\w+):.*=.*$", r"\1", text)) for text in (said, asked))
    if "." not in own or Path(own).suffix == "":
        return False
    return own == other if os.path.dirname(own) else own == os.path.basename(other)  # noqa: PTH119, PTH120


def of_task_and_model(paths: Sequence[Path], task: str | None, model: str | None) -> list[Path]:
    """The runs of a task and a model, where these are said. Raises UsageError where there is none."""
    if task is None and model is None:
        return list(paths)
    found, others = [], set[str]()
    for path in paths:
        try:
            manifest = read_manifest(path)
        except HexError:  # nobody knows what it is of
            continue
        if (task is None or of_task(manifest, task)) and model in (None, manifest.model):
            found.append(path)
        others.add(f"{manifest.task} by {manifest.model}")
    if not found:
        wanted = " by ".join(one for one in (task or "any task", model) if one)
        raise UsageError(f"no run of {wanted}: there are {', '.join(sorted(others)) or 'none'}")
    return found


def in_order(found: Sequence[Kept], by: str) -> list[Kept]:
    """Runs sorted by date (the newest first), accuracy (of majority; unscored last), size (the largest first), name,
    temperature (the lowest first; unknown last), or task and model; those that are equal by date."""
    newest = sorted(found, key=lambda one: one.created or "", reverse=True)
    if by == "size":
        return sorted(newest, key=lambda one: -one.bytes)
    if by == "name":
        return sorted(newest, key=lambda one: folder_name(Path(one.path)))
    if by == "T":
        return sorted(newest, key=lambda one: numbers_of(one, "T") or [float("inf")])
    if by == "accuracy":
        return sorted(newest, key=lambda one: -1.0 if one.accuracy is None else one.accuracy, reverse=True)
    return sorted(newest, key=lambda one: (one.task or "", one.model or "")) if by == "task" else newest
