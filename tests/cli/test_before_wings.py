"""What an earlier version left behind, read by this one: run folder, cache, JSON, keys.

tests/golden/before_wings was made by the version before the package was laid out in wings, by

    hex decode --schedules 8,48+16 --samples 2 --temperature 0.9 --limit 2 -o runs/golden
    hex vote runs/golden --json > vote.json; hex score runs/golden --json > score.json
"""

import json
import shutil
from pathlib import Path

import pytest

from hexcli.cli.main import run

GOLDEN = Path(__file__).parents[1] / "golden" / "before_wings"
COMMAND = ["decode", "--schedules", "8,48+16", "--samples", "2", "--temperature", "0.9", "--limit", "2", "--json", "-o"]


@pytest.fixture
def left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(GOLDEN, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEX_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.parametrize("command", ["vote", "score"])
def test_its_run_folder_has_the_same_results(command: str, left_behind: Path, capsys: pytest.CaptureFixture) -> None:
    assert run([command, "runs/golden", "--json"]) == 0
    (now,), (then,) = json.loads(capsys.readouterr().out), json.loads((GOLDEN / f"{command}.json").read_text())
    for frame in (now, then):
        frame["rows"] = {row["name"]: row for row in frame["rows"]}
    assert now["problems"] == then["problems"] and now["generations"] == then["generations"]
    for name, row in then["rows"].items():
        same = {key: row[key] for key in ("accuracy", "correct", "votes", "voted", "abstained", "ties") if key in row}
        assert {key: now["rows"][name][key] for key in same} == same


def test_its_run_folder_is_finished(left_behind: Path, capsys: pytest.CaptureFixture) -> None:
    before = (left_behind / "runs/golden/generations.jsonl").read_bytes()
    assert run([*COMMAND, "runs/golden"]) == 0
    assert json.loads(capsys.readouterr().out)["in_run"] == 8
    assert (left_behind / "runs/golden/generations.jsonl").read_bytes() == before


def test_its_cache_is_used_so_keys_are_the_same(left_behind: Path, capsys: pytest.CaptureFixture) -> None:
    assert run([*COMMAND, "runs/again"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["decoded"], said["from_cache"]) == (0, 8)


def test_the_recipe_has_the_same_folder(left_behind: Path, capsys: pytest.CaptureFixture) -> None:
    assert run([*COMMAND[:-1], "--dry-run"]) == 0
    assert "sums-tiny-7b7abdab" in capsys.readouterr().out
