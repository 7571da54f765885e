"""What is given where a run folder is meant, and what to give instead."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, beside
from hexcli.models.registry import MODELS
from hexcli.runs.folders import RUNS, run_folder
from hexcli.runs.rows import MANIFEST
from hexcli.tasks.file_names import TASK_FILES, data_file
from hexcli.tasks.registry import TASKS, get_task
from hexcli.voting.aggregators import AGGREGATORS

NEW = ": make a run with 'hex decode', or see those there are with 'hex runs list'"
FEW = 4  # runs that are named where none is near
_FIRST = ": make a run with 'hex decode'"
RUN_FILES = (MANIFEST, "generations.jsonl", "votes.jsonl", "scores.json", "graded.jsonl", "report.html")


def meant(path: Path) -> str:
    """For a path that does not exist: `: did you mean ...`, or nothing."""
    name = str(path)
    if len(parts := [part.strip() for part in name.split(",")]) > 1 and all(Path(part).is_dir() for part in parts):
        return f": runs are parted by spaces: {shlex.join(parts)}"
    if name in TASKS:
        return f": a task is --task {name}"
    if name in AGGREGATORS or ".py:" in name:
        return f": an aggregator is -a {name}"
    if re.fullmatch(r"[\d+@,]+", name):
        problem = f", a problem is hex show RUN {name}" if name.isdecimal() else ""
        return f": schedules are --schedules {name}{problem}"
    if name in MODELS:
        return f": {name} is a model, and hex runs list says which runs are of it"
    if re.fullmatch(r"[A-Za-z]\w*[=<>]+\S+", name):
        return f": a condition is of hex runs --where {shlex.quote(name)}"
    parts = [part for part in re.split(r"[,\s]+", name) if part]
    if len(parts) > 1 and any(run_folder(Path(part)).is_dir() for part in parts):
        return f": runs are words of their own, without commas or quotation marks: {' '.join(parts)}"
    if any(letter in name for letter in "*?["):
        return f": one run is named here; hex runs {shlex.quote(name)} lists those of a pattern"
    if path.name in RUN_FILES and (RUNS / path.parent / MANIFEST).is_file():
        return f": that is a file of a run: give its folder, {RUNS / path.parent}"
    run, _, label = name.rpartition(":")
    if run and run_folder(Path(run)).is_dir():
        return f": schedules of a run are chosen by -s: {shlex.quote(run)} -s {shlex.quote(label)}"
    usual = RUNS / path.name
    return f": did you mean '{usual}'?" if usual.is_dir() else beside(path, folders=True) or beside(usual, folders=True)


def new(path: Path) -> str:
    """What to do where there is no such folder: runs that there are; of that of all runs, none could be listed."""
    try:
        runs = sorted(RUNS.glob(f"*/{MANIFEST}"), key=lambda file: -file.stat().st_mtime)
    except OSError:
        runs = []
    if path == RUNS or not runs:
        return _FIRST if path == RUNS else NEW
    names = [file.parent.name for file in runs]
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f": {RUNS}/ has {', '.join(names[:FEW])}{more} (hex runs list)"


def changed(path: Path, part: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What to say where the file of a run's `part` (data or definition) is no longer what it was; nothing elsewhere.

    `before` and `now` are the recipes of the run and of what is asked for.
    """
    task, data = str(now.get("task")), now.get("data")
    if part not in ("data", "definition") or (before.get("task"), before.get("data")) != (task, data):
        return ""
    rows = data_file(task)
    file = task if task.endswith(TASK_FILES) else rows and rows[0]
    if part == "data":
        file = data or (file and get_task(task).file)
    if not file:
        return ""
    new = shlex.quote(f"{path}-2")
    same = "what asks the same comes from the cache"
    return f"{file} has changed since run '{path}' was made: say -o {new}, a run of its own ({same})"


def no_targets(path: Path, recipe: Mapping[str, Any], verb: str) -> UsageError:
    """Where no problem of a run has a right answer to score (rank, compare) by: how they come into it."""
    file, _ = data_file(str(recipe.get("task"))) or ("FILE", "")
    rows = shlex.quote(f"{file}:answer=COLUMN")
    how = f"right answers are a column of the rows: hex decode --data {rows} ... -o NEW, nothing is decoded twice"
    if "import" in recipe:
        how = "import it again with --fields target=FIELD, or --data FILE that has them, and --overwrite"
    return UsageError(
        f"{path} has problems without a target: there is nothing to {verb} by ({how}); "
        "hex vote lists what was voted for"
    )


def other_model(path: Path, ours: str, theirs: str) -> str:
    """What to say where a run is of other weights than are asked for now: of another name, or of the same."""
    if ours == theirs:
        return f"run '{path}' holds another model, {ours} with other weights than it has now: choose another -o"
    return f"run '{path}' holds another model ({ours}, not {theirs}): choose another -o, or --model {ours}"


def runs_in(path: Path) -> str:
    """For a folder that is no run: `: it holds runs ...`, or nothing."""
    runs = sorted(found.parent for found in path.glob("*/run.json"))
    return f", but it holds some: name one, e.g. {runs[0]}" if runs else ""


def require_no_part(path: Path) -> None:
    """Raises UsageError on one of the files that a run folder is made of: the folder is meant."""
    if path.name in RUN_FILES and (path.parent / MANIFEST).is_file():
        raise UsageError(f"'{path}' is a file of a run: give its folder, '{path.parent}'")


def file_instead(path: Path) -> str:
    """For a file where a folder is meant: what to do with it."""
    if path.name in RUN_FILES and (path.parent / MANIFEST).is_file():
        return f": give its folder, '{path.parent}'"
    if path.suffix in (".jsonl", ".json"):
        return f": 'hex import {path} --task TASK -o runs/NAME' makes one of generations made elsewhere"
    if path.suffix in (".yaml", ".yml"):
        return f": a recipe is run by 'hex sweep {path}'"
    return ": runs are folders, made by 'hex decode'"
