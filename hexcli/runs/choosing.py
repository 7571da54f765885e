"""Which runs of a shelf are listed, and in which order."""

from collections.abc import Sequence
from pathlib import Path

from hexcli.errors import HexError, UsageError
from hexcli.runs.folders import folder_name
from hexcli.runs.reading import read_manifest
from hexcli.runs.shelf import Kept

ORDERS = ("date", "accuracy", "task", "size", "name")  # what a list is sorted by


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
        if task in (None, manifest.task) and model in (None, manifest.model):
            found.append(path)
        others.add(f"{manifest.task} by {manifest.model}")
    if not found:
        wanted = " by ".join(one for one in (task or "any task", model) if one)
        raise UsageError(f"no run of {wanted}: there are {', '.join(sorted(others)) or 'none'}")
    return found


def in_order(found: Sequence[Kept], by: str) -> list[Kept]:
    """Runs sorted by date (the newest first), accuracy (of majority; unscored last), size (the largest first), name, or
    task and model; those that are equal by date."""
    newest = sorted(found, key=lambda one: one.created or "", reverse=True)
    if by == "size":
        return sorted(newest, key=lambda one: -one.bytes)
    if by == "name":
        return sorted(newest, key=lambda one: folder_name(Path(one.path)))
    if by == "accuracy":
        return sorted(newest, key=lambda one: -1.0 if one.accuracy is None else one.accuracy, reverse=True)
    return sorted(newest, key=lambda one: (one.task or "", one.model or "")) if by == "task" else newest
