"""`hex score --axes` on runs of the embedded model."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from hexcli.cli.main import run

GOLDEN = Path(__file__).parents[1] / "golden" / "before_wings" / "runs" / "golden"


@pytest.fixture
def golden(tmp_path: Path) -> str:
    """Two problems, blocks 8 and 48+16, two samples each."""
    shutil.copytree(GOLDEN, tmp_path / "golden")
    return str(tmp_path / "golden")


@pytest.fixture(scope="module")
def decoded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three problems at temperature 0: two blocks on two canvases."""
    folder = str(tmp_path_factory.mktemp("axes") / "decoded")
    assert run(["decode", "--schedules", "16,32,16@32,32@32", "--limit", "3", "-o", folder]) == 0
    return folder


def test_people_see_every_axis_and_nothing_is_saved(golden: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in Path(golden).iterdir()}
    assert run(["score", golden, "--axes"]) == 0
    shown = capsys.readouterr().out
    for words in ("block_length", "sample", "correlation", "too few samples (2; 3 at least)"):
        assert words in shown
    assert {path.name: path.stat().st_mtime_ns for path in Path(golden).iterdir()} == before


def test_json_has_what_the_table_says(decoded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", decoded, "--axes", "--json"]) == 0
    (frame,) = json.loads(capsys.readouterr().out)
    assert [row["axis"] for row in frame["axes"]["rows"]] == ["block_length", "gen_length", "all"]
    canvas = frame["axes"]["rows"][1]
    assert [value["value"] for value in canvas["values"]] == ["32", "64"]
    assert canvas["rival"] == "copies"


@pytest.mark.parametrize("format", ("markdown", "latex", "csv"))
def test_every_format_has_a_row_a_gain(
    decoded: str, golden: str, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["score", decoded, golden, "--axes", "--format", format]) == 0
    written = capsys.readouterr().out
    assert "decoded" in written
    assert "golden" not in written if format == "csv" else "golden" in written, "two values without samples: no gain"
    if format == "csv":
        rows = list(csv.DictReader(io.StringIO(written)))
        assert {(row["axis"], row["all_else"], row["equal"]) for row in rows} == {
            ("all", "fixed", "equal_votes"),
            ("all", "fixed", "equal_nfe"),
        }


@pytest.mark.parametrize(
    "extra", (["--by", "category"], ["--leaderboard"], ["-a", "majority"], ["--calibration", "other"])
)
def test_what_it_cannot_be_combined_with_is_refused(
    golden: str, extra: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["score", golden, "--axes", *extra]) == 2
    assert f"leave out {extra[0]}" in capsys.readouterr().err


def test_a_run_of_one_voter_has_no_axis(decoded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", decoded, "--axes", "--schedules", "16@32"]) == 0
    assert "there is no axis" in capsys.readouterr().out


def test_people_get_a_line_and_one_table_whose_interval_and_p_agree(
    decoded: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert run(["score", decoded, "--axes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 25 and lines[1].startswith("which axis pays: ")
    (head,) = [line.split() for line in lines if line.startswith(" axis ")]
    assert head[head.index("p") + 1] == "Holm", "the p of the interval, and the corrected one"
    assert sum("─────" in line for line in lines) == 1, "one table"
    assert sum("no samples (T = 0)" in line for line in lines) == 1, "said once for all axes"
