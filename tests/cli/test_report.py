"""`hex report`: from run folders to one file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.cli.test_vote_and_score import table, write


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_runs_become_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    write("two", *table(start=2))
    assert run(["report"]) == 0
    out, _ = capsys.readouterr()
    assert out.startswith("report.html: 2 runs, 6 problems, ")
    page = Path("report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and page.rstrip().endswith("</html>")
    assert ">one<" in page and ">two<" in page


def test_problems_that_several_runs_have_count_once(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        write(name, *table())
    assert run(["report"]) == 0
    assert capsys.readouterr().out.startswith("report.html: 2 runs, 4 problems, ")


def test_its_json_says_what_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert run(["report", "runs/one", "-o", "mine.html", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["report"] == "mine.html" and said["runs"] == ["one"]
    assert said["bytes"] == Path("mine.html").stat().st_size


def test_some_schedules_and_aggregators_of_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert run(["report", "runs/one", "--schedules", "8,16", "-a", "majority"]) == 0
    page = Path("report.html").read_text(encoding="utf-8")
    assert '"schedules":["8","16"]' in page and '"aggregators":["majority"]' in page


def test_a_report_is_written_over_and_nothing_else_is(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert run(["report"]) == run(["report"]) == 0
    Path("notes.html").write_text("<p>mine")
    capsys.readouterr()
    assert run(["report", "-o", "notes.html"]) == 2
    assert (
        capsys.readouterr().err
        == "hex: 'notes.html' is there and hex did not write it: choose another file, or move it away\n"
    )
    assert Path("notes.html").read_text() == "<p>mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "-"], "a report is a page: -o report.html, not '-'"),
        (["runs/one", "r.html"], "'r.html' is no run: if it is the file to write, say -o r.html"),
        (
            ["--pdf"],
            "no option --pdf: a report is an HTML page, -o FILE.html; a table is hex score --format, a figure hex plot",
        ),
        (["--overwrite"], "no option --overwrite: what hex wrote is replaced, no other file is"),
        (["--serve"], "no option --serve: the page is a file, which any browser opens"),
        (["--runs", "one"], "no option --runs: runs are named, hex report RUN..."),
        (["runs/one", "-o", "runs"], "'runs' is a folder: name a file in it"),
        (
            ["runs/one", "-o", "no/such/report.html"],
            "no folder 'no/such' to write 'report.html' into: make it, or choose another file",
        ),
        (
            ["nowhere"],
            "no such folder 'nowhere': runs/ has one (hex runs list)",
        ),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    capsys.readouterr()
    assert run(["report", *arguments]) == 2
    assert capsys.readouterr().err == f"hex: {said}\n"


def test_an_aggregator_that_cannot_vote_fails_after_the_report_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    write("one", *table())
    assert run(["report", "-a", "confidence"]) == 1
    assert "confidence cannot vote on one" in capsys.readouterr().err
    assert Path("report.html").is_file()


def test_it_needs_neither_torch_nor_a_network(tmp_path: Path) -> None:
    write("one", *table())
    check = "import sys\nfrom hexcli.cli.main import run\nrun(['report'])\nassert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True, capture_output=True, cwd=tmp_path)
