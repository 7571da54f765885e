"""`hex score --leaderboard` on a run of the embedded model."""

import json
import shutil
from pathlib import Path

import pytest

from hexcli.cli.main import run

GOLDEN = Path(__file__).parents[1] / "golden" / "before_wings" / "runs" / "golden"


@pytest.fixture
def golden(tmp_path: Path) -> str:
    shutil.copytree(GOLDEN, tmp_path / "golden")
    return str(tmp_path / "golden")


def test_it_ranks_every_aggregator_and_saves_nothing(golden: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in Path(golden).iterdir()}
    assert run(["score", golden, "--leaderboard"]) == 0
    shown = capsys.readouterr().out
    for name in ("majority", "informed", "best single, in hindsight", "oracle", "told apart from majority"):
        assert name in shown
    assert {path.name: path.stat().st_mtime_ns for path in Path(golden).iterdir()} == before


def test_json_has_the_same_rows(golden: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", golden, "--leaderboard", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"][0]["rank"] == 1
    ranks = [row["correct"] for row in found["rows"]]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("extra", (["--by", "category"],))
def test_what_it_cannot_be_combined_with_is_refused(
    golden: str, extra: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["score", golden, "--leaderboard", *extra]) == 2
    assert f"leave out {' '.join(extra)}" in capsys.readouterr().err


def test_it_is_written_for_papers_and_programs(golden: str, capsys: pytest.CaptureFixture[str]) -> None:
    for format, has in (("markdown", "| majority | "), ("latex", r"\begin{tabular}"), ("csv", "name,rank,problems,")):
        assert run(["score", golden, "--leaderboard", "--format", format]) == 0
        out, _ = capsys.readouterr()
        assert has in out and "majority" in out and "oracle" in out
    assert run(["score", golden, "--leaderboard", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]


def test_an_aggregator_asked_for_that_cannot_vote_is_an_error(golden: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", golden, "--leaderboard", "-a", "schedule-weighted"]) == 1
    assert "schedule-weighted cannot vote on" in capsys.readouterr().err


def test_runs_with_long_names_go_by_letters_that_the_head_explains(
    golden: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    other = Path(golden).parent / "sums-tiny-T0.9x2-e0de5594"
    shutil.copytree(golden, other)
    rows = (other / "generations.jsonl").read_text().splitlines()
    (other / "generations.jsonl").write_text("".join(f"{row}\n" for row in rows[: len(rows) // 2]))
    assert run(["score", golden, str(other), "--leaderboard"]) == 0
    head, first, second, *table = capsys.readouterr().out.splitlines()
    assert head.endswith("distinct problems:")
    assert first.startswith("A  golden (") and second.startswith(f"B  {other.name} (")
    assert not any("e0de5594" in line for line in table), "no name is broken over the lines of a head"
