"""`hex sweep RUN`: run folders repeated and finished, and the command that says so."""

import json
import shlex
import shutil
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.cli.test_main_job import hex_json

DECODE = ["decode", "--steps", "16", "--limit", "2", "-o", "runs/mine"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def cut(path: str, rows: int) -> None:
    """Leave so many rows, as a process that was killed does."""
    lines = (Path(path) / "generations.jsonl").read_text().splitlines(True)
    (Path(path) / "generations.jsonl").write_text("".join(lines[:rows]))
    manifest = json.loads((Path(path) / "run.json").read_text())
    recipes = [{**one, "complete": False} for one in manifest.get("recipes", ())]
    left = {"complete": False, "generations": rows, **({"recipes": recipes} if recipes else {})}
    (Path(path) / "run.json").write_text(json.dumps({**manifest, **left}))


def test_an_unfinished_run_prints_the_command_that_finishes_it(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, *DECODE, "--schedules", "8,16")
    hex_json(capsys, *DECODE, "--schedules", "32")
    manifest = json.loads(Path("runs/mine/run.json").read_text())
    assert [(one["recipe"]["schedules"], one["expected"], one["complete"]) for one in manifest["recipes"]] == [
        (["8", "16"], 4, True),
        (["32"], 2, True),
    ]
    assert (manifest["expected"], manifest["complete"], manifest["recipe"]["schedules"]) == (6, True, ["32"])
    shutil.move("runs/mine", "runs/my run")
    cut("runs/my run", 3)
    assert run(["vote"]) == 0
    _, err = capsys.readouterr()
    assert err == (
        "hex: warning: run 'runs/my run' is unfinished: 3 of at least 6 generations; "
        "`hex sweep 'runs/my run'` finishes it\n"
    )
    command = shlex.split(err.split("`")[1])
    previews = hex_json(capsys, *command[1:], "--dry-run")
    assert [(one["generations"], one["recipe"]["schedules"]) for one in previews] == [(4, ["8", "16"]), (2, ["32"])]
    assert run(command[1:]) == 0
    _, err = capsys.readouterr()
    assert "run 2 of 2: runs/my run\n" in err
    manifest = json.loads(Path("runs/my run/run.json").read_text())
    assert (manifest["complete"], manifest["generations"], manifest["expected"]) == (True, 6, 6)
    (frame,) = hex_json(capsys, "vote")
    assert (frame["complete"], frame["generations"]) == (True, 6)


def test_a_run_can_be_repeated_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, *DECODE, "--schedules", "8", "--temperature", "0.9", "--samples", "2")
    (again,) = hex_json(capsys, "sweep", "runs/mine", "-o", "again")
    assert (again["run"], again["generations"], again["from_cache"]) == ("again/mine", 4, 4)
    (again,) = hex_json(capsys, "sweep", "runs/mine")
    assert (again["run"], again["in_run"]) == ("runs/mine", 4)


def test_a_run_that_stopped_where_votes_decide_is_finished_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, *DECODE, "--schedules", "8,16,32", "--until-decided")
    cut("runs/mine", 2)
    assert run(["vote"]) == 0
    assert "`hex sweep runs/mine --until-decided` finishes it" in capsys.readouterr().err
    hex_json(capsys, "sweep", "runs/mine", "--until-decided")
    assert json.loads(Path("runs/mine/run.json").read_text())["complete"]


def test_prompts_of_ones_own_are_repeated_too(capsys: pytest.CaptureFixture[str]) -> None:
    for question in ("Tom has 3 apples and buys 4. How many?", "Ann has 5 pens and loses 2. How many?"):
        hex_json(capsys, "decode", question, "--schedules", "8,16", "--steps", "16", "-o", "runs/asked")
    cut("runs/asked", 1)
    swept = hex_json(capsys, "sweep", "runs/asked")
    assert [(one["generations"], one["in_run"]) for one in swept] == [(2, 1), (2, 0)]
    assert json.loads(Path("runs/asked/run.json").read_text())["complete"]


def test_a_run_folder_is_repeated_as_it_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, *DECODE, "--schedules", "8")
    assert run(["sweep", "runs/mine", "--limit", "9", "--set", "samples=2"]) == 2
    assert "'runs/mine' is a run folder, which is repeated as it was asked for: samples, limit cannot be set" in (
        capsys.readouterr().err
    )
    manifest = json.loads(Path("runs/mine/run.json").read_text())
    Path("runs/mine/run.json").write_text(json.dumps({**manifest, "recipe": {"import": []}}))
    assert run(["sweep", "runs/mine"]) == 2
    assert "'runs/mine' was imported, not decoded" in capsys.readouterr().err


def test_a_folder_of_an_earlier_version_is_taken_up(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["decode", "--schedules", "8", "--temperature", "0.9", "--limit", "1", "--steps", "16"]
    before = hex_json(capsys, *arguments, "--dry-run")
    assert before["run"].startswith("runs/sums-tiny-T0.9-s16-")
    made = hex_json(capsys, *arguments)
    assert made["run"] == before["run"]
    Path(made["run"]).rename(Path("runs") / before["old_name"])
    again = hex_json(capsys, *arguments)
    assert (again["run"], again["in_run"]) == (f"runs/{before['old_name']}", 1)
