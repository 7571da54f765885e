"""`--record-steps`: what each text would have been after each step, and the vote over it."""

import json
from pathlib import Path
from typing import Any

import pytest

import hexcli
from hexcli.answers.drafts import texts_of
from hexcli.records import Draft
from tests.cli.test_vote_and_score import out_of


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEX_CACHE_DIR", str(tmp_path / "cache"))


def rows(path: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in Path(path, "generations.jsonl").read_text().splitlines()]
    return sorted(found, key=lambda row: (row["problem_id"], row["schedule_label"]))


DECODE = ("decode", "-s", "8,32", "-n", "2", "--json")


def test_steps_are_recorded_and_voted_on_and_nothing_else_moves(capsys: pytest.CaptureFixture[str]) -> None:
    out_of(capsys, *DECODE, "-o", "runs/plain")
    out, err = out_of(capsys, *DECODE, "--record-steps")
    told = json.loads(out)
    assert "4 generations cached without a record of steps: decoded again" in err
    assert (told["decoded"], told["from_cache"]) == (4, 0) and "steps" in told["run"]
    again = json.loads(out_of(capsys, *DECODE, "--record-steps", "-o", "runs/again")[0])
    assert (again["decoded"], again["from_cache"]) == (0, 4)
    for plain, recorded in zip(rows("runs/plain"), rows("runs/again"), strict=True):
        assert "drafts" not in plain
        drafts = recorded.pop("drafts")
        same = ("problem_id", "schedule", "token_ids", "commit_step", "text", "nfe")
        assert {name: plain[name] for name in same} == {name: recorded[name] for name in same}
        texts = list(texts_of([Draft(**draft) for draft in drafts]))
        assert texts[0][0] == 0 and texts[-1][1] == recorded["text"]
    assert "temporal" in out_of(capsys, "vote", "runs/again", "-a", "temporal")[0]
    (found,) = [row for row in hexcli.score("runs/again", ["temporal"]).frame["rows"] if row["name"] == "temporal"]
    assert found["votes"] == 2
    err = out_of(capsys, "vote", "runs/plain", "-a", "temporal", code=1)[1]
    assert (
        err
        == "hex: temporal cannot vote on plain: the votes have no record of their steps: decode with --record-steps\n"
    )


def test_a_cache_of_keys_and_values_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    err = out_of(capsys, *DECODE, "--record-steps", "--fast", code=2)[1]
    assert "record_steps needs every position at every step, and kv_cache open computes some" in err


def test_recipes_say_it_too_and_names_of_others_stay(capsys: pytest.CaptureFixture[str]) -> None:
    Path("recipe.yaml").write_text("schedules: [8]\nlimit: 1\nrecord_steps: true\n")
    (told,) = json.loads(out_of(capsys, "sweep", "recipe.yaml", "--json")[0])
    assert "drafts" in rows(told["run"])[0]
    (told,) = json.loads(out_of(capsys, "sweep", "demo", "--limit", "1", "--record-steps", "--dry-run", "--json")[0])
    assert told["recipe"]["record_steps"] is True
    assert "record_steps" not in json.loads(out_of(capsys, *DECODE, "--dry-run")[0])["recipe"]
