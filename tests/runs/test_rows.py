"""Rows that this version does not take are kept; rows of another run are noticed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hexcli.runs.aside import ASIDE
from hexcli.runs.counting import count
from hexcli.runs.halves import take_up
from hexcli.runs.reading import Run, find_runs
from hexcli.runs.rows import read_rows
from hexcli.runs.writing import RunWriter
from tests import samples


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A finished run of three generations."""
    path = tmp_path / "runs" / "one"
    with RunWriter.open(path, samples.manifest(), warn=pytest.fail) as run:
        for number in range(3):
            run.append(samples.generation(number))
        run.finish()
    return path


def lines(path: Path, name: str = "generations.jsonl") -> list[str]:
    return (path / name).read_text(encoding="utf-8").splitlines()


def change(path: Path, *rows: str) -> None:
    (path / "generations.jsonl").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def newer(row: str) -> str:
    fields = json.loads(row)
    fields["schedule"]["new_option"] = 3
    return json.dumps(fields)


def test_rows_of_a_newer_hex_are_kept_aside_and_named_so(path: Path) -> None:
    one, two, three = lines(path)
    change(path, one, newer(two), three)
    said: list[str] = []
    Run.read(path, warn=said.append)
    assert said == [f"run '{path}': 1 row of a newer hex left out: upgrade dllm-hex"]
    with RunWriter.open(path, samples.manifest(), warn=said.append) as run:
        assert len(run.done) == 2
    assert said[1] == f"run '{path}': 1 row of a newer hex set aside in {ASIDE}; what is missing will be decoded again"
    assert lines(path, ASIDE) == [newer(two)]
    assert lines(path) == [one, three], "the others as they were, byte by byte"


@pytest.mark.parametrize("damage", ["\x00", "{", '{"problem_id": "p9"}', "1e999", "[" * 5000, "torn"])
def test_a_damaged_row_is_kept_aside(path: Path, damage: str) -> None:
    rows = lines(path)
    change(path, *rows, damage)
    for number in (1, 2):
        with RunWriter.open(path, samples.manifest(), warn=lambda line: None) as run:
            assert len(run.done) == 3
        assert lines(path) == rows
        assert lines(path, ASIDE) == [damage] * number
        change(path, *rows, damage)


def test_a_row_of_the_same_name_that_says_something_else_is_kept_aside(path: Path) -> None:
    rows = lines(path)
    other = json.dumps({**json.loads(rows[0]), "text": "another"})
    change(path, *rows, other)
    with RunWriter.open(path, samples.manifest(), warn=lambda line: None):
        pass
    assert lines(path, ASIDE) == [other]


def test_two_questions_under_one_id_are_no_complete_run(path: Path) -> None:
    one, two, three = lines(path)
    assert count(Run.read(path, warn=pytest.fail)).complete
    other = json.loads(two)
    change(path, one, json.dumps({**other, "problem_id": "p0"} | {"schedule": {**other["schedule"], "seed": 1}}), three)
    said: list[str] = []
    assert not count(Run.read(path, warn=said.append)).complete
    assert "1 of its problems have two questions (first: p0)" in said[0]


def test_rows_that_came_to_a_complete_run_make_it_incomplete(path: Path) -> None:
    rows = lines(path)
    change(path, *rows, json.dumps({**json.loads(rows[0]), "problem_id": "p77"}))
    said: list[str] = []
    assert not count(Run.read(path, warn=said.append)).complete
    assert "1 row more than when it was complete" in said[0]


def test_light_rows_vote_the_same(path: Path) -> None:
    whole, light = (count(Run.read(path, warn=pytest.fail, light=light)) for light in (False, True))
    assert [ballot.votes for ballot in light.ballots] == [ballot.votes for ballot in whole.ballots]
    assert read_rows(path, hold=False).names == read_rows(path).names
    assert read_rows(path, hold=False).generations == ()


NUMBERS = ["1e999", "1" + "0" * 400, "NaN", "9" * 19, "-1e300", '"7"', "[1]", "null", "true"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("field", ["nfe", "seconds", "first_step_logprob", "token_ids", "commit_confidence"])
def test_no_number_of_a_row_stops_a_vote(path: Path, field: str, number: str) -> None:
    one, *rest = lines(path)
    fields = json.loads(one)
    fields[field] = [12345.25, *fields[field][1:]] if isinstance(fields[field], list) else 12345.25
    change(path, json.dumps(fields).replace("12345.25", number), *rest)
    counted = count(Run.read(path, warn=lambda line: None))
    assert counted.decide("majority")


KILLED = """
import os, sys
from pathlib import Path
from hexcli.cli.main import run
rename, count = Path.rename, [0]
def rename_or_die(self, target):
    if self.is_dir():
        count[0] += 1
        if count[0] == int(sys.argv[1]):
            os.kill(os.getpid(), 9)
    return rename(self, target)
Path.rename = rename_or_die
run(["import", "b.jsonl", "-t", "prompt", "-o", "runs/x", "--overwrite"])
"""


@pytest.mark.parametrize("step", [1, 2])
def test_an_import_killed_between_its_renames_is_taken_up(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hexcli.cli.main import run

    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        row = {"question": name, "text": "\\boxed{5}", "target": "5", "gen_length": 64, "block_length": 8}
        Path(f"{name}.jsonl").write_text(json.dumps(row))
    assert run(["import", "a.jsonl", "-t", "prompt", "-o", "runs/x"]) == 0
    done = subprocess.run([sys.executable, "-c", KILLED, str(step)], capture_output=True)
    assert done.returncode == -9
    assert Path("runs/x").exists() == (step == 1)
    assert [found.name for found in find_runs([Path("runs")])] == ["x"]
    (row,) = read_rows(Path("runs/x")).generations
    assert row.problem.question == ("a" if step == 1 else "b")
    assert run(["import", "b.jsonl", "-t", "prompt", "-o", "runs/x", "--overwrite"]) == 0
    assert [entry.name for entry in Path("runs").iterdir()] == ["x"]


def test_the_folder_of_a_process_that_lives_is_left_alone(tmp_path: Path, path: Path) -> None:
    path.rename(path.with_name(".one.1.new"))
    take_up(path)
    assert not path.exists()
