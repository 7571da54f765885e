"""`hex sweep RUN --data FILE`: runs of one's own rows, finished where these are elsewhere."""

import json
import shutil
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.cli.test_main_job import hex_json
from tests.cli.test_repeating import cut

ROWS = "question,answer\nWhat is 1 + 2?,3\nWhat is 2 + 3?,5\n"
DECODE = ["decode", "--schedules", "4,8", "--steps", "16", "-o", "runs/b"]


@pytest.fixture(autouse=True)
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A run that was cut off, in another folder than its rows."""
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    Path("big.csv").write_text(ROWS)
    hex_json(capsys, *DECODE, "--data", "big.csv")
    cut("runs/b", 3)
    shutil.copytree("runs", "../there/runs")
    monkeypatch.chdir(tmp_path / "there")


def manifest() -> dict:
    return json.loads(Path("runs/b/run.json").read_text())


def test_a_run_that_is_finished_by_another_path_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, *DECODE, "--data", "../here/big.csv")
    assert manifest()["complete"]
    assert manifest()["recipe"]["task"] == "../here/big.csv" and "recipes" not in manifest()
    assert run(["sweep", "runs/b"]) == 0


def test_another_recipe_of_the_same_rows_goes_where_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    hex_json(capsys, *DECODE, "--data", "../here/big.csv", "--limit", "1")
    assert not manifest()["complete"]
    assert [one["recipe"]["task"] for one in manifest()["recipes"]] == ["../here/big.csv"] * 2
    hex_json(capsys, "sweep", "runs/b")
    assert manifest()["complete"]


def test_the_message_and_runs_show_name_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "runs/b"]) == 2
    assert "which is not there: say where it is now, hex sweep runs/b --data FOLDER/big.csv" in capsys.readouterr().err
    assert run(["runs", "show", "runs/b"]) == 0
    assert "hex sweep runs/b --data FOLDER/big.csv" in capsys.readouterr().out


def test_a_run_is_finished_with_its_rows_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    (again,) = hex_json(capsys, "sweep", "runs/b", "--data", "../here/big.csv")
    assert (again["generations"], again["in_run"], manifest()["complete"]) == (4, 3, True)
    (again,) = hex_json(capsys, "sweep", "runs/b", "--set", "data=../here/big.csv", "-o", "again")
    assert again["run"] == "again/b"


@pytest.mark.parametrize(
    ("file", "rows", "said"),
    [
        ("big.csv", ROWS.replace("5", "6"), "its rows are others than those of 'runs/b'"),
        ("other.csv", ROWS, "called by its file: name a copy that is called so, e.g. cp other.csv big.csv"),
        ("big.csv", ROWS.replace("answer", "target").replace("question", "text"), "its task is another"),
        ("gone/big.csv", None, "cannot read gone/big.csv"),
    ],
)
def test_other_rows_are_refused(file: str, rows: str | None, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    if rows is not None:
        Path(file).write_text(rows)
    assert run(["sweep", "runs/b", "--data", file, "-o", "again"]) == 2
    assert said in capsys.readouterr().err
    assert not Path("again").exists()


def test_a_task_of_yaml_is_found_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    text = 'name: mine\ndata: big.csv\nprompt: "{question}"\nextract: number\n'
    text += "fields: {question: question, answer: answer}\n"
    Path("../here/mine.yaml").write_text(text)
    hex_json(capsys, "decode", "--task", "../here/mine.yaml", "--schedules", "8", "--steps", "16", "-o", "runs/y")
    for name in ("mine.yaml", "big.csv"):
        shutil.move(f"../here/{name}", name)
    assert run(["sweep", "runs/y"]) == 2
    assert "hex sweep runs/y --set task=FOLDER/mine.yaml" in capsys.readouterr().err
    (again,) = hex_json(capsys, "sweep", "runs/y", "--set", "task=mine.yaml")
    assert again["in_run"] == 2
