"""`hex plot` from the command line."""

import dataclasses
import json
import os
import shutil
from pathlib import Path

import pytest

from hexcli.cli.main import run
from hexcli.report.figures.drawing import FIGURES
from tests.cli.test_vote_and_score import table, write
from tests.scoring.runs import generation


@pytest.fixture(autouse=True)
def two_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("one", *table())
    write("two", *table(labels=("4", "8", "64")))


def test_a_figure_of_all_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plot", "blocks", "runs/", "-o", "f.svg", "--width", "page"]) == 0
    assert "f.svg: blocks of one, two" in capsys.readouterr().err
    assert "<svg" in Path("f.svg").read_text()


def test_a_pipe_is_not_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("f.svg")
    assert run(["plot", "blocks", "runs/", "-o", "f.svg"]) == 2
    assert capsys.readouterr().err == "hex: 'f.svg' is a pipe or a device: name a file\n"


def test_its_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plot", "blocks", "runs/one", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert [block["accuracy"] for block in found["data"]] == [0.25, 0.5, 0.5]
    assert not list(Path.cwd().glob("*.pdf"))


def test_without_a_figure_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plot"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in FIGURES)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bloks"], "unknown figure 'bloks': did you mean 'blocks'"),
        (["blocks", "-o", "f.jpg"], "a figure is written as .pdf, .svg, .png, not as 'f.jpg'"),
        (["blocks", "-o", "none/f.pdf"], "no folder 'none'"),
        (["blocks", "--width", "wide"], "--width is column"),
        (["blocks", "--json", "-o", "f.pdf"], "--json prints the numbers and draws nothing"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plot", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_a_run_that_is_not_in_the_picture_is_not_named_as_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(Path(__file__).parents[1] / "golden" / "before_wings" / "runs" / "golden", "golden")
    bare = generation(1, "8", "7", commit_step=(), commit_confidence=(), token_ids=())
    write("silent", dataclasses.replace(bare, source="elsewhere"))
    assert run(["plot", "settling", "golden", "runs/silent", "-o", "one.svg"]) == 0
    err = capsys.readouterr().err
    assert "not drawn: silent, which does not tell when its answers were committed" in err
    assert "one.svg: settling of golden\n" in err
