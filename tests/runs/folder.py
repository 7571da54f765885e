"""A run folder made, and looked into."""

from pathlib import Path
from typing import Any

import pytest

from hexcli.runs.reading import Run
from hexcli.runs.writing import RunWriter
from tests import samples


def make(path: Path, count: int = 3, *, finish: bool = True, **fields: Any) -> None:
    with RunWriter.open(path, samples.manifest(**fields), warn=pytest.fail) as run:
        for number in range(count):
            run.append(samples.generation(number))
        if finish:
            run.finish()


def names(path: Path) -> list[str]:
    """What is in a folder, but for the lock: versions of filelock differ in whether they leave it."""
    return sorted(entry.name for entry in path.iterdir() if entry.name != ".lock")


def rows(path: Path) -> list[str]:
    return (path / "generations.jsonl").read_text(encoding="utf-8").splitlines()


def problems(run: Run) -> list[str]:
    return [generation.problem.id for generation in run.generations]
