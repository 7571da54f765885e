"""Runs that stop where their votes are decided, through the real command line on the embedded model."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from tests.cli.test_main_job import hex_json

# 9 votes a problem, in half of the usual steps: the answers matter here less than that they differ.
ENSEMBLE = ["--schedules", "8,16,32", "--samples", "3", "--temperature", "0.7", "--steps", "16"]
DECODE = ["decode", *ENSEMBLE, "--limit", "3"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def answers(path: Path) -> dict[str, dict[str, str | None]]:
    """What each aggregator answered to each problem, from the run's votes.jsonl."""
    found: dict[str, dict[str, str | None]] = {}
    for line in (path / "votes.jsonl").read_text().splitlines():
        row = json.loads(line)
        found.setdefault(row["aggregator"], {})[row["problem_id"]] = row["answer"]
    return found


def test_the_majority_is_that_of_all_votes_and_a_full_run_adds_only_those_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bound = hex_json(capsys, *DECODE, "--until-decided", "--dry-run")
    assert (bound["to_decode"], bound["nfe"], bound["not_needed"], bound["may_stop"]) == (27, 27 * 16, 0, True)

    stopped = hex_json(capsys, *DECODE, "--until-decided")
    path = Path(stopped["run"])
    assert stopped["generations"] == stopped["decoded"] == 27 - stopped["not_needed"]
    assert 0 < stopped["nfe"] <= 16 * stopped["decoded"]
    assert stopped["nfe_saved"] == 16 * stopped["not_needed"]
    assert 3 <= stopped["not_needed"] <= 3 * 4, "five of nine votes can decide"
    manifest = json.loads((path / "run.json").read_text())
    assert (manifest["expected"], manifest["complete"], manifest["generations"]) == (27, True, stopped["generations"])
    assert manifest["until_decided"] == {"certainty": 1.0, "not_needed": stopped["not_needed"]}

    (voted,) = hex_json(capsys, "vote")
    assert voted["complete"]
    assert voted["until_decided"] == manifest["until_decided"]
    assert [row["name"] for row in voted["rows"] if "partial" not in row] == ["first", "majority"]
    early = answers(path)
    (scored,) = hex_json(capsys, "score")
    assert [row["name"] for row in scored["rows"] if "partial" not in row] == ["first", "majority"]
    assert run(["score"]) == 0
    out, err = capsys.readouterr()
    assert f"{stopped['not_needed']} votes not cast. They could not change an answer of first or majority." in out
    assert re.search(r"block 16 (\(mean of [23]\) )?\* ", out)
    assert err == ""

    again = hex_json(capsys, *DECODE, "--until-decided")
    assert (again["decoded"], again["in_run"], again["not_needed"]) == (0, stopped["decoded"], stopped["not_needed"])
    assert run([*DECODE, "--until-decided", "--dry-run"]) == 0
    assert f"{stopped['not_needed']} not needed, at most 0 to decode, 0 NFE" in capsys.readouterr().out

    full = hex_json(capsys, *DECODE)
    assert full["run"] == stopped["run"]
    assert (full["decoded"], full["in_run"], full["not_needed"]) == (stopped["not_needed"], stopped["decoded"], 0)
    (voted,) = hex_json(capsys, "vote")
    assert (voted["complete"], voted["until_decided"], voted["generations"]) == (True, None, 27)
    assert not any("partial" in row for row in voted["rows"])
    late = answers(path)
    assert {name: early[name] for name in ("first", "majority")} == {name: late[name] for name in ("first", "majority")}

    more = hex_json(capsys, *DECODE, "--until-decided")
    assert (more["generations"], more["not_needed"]) == (27, 0)
    assert "until_decided" not in json.loads((path / "run.json").read_text())


