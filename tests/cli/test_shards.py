"""`--shard I/N`: run folders of jobs that know nothing of each other, and one vote over all of them."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from hexcli.runs.asked import Asked
from hexcli.runs.shards import gaps

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


def test_a_forgotten_shard_is_named_and_the_joint_run_is_not_complete(capsys: pytest.CaptureFixture[str]) -> None:
    runs = {}
    for shard in ("1/3", "2/3", "3/3", "1/2"):
        runs[shard] = said(capsys, "decode", "--limit", "9", "-s", "32", "--steps", "16", "--shard", shard)["run"]

    def joined(*sources: str) -> tuple[Any, str]:
        assert run(["vote", "--together", "-o", "joint", *sources]) == 0
        err = capsys.readouterr().err
        manifest = json.loads(Path("joint", "run.json").read_text())
        return (manifest["complete"], manifest["expected"]), err

    state, err = joined(runs["1/3"], runs["2/3"])
    assert state == (False, 9) and err.count("shard 3/3 not here: 6 of 9 problems; decode and join all shards\n") == 1
    assert run(["score", "joint"]) == 0
    assert "run 'joint': shard 3/3 not here: 6 of 9 problems" in capsys.readouterr().err
    (listed,) = said(capsys, "runs", "list", "joint")
    assert (listed["state"], listed["missing"]) == ("unfinished", 3)
    Path("joint").rename("two")
    assert joined("two", runs["3/3"])[0] == (True, 9), "a joint run with what it lacked is whole"
    state, err = joined(runs["1/2"], runs["1/3"])
    assert state == (False, 9) and "shards 2/2 or 2/3, 3/3 not here: 6 of 9 problems" in err
    state, err = joined(runs["1/3"], runs["2/3"], runs["3/3"])
    assert state == (True, 9) and "not here" not in err


def asked(shard: str | None, limit: object = None, **fields: Any) -> Asked:
    return Asked(recipe={"limit": limit, **({"shard": shard} if shard else {}), **fields}, expected=4)


@pytest.mark.parametrize(
    ("runs", "reasons"),
    [
        ([asked("1/2"), asked("2/2")], []),
        ([asked("1/2")], ["shard 2/2 not here: the problems of it are left out; decode and join all shards"]),
        ([asked("2/4"), asked("1/2"), asked("4/4")], []),
        ([asked("1/3", 2), asked("2/3", 2)], []),
        ([asked("1/2", "10-13")], ["shard 2/2 not here: 2 of 4 problems; decode and join all shards"]),
        ([asked("1/2"), asked(None)], []),
        ([asked(None), asked(None, model="other")], []),
        ([asked("1/2", 4, seed=0), asked("2/2", 4, seed=1)], ["shard 2/2 not here: 2", "shard 1/2 not here: 2"]),
        ([asked("1/99991"), asked("1/99989")], ["shards 2/99989, 3/99989, 4/99989, 5/99989, ... (99988) or 2/99991"]),
        ([asked("x/2", "many"), asked("3/2", [1])], []),
    ],
)
def test_what_shards_leave_out(runs: list[Asked], reasons: list[str]) -> None:
    found = [str(gap) for gap in gaps(runs)]
    assert len(found) == len(reasons)
    assert all(one.startswith(reason) for one, reason in zip(found, reasons, strict=True))


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
