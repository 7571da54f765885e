"""One problem of a run, found without reading the others."""

import json
import os
from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.runs.finding import find_problem, kept_votes
from hexcli.runs.writing import RunWriter
from tests.samples import generation, manifest


@pytest.fixture
def run(tmp_path: Path) -> Path:
    with RunWriter.open(tmp_path / "run", manifest(expected=4), warn=pytest.fail) as writer:
        for number in (2, 10, 1):
            writer.append(generation(number))
        writer.append(generation(10, temperature=0.5))
    return tmp_path / "run"


@pytest.mark.parametrize(("wanted", "index"), [("p1", 0), ("p10", 1), ("1", 1), ("#2", 2), ("p2", 2)])
def test_a_problem_is_named_by_its_id_or_its_place_among_the_sorted_ids(run: Path, wanted: str, index: int) -> None:
    found = find_problem(run, wanted, warn=pytest.fail)
    assert (found.index, found.problems) == (index, 3)
    assert {one.problem.id for one in found.run.generations} == {("p1", "p10", "p2")[index]}
    assert len(found.run.generations) == (2 if index == 1 else 1)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("3", "0 to 2: there is no 3"),
        ("p", "begins the ids of 3 problems"),
        ("p11", "it has 3 problems, p1, p10, p2, or by index 0 to 2"),
        ("", "begins the ids of 3 problems"),
    ],
)
def test_a_problem_that_is_not_there_is_said_with_what_is(run: Path, wanted: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        find_problem(run, wanted, warn=pytest.fail)


def test_damaged_and_oddly_written_rows_hide_nothing(run: Path) -> None:
    file = run / "generations.jsonl"
    lines = file.read_text().splitlines()
    odd = json.dumps(dict(reversed(json.loads(lines[0]).items())))
    file.write_text("\n".join([odd, lines[1], '{"problem_id": "p10", torn', "nonsense", lines[2], ""]))
    said: list[str] = []
    assert find_problem(run, "p2", warn=pytest.fail).index == 2
    assert len(find_problem(run, "p10", warn=said.append).run.generations) == 1
    assert said == [f"run '{run}': 1 damaged row of p10 left out"]


def test_rows_that_are_no_file_are_not_waited_for(run: Path) -> None:
    (run / "generations.jsonl").unlink()
    os.mkfifo(run / "generations.jsonl")
    with pytest.raises(UsageError, match="it is a pipe, not a file"):
        find_problem(run, "p1", warn=pytest.fail)


def test_the_votes_kept_of_a_problem(run: Path) -> None:
    assert kept_votes(run, "p1") == {}
    rows = [{"problem_id": f"p{n}", "aggregator": name, "answer": "7"} for n in (1, 2) for name in ("a", "b")]
    (run / "votes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert {name: row["problem_id"] for name, row in kept_votes(run, "p2").items()} == {"a": "p2", "b": "p2"}
