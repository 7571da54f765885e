"""Data that cannot be committed: real generations and benchmark rows, beside the checkout where there are any."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(os.environ.get("HEX_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"


def shared_file(name: str) -> Path:
    """The file of that name; skips the test where it is absent."""
    path = ROOT / name
    if not path.is_file():
        pytest.skip(f"no {name} in the shared data (HEX_SHARED names its folder)")
    return path


def bench_rows(name: str) -> list[dict[str, Any]]:
    """First rows of a benchmark, in its hub format."""
    lines = shared_file(f"bench/{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def published_rows(task: str, canvas: int) -> list[dict[str, Any]]:
    """d1's published generations of LLaDA-8B-Instruct, as they are."""
    path = shared_file(f"d1/{task}_instruct_{canvas}_{canvas // 2}_0_generations.json")
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["generations"]
    return rows


def published(task: str, canvas: int) -> list[tuple[str, str, str]]:
    """Their questions, generations and targets."""
    rows = published_rows(task, canvas)
    return [(row["question"], row["generations"], str(row["ground_truth"])) for row in rows]
