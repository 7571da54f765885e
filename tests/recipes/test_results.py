"""The tables of the study, on votes made up so that the right figures are known."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hexcli.cli import app

RECIPE = Path(__file__).parents[2] / "recipes" / "tiny"


@pytest.fixture(scope="module", autouse=True)
def recipe():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(RECIPE))
        yield


def sheet(temperature=0.9, model="tiny", samples=25):
    """Ten problems whose answer is 1: block 2 is right on the first five, block 64 on the last five, 8 on all."""
    from sheets import Kind, Sheet

    made = Sheet(kind=Kind(model, "sums", 64, temperature))
    made.targets = ["1"] * 10
    made.first = [False] * 5 + [True] * 5
    for block in (2, 4, 8, 16, 32, 64):
        right = {2: range(5), 64: range(5, 10)}.get(block, range(10))
        column = ["1" if problem in right else f"{block}0" for problem in range(10)]
        made.answers[block] = [list(column) for _ in range(samples)]
        made.early[block], made.bare[block] = 0.25, 0.0
    return made


def rows(table):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_greedy_tables_hold_every_block_the_majority_and_the_oracle():
    from results import Study

    found = {row[0]: row[1:] for row in rows(Study([sheet(0.0, samples=1)]).greedy())}
    assert found["2"][:3] == ["50.0 [23.7, 76.3]", "100.0 [56.6, 100.0]", "0.0 [0.0, 43.4]"]
    assert found["8"][0] == found["**majority**"][0] == found["oracle"][0] == "100.0 [72.2, 100.0]"
    assert found["majority - block 4"][0].startswith("+0.0 [-")
    assert found["64"][3:] == ["0.0", "25.0", "0.0"]


def test_hex_is_compared_with_the_best_block_at_equal_votes():
    from results import Study

    study = Study([sheet()])
    assert [row[0] for row in rows(study.votes())] == ["4", "6", "12", "16", "25"]
    for row in rows(study.votes()):
        assert row[1].startswith("100.0 ")
        assert row[2:8] == ["50.0", "100.0", "100.0", "100.0", "100.0", "50.0"]
        assert row[8].startswith("4: +0.0 [-")
    assert all(row[1:] == ["100.0", "50.0", "100.0", "100.0", "100.0", "100.0", "50.0"] for row in rows(study.oracle()))


def test_blocks_that_fail_apart_are_anticorrelated():
    import numpy as np
    from results import Study

    made = sheet()
    for block in (4, 8, 16, 32):  # a block that is always right has no correlation
        for column in made.answers[block]:
            column[0] = ""
    table = {row[0]: row[1:] for row in rows(Study([made]).correlations())}
    assert table["**2**"][0] == table["**64**"][5] == "1.00"
    assert table["**2**"][5] == "-1.00"
    assert np.isclose(float(table["**4**"][1]), 1)


def test_a_difference_has_a_paired_interval():
    import numpy as np
    from figures import difference

    one, other = np.array([1.0] * 60 + [0.0] * 40), np.array([1.0] * 50 + [0.0] * 50)
    assert difference(one, other) == "+10.0 [+3.4, +16.2]"
    assert difference(one, one).startswith("+0.0 [-")


def test_sheets_are_kept_and_joined(tmp_path):
    from sheets import load, save

    made, more = sheet(), sheet()
    made.join(more)
    assert made.problems == 20
    assert made.early[2] == 0.25
    save([made], tmp_path / "votes.json.gz")
    assert load(tmp_path / "votes.json.gz") == [made]


def test_tables_come_from_run_folders_and_go_into_a_text(tmp_path, monkeypatch, capsys):
    import results
    from sheets import Kind, load

    command = ["sweep", str(RECIPE / "results" / "greedy.yaml"), "--set", "task=sums", "--set", "schedules=[16,64]"]
    done = CliRunner().invoke(app, [*command, "--limit", "2", "-o", str(tmp_path / "runs")])
    assert done.exit_code == 0, done.stderr
    text = tmp_path / "RESULTS.md"
    text.write_text("Before\n<!-- table greedy -->\nold\n<!-- end -->\nafter\n")
    kept = tmp_path / "votes.json.gz"
    arguments = ["results.py", str(tmp_path / "runs"), "--keep", str(kept), "--write", str(text)]
    monkeypatch.setattr(sys, "argv", arguments)
    results.main()
    assert "no table votes: nothing of" in capsys.readouterr().out
    (of_run,) = load(kept)
    assert of_run.kind == Kind("tiny", "sums", 64, 0.0)
    assert {block: len(samples) for block, samples in of_run.answers.items()} == {16: 1, 64: 1}
    before, *table, after = text.read_text().strip().splitlines()
    assert (before, after) == ("Before", "after")
    assert "old" not in table
    assert sum(line.startswith(("| 16 |", "| 64 |")) for line in table) == 2


def test_an_end_of_text_is_early_where_something_before_it_was_still_masked():
    from dataclasses import replace

    from sheets import ended_early

    from tests.samples import generation

    one = generation(1)
    for steps, early in (((0, 1, 1, 1), False), ((0, 2, 1, 1), True), ((0, 1, 2, -1), False)):
        response = replace(one.response, commit_step=steps)
        assert ended_early(replace(one, response=response, token_ends=(1, 2))) is early
        assert not ended_early(replace(one, response=response, token_ends=(1, 2, 3, 4)))
    with pytest.raises(ValueError, match="older version"):
        ended_early(one)