def test_a_posterior_is_said_with_the_votes(capsys: pytest.CaptureFixture[str]) -> None:
    order = ["--vote-order", "8,32"]
    arguments = ["decode", *ENSEMBLE, "--limit", "2", "--decide-at", "0.8", *order, "-o", "runs/early"]
    assert run(arguments) == 0
    out, err = capsys.readouterr()
    assert " not needed, up to " in out and " NFE saved" in out
    assert "decoding at most 18 generations" in err
    assert run(["vote", "-a", "all"]) == 0
    out, _ = capsys.readouterr()
    assert "votes not cast once the leader led with 80 % (Beta posterior). They could" in out
    assert "\n first " in out and "\n majority * " in out
    (frame,) = hex_json(capsys, "vote", "--schedules", "8,16")
    assert all(row["partial"] for row in frame["rows"]), "of some schedules nothing was decided"

    assert run(["decode", *ENSEMBLE, "--limit", "3", "-o", "runs/early"]) == 2
    _, err = capsys.readouterr()
    assert "hex: run 'runs/early' stopped where its own votes decided" in err

    certain = hex_json(capsys, *arguments[:-6], "--until-decided", "-o", "runs/early")
    assert certain["in_run"] > 0
    manifest = json.loads(Path("runs/early/run.json").read_text())
    assert manifest["until_decided"]["certainty"] == 1.0


def test_votes_are_decoded_in_another_order_than_they_are_cast(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["decode", *ENSEMBLE, "--limit", "1", "--decide-at", "0.8", "-o", "runs/early"]
    row = hex_json(capsys, *arguments)
    assert row["nfe_wasted"] == 0, "on a CPU none is begun that may be in vain"
    rows = [json.loads(line) for line in Path("runs/early/generations.jsonl").read_text().splitlines()]
    assert {len(row["schedule"]["blocks"]) for row in rows[:2]} == {2, 8}, "first those of 32 and of 8"
    assert json.loads(Path("runs/early/run.json").read_text())["until_decided"]["order"] == ["32", "8", "16"]
    (voted,) = hex_json(capsys, "vote")
    assert all(row["partial"] for row in voted["rows"]), "the first vote in cast order need not be there"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--vote-order", "8"], "--vote-order has no effect without --until-decided or --decide-at"),
        (["--vote-order", "8,4", "--until-decided"], "--vote-order names 4, which is none of the schedules 8,16,32"),
        (["--vote-order", "8,8", "--until-decided"], "--vote-order names a schedule twice: 8,8"),
    ],
)
def test_an_order_that_cannot_be_is_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decode", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("value", ["0.5", "1.01", "nan", "-1"])
def test_a_certainty_is_above_a_half_and_at_most_one(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--decide-at", value]) == 2
    assert f"--decide-at must be above 0.5 and at most 1 (certain), not {float(value):g}" in capsys.readouterr().err


def test_a_sweep_stops_where_votes_decide(capsys: pytest.CaptureFixture[str]) -> None:
    Path("recipe.yaml").write_text("schedules: [8, 16, 32]\nsteps: [16, 8]\nlimit: 1\n")
    previews = hex_json(capsys, "sweep", "recipe.yaml", "--until-decided", "--dry-run")
    assert [found["may_stop"] for found in previews] == [True, True]
    swept: list[dict[str, Any]] = hex_json(capsys, "sweep", "recipe.yaml", "--until-decided")
    for row in swept:
        assert row["generations"] + row["not_needed"] == 3
        assert row["not_needed"] <= 1


def test_a_prompt_of_ones_own_stops_where_its_votes_decide(capsys: pytest.CaptureFixture[str]) -> None:
    question = "Tom has 12 apples. He buys 9 apples. Then he gives away 4 apples. How many apples does Tom have now?"
    found = hex_json(capsys, "decode", question, "--schedules", "8,16,32", "--until-decided")
    assert (found["answer"], len(found["generations"]), found["not_needed"]) == ("17", 2, 1)
    assert run(["decode", question, "--schedules", "8,16,32", "--until-decided"]) == 0
    assert "majority: 17  (2 of 2 votes); 1 not needed" in capsys.readouterr().out
    assert len(hex_json(capsys, "decode", question, "--schedules", "8,16,32")["generations"]) == 3
