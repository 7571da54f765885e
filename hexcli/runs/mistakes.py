"""What is given where a run folder is meant, and what to give instead."""

import difflib
import re
from pathlib import Path

from hexcli.tasks.registry import TASKS
from hexcli.voting.aggregators import AGGREGATORS

NEW = ": make a run with 'hex decode', or see those there are with 'hex runs list'"
RUN_FILES = ("run.json", "generations.jsonl", "votes.jsonl", "scores.json", "graded.jsonl", "report.html")


def meant(path: Path) -> str:
    """For a path that does not exist: `: did you mean ...`, or nothing."""
    name = str(path)
    if name in TASKS:
        return f": a task is --task {name}"
    if name in AGGREGATORS or ".py:" in name:
        return f": an aggregator is -a {name}"
    if re.fullmatch(r"[\d+@,]+", name):
        return f": schedules are --schedules {name}"
    places = [folder for folder in dict.fromkeys((path.parent, Path("runs"))) if folder.is_dir()]
    folders = {str(one): one.name for place in places for one in sorted(place.iterdir()) if one.is_dir()}
    same = [one for one, own in folders.items() if own == path.name]
    near = difflib.get_close_matches(path.name, folders.values(), n=1, cutoff=0.7)
    found = same or [one for one, own in folders.items() if own in near]
    return f": did you mean '{found[0]}'?" if found else ""


def runs_in(path: Path) -> str:
    """For a folder that is no run: `: it holds runs ...`, or nothing."""
    runs = sorted(found.parent for found in path.glob("*/run.json"))
    return f", but it holds some: name one, e.g. {runs[0]}" if runs else ""


def file_instead(path: Path) -> str:
    """For a file where a folder is meant: what to do with it."""
    if path.name in RUN_FILES:
        return f": give its folder, '{path.parent}'"
    if path.suffix in (".jsonl", ".json"):
        return f": 'hex import {path} --task TASK -o runs/NAME' makes one of generations made elsewhere"
    if path.suffix in (".yaml", ".yml"):
        return f": a recipe is run by 'hex sweep {path}'"
    return ": runs are folders, made by 'hex decode'"
