"""`--shard I/N`: run folders of jobs that know nothing of each other, and one vote over all of them."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run

COMMAND = ["--limit", "3", "-s", "32", "--steps", "16"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path) -> Iterator[None]:
    with contextlib.chdir(tmp_path):
        yield


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_shards_vote_together_as_one_run_does(capsys: pytest.CaptureFixture[str]) -> None:
    shards = [said(capsys, "decode", *COMMAND, "--shard", f"{number}/2") for number in (1, 2)]
    assert [shard["decoded"] for shard in shards] == [2, 1]
    whole = said(capsys, "decode", *COMMAND)
    assert whole["from_cache"] == 3
    assert all(json.loads(Path(shard["run"], "run.json").read_text())["complete"] for shard in shards)
    said(capsys, "vote", "--together", "-o", "joint", *(shard["run"] for shard in shards))
    assert votes("joint") == votes(whole["run"])


def votes(folder: str) -> dict[str, Any]:
    assert run(["vote", folder, "-a", "majority"]) == 0
    rows = [json.loads(line) for line in Path(folder, "votes.jsonl").read_text().splitlines()]
    return {row["problem_id"]: row["answer"] for row in rows if row["aggregator"] == "majority"}


def test_a_sweep_takes_a_shard_of_every_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("recipe.yaml").write_text("limit: 3\nschedules: [32]\nsteps: 16\nseed: [0, 1]\n")
    previews = said(capsys, "sweep", "recipe.yaml", "--shard", "2/2", "--dry-run")
    assert [preview["problems"] for preview in previews] == [1, 1]
    assert all("-shard2of2-" in preview["run"] for preview in previews)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([*COMMAND, "--shard", "3/2"], "shard must be I/N"),
        ([*COMMAND, "--shard", "4/4"], "shard 4/4 takes no problem: there are 3"),
        (["What is 1 + 1?", "--shard", "1/2"], "--shard takes a part of a task's problems"),
    ],
)
def test_wrong_usage(options: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", *options]) == 2
    assert reason in capsys.readouterr().err
