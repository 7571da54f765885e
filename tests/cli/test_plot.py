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
        (["pareto"], "unknown figure 'pareto': did you mean 'cost', forward passes against accuracy"),
        (["heatmap"], "did you mean 'agreement', which schedules agree"),
        (["scaling"], "did you mean 'votes', what more votes buy? hex plot alone lists all"),
        (["blocks,cost"], "one figure a command, and 'blocks,cost' is none"),
        (["all"], "one figure a command"),
        (["blocks", "cost", "one"], "one figure a command: hex plot blocks RUN..., then hex plot cost RUN..."),
        (["blocks", "-o", "f.eps"], "not as 'f.eps': -o f.pdf"),
        (["blocks", "-o", "f"], "not as 'f': -o f.pdf"),
        (["blocks", "-o", ".pdf"], "not as '.pdf': -o blocks.pdf"),
        (["blocks", "-o", "f.pdf.bak"], "not as 'f.pdf.bak': -o f.pdf"),
        (
            ["list"],
            "unknown figure 'list': known: blocks, votes, cost, agreement, commits, settling; hex plot alone says",
        ),
        (["blocks", "-o", "-"], "a figure goes into a file, not to stdout: -o blocks.pdf"),
        (["blocks", "-o", "f.csv"], "'f.csv' is for numbers: hex plot blocks --format csv > f.csv"),
        (["blocks", "-o", "runs"], "'runs' is a folder: name a file in it, -o runs/blocks.pdf"),
        (["blocks", "--format", "csv", "-o", "f.csv"], "draws nothing: write --format csv > f.csv"),
        (["blocks", "one", "f.pdf"], "'f.pdf' is no run: if it is the file to write, say -o f.pdf"),
        (["blocks", "--format", "pdf"], "'pdf' is none of 'csv', 'json': write hex plot FIGURE -o FILE.pdf"),
        (["blocks", "--title", "x"], "to draw it otherwise take its numbers: hex plot FIGURE --format csv"),
        (["blocks", "--dpi", "600"], "a .png has 300 dots an inch"),
        (["blocks", "--runs", "one"], "runs are named, hex plot FIGURE RUN..."),
        (["votes", "-a", "all"], "votes shows majority and no other aggregator"),
        (["cost", "--calibration", "one"], "cannot calibrate"),
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
    assert "not drawn: silent: no record of when its tokens came" in err
    assert "one.svg: settling of golden\n" in err
    assert run(["plot", "commits", "golden", "runs/silent", "-o", "one.svg"]) == 0
    err = capsys.readouterr().err
    assert "not drawn: silent: no record of when its tokens came" in err
    assert "one.svg: commits of golden\n" in err


def test_an_aggregator_that_cannot_vote_fails_for_numbers_as_for_the_figure(capsys: pytest.CaptureFixture[str]) -> None:
    for more in (["--format", "csv"], ["-o", "f.svg"]):
        assert run(["plot", "cost", "runs/one", "-a", "temporal", *more]) == 1
        assert "temporal cannot vote on one" in capsys.readouterr().err


@pytest.mark.parametrize("way", [["--format", "csv"], ["--json"]])
def test_numbers_that_a_run_has_not_are_missed_aloud(way: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    write("bare", generation(1, "8", "7", target=None), generation(1, "16", "7", target=None))
    assert run(["plot", "cost", "runs/bare", *way]) == 2
    assert "bare: no targets, so there is no accuracy (agreement, commits and settling" in capsys.readouterr().err
    assert run(["plot", "cost", "runs/bare", "runs/one", *way]) == 0
    assert "warning: no numbers of bare: no targets" in capsys.readouterr().err


def test_majority_may_be_named_where_it_is_all_that_is_shown() -> None:
    assert run(["plot", "votes", "runs/one", "-a", "majority", "-o", "f.svg"]) == 0


def test_a_width_may_be_in_centimetres(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plot", "blocks", "runs/one", "--width", "9.5 cm", "-o", "f.svg"]) == 0
    assert 'width="269.' in Path("f.svg").read_text()


@pytest.mark.parametrize(("figure", "lacks"), [("agreement", "one schedule"), ("blocks", "no targets")])
def test_a_run_that_has_nothing_for_a_figure_is_left_out_where_others_have(
    figure: str, lacks: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("bare", generation(1, "8", "7", target=None))
    assert run(["plot", figure, "runs/bare", "runs/one", "-o", "f.svg"]) == 0
    err = capsys.readouterr().err
    assert f"not drawn: bare: {lacks}" in err and f"f.svg: {figure} of one\n" in err
    assert run(["plot", figure, "runs/bare", "-o", "f.svg"]) == 2


def test_numbers_of_cost_in_json_have_what_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plot", "cost", "runs/one", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["published"] == [] and found["data"], "nothing is published on this task"
