"""docs/formats.md has every field that is written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from tests.cli.test_main_job import hex_json

PAGE = (Path(__file__).parents[2] / "docs/formats.md").read_text()
# Objects whose keys are names of other things: settings, categories, hardware, the recipe of recipes/README.md.
FREE = {"settings", "categories", "recipe", "hardware", "curves"}


def fields(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for each in value for name in fields(each)}
    if isinstance(value, dict):
        return {*value} | {name for key, each in value.items() if key not in FREE for name in fields(each)}
    return set()


def missing(value: Any) -> set[str]:
    return {name for name in fields(value) if not re.search(rf"`{re.escape(name)}`", PAGE)}


def test_every_field_is_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["decode", "--temperature", "0.9", "--samples", "2", "--limit", "2", "--steps", "16", "-o", "runs/mine"]
    outputs = [hex_json(capsys, *arguments, "--schedules", blocks) for blocks in ("8,16", "32")]
    outputs.append(hex_json(capsys, *arguments, "--schedules", "8", "--dry-run"))
    for command in ("vote", "score", "compare 8 16", "cache stats", "models", "tasks"):
        outputs.append(hex_json(capsys, *command.split()))
    for name in ("run.json", "scores.json"):
        outputs.append(json.loads(Path("runs/mine", name).read_text()))
    for name in ("generations.jsonl", "votes.jsonl", "graded.jsonl"):
        outputs.append([json.loads(line) for line in Path("runs/mine", name).read_text().splitlines()])
    identity = outputs[-5]["model_identity"]
    assert {name for output in outputs for name in missing(output)} - {identity} == set()
    assert run(["vote"]) == 0
