"""The tables of the study, on votes made up so that the right figures are known."""

import dataclasses
import re
import shutil
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from hexcli.cli.main import app
from hexcli.errors import UsageError
from hexcli.schedule import Schedule
from hexcli.voting import rules
from hexcli.voting.votes import Election, Vote
from tests.recipes.place import RECIPE


def sheet(temperature=0.9, model="tiny", samples=25):
    """Ten problems whose answer is 1: block 2 is right on the first five, block 64 on the last five, 8 on all."""
    from parts import Kind
    from sheets import Sheet

    made = Sheet(kind=Kind(model, "sums", 64, temperature))
    made.problems = [f"sums-{number:04}" for number in range(10)]
    made.targets = ["1"] * 10
    made.first = [False] * 5 + [True] * 5
    for block in ("2", "4", "8", "16", "32", "64"):
        right = {"2": range(5), "64": range(5, 10)}.get(block, range(10))
        column = ["1" if problem in right else f"{block}0" for problem in range(10)]
        made.answers[block] = [list(column) for _ in range(samples)]
        made.early[block], made.bare[block] = [0] * 5 + [samples] * 5, [0] * 10
    return made


def rows(table):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_tables_of_blocks_hold_every_block_the_majority_and_the_oracle():
    from study import Study

    found = {row[0]: row[1:] for row in rows(Study([sheet(0.0, samples=1)]).blocks())}
    assert found["2"][:3] == ["50.0 [23.7, 76.3]", "100.0 [56.6, 100.0]", "0.0 [0.0, 43.4]"]
    assert found["8"][0] == found["**majority**"][0] == found["oracle"][0] == "100.0 [72.2, 100.0]"
    assert found["majority - block 4"][0].startswith("+0.0 [-")
    assert found["64"][3:] == ["0.0", "50.0", "0.0"]


def test_the_six_schedules_are_those_of_the_recipe():
    from study import deterministic

    from hexcli.recipe.file import load_recipes

    six = deterministic()
    assert len(set(six)) == 6
    recipes = [one for path in (RECIPE / "results").glob("greedy*.yaml") for one in load_recipes(path)]
    assert {label for one in recipes for label in one.schedules} == {column.split(":")[0] for column in six}
    assert {recipe.task for recipe in recipes} == {"sums", "sums-new", "choices"}
    assert {recipe.temperature for recipe in recipes} == {0.0}


def test_hex_is_compared_with_the_best_block_at_equal_votes():
    from study import Study

    study = Study([sheet()])
    assert [row[0] for row in rows(study.votes())] == ["4", "6", "12", "16", "25"]
    for row in rows(study.votes()):
        assert row[1].startswith("100.0 ")
        assert row[2:8] == ["50.0", "100.0", "100.0", "100.0", "100.0", "50.0"]
        assert row[8].startswith("4: +0.0 [-")
    assert all(row[1:] == ["100.0", "50.0", "100.0", "100.0", "100.0", "100.0", "50.0"] for row in rows(study.oracle()))


def test_blocks_that_fail_apart_are_anticorrelated():
    import numpy as np
    from study import Study

    made = sheet()
    for block in ("4", "8", "16", "32"):  # a block that is always right has no correlation
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


@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=1, max_size=5))
def test_the_majority_of_numbers_is_the_majority_of_votes(problems):
    import numpy as np
    from figures import majority

    schedules = [Schedule.parse(label, gen_length=64) for label in ("2", "4", "8", "40+24", "48+16", "64")]
    for row, winner in zip(problems, majority(np.array(problems, dtype=np.int32).T), strict=True):
        votes = [Vote(answer=str(n) if n else None, schedule=s) for n, s in zip(row, schedules, strict=True)]
        assert rules.majority(Election.of(votes, str.__eq__)).answer == (str(winner) if winner else None)


def test_an_ensemble_needs_its_samples():
    from figures import vote

    made = sheet(samples=3)
    assert vote(made, {"2": 3, "64": 2}).mean() == 0.5, "three against two"
    with pytest.raises(KeyError, match=r"sums.*64"):
        vote(made, {"2": 3, "64": 4})


def test_kept_sheets_are_read_again(tmp_path):
    from sheets import collect, save

    save([sheet(), sheet(0.0, samples=1)], tmp_path / "votes.json.gz")
    assert collect([tmp_path / "votes.json.gz"]) == [sheet(), sheet(0.0, samples=1)]
    with pytest.raises(UsageError, match="no such file or folder"):
        collect([tmp_path / "other"])


def part(problems, *labels, origin=("sha256:01", "float32", "version 2"), **fields):
    """A run folder's votes: on problem n every schedule but block 64 answers n."""
    from parts import Cell, Kind, Part

    schedules = [Schedule.parse(label, gen_length=64, **fields) for label in labels]
    return Part(
        kind=Kind("tiny", "sums", 64, 0.0),
        origin=origin,
        asked={f"sums-{n:04}": (str(n), False) for n in problems},
        cells={
            schedule: {f"sums-{n:04}": Cell("" if schedule.label == "64" else str(n), n == 0, False) for n in problems}
            for schedule in schedules
        },
    )


def test_folders_of_a_kind_are_joined_by_problem_and_by_schedule():
    from sheets import Sheet

    parts = [part([2, 3], "64", "2"), part([0, 1], "64", "2"), part(range(4), "40+24", remasking="entropy")]
    made = Sheet.of(parts)
    assert made.problems == [f"sums-{n:04}" for n in range(4)]
    assert made.answers == {
        "2": [["0", "1", "2", "3"]],
        "40+24:remasking=entropy": [["0", "1", "2", "3"]],
        "64": [["", "", "", ""]],
    }
    assert next(iter(made.answers)) == "2", "in cast order"
    assert made.early["2"] == [1, 0, 0, 0]


def test_problems_that_lack_a_generation_are_left_out_and_said(capsys):
    from sheets import Sheet

    made = Sheet.of([part(range(4), "2"), part(range(3), "64")])
    assert made.problems == ["sums-0000", "sums-0001", "sums-0002"]
    assert "tiny, sums, canvas 64, T = 0: 3 of 2048 problems have all 2 generations" in capsys.readouterr().err


def test_models_of_one_name_are_not_mixed():
    from sheets import Sheet

    with pytest.raises(UsageError, match="do not go together"):
        Sheet.of([part([1], "2"), part([2], "2", origin=("sha256:02", "float32", "version 2"))])


def test_sheets_are_compared_on_the_problems_that_both_have():
    from sheets import common

    one, other = sheet(), sheet(0.5, samples=2).on([f"sums-{n:04}" for n in range(4, 10)])
    assert [len(made.problems) for made in common(one, other)] == [6, 6]
    assert common(one, other)[0].answers["2"][0] == ["1", *["20"] * 5]
    with pytest.raises(KeyError, match="no problem is in all of"):
        common(other, one.on(["sums-0000"]))


@given(
    st.sampled_from(["2", "64", "40+24", "8+56", "32+16+16"]),
    st.sampled_from([32, 64]),
    st.sampled_from(["low_confidence", "entropy"]),
)
def test_a_column_is_named_after_its_schedule(label, steps, remasking):
    from parts import column_of, schedule_of

    schedule = Schedule.parse(label, gen_length=64, steps=steps, remasking=remasking)
    name = column_of(dataclasses.replace(schedule, temperature=0.9, seed=3))
    assert schedule_of(name, 64) == schedule
    assert (name == label) is (steps == 32 and remasking == "low_confidence")


def test_tables_come_from_run_folders_and_go_into_a_text(tmp_path, monkeypatch, capfd):
    import results
    from parts import Kind
    from sheets import load
    from study import BLOCKS

    command = ["sweep", str(RECIPE / "results" / "blocks.yaml"), "--limit", "2", "-o", str(tmp_path / "runs")]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.stderr
    stopped = tmp_path / "runs" / "stopped"
    shutil.copytree(next((tmp_path / "runs").iterdir()), stopped)
    (stopped / "generations.jsonl").write_text("")
    text = tmp_path / "RESULTS.md"
    text.write_text("Before\n<!-- table blocks -->\nold\n<!-- end -->\nafter\n")
    kept = tmp_path / "votes.json.gz"
    arguments = ["results.py", str(tmp_path / "runs"), "--keep", str(kept), "--write", str(text)]
    monkeypatch.setattr(sys, "argv", arguments)
    results.main()
    said = capfd.readouterr()
    assert "no table votes: no votes of tiny, sums, canvas 64, T = 0.9" in said.out
    assert f"{stopped} is left out: " in said.err
    assert "2 of 2048 problems have all 6 generations" in said.err
    (of_run,) = load(kept)
    assert of_run.kind == Kind("tiny", "sums", 64, 0.0)
    assert {column: len(samples) for column, samples in of_run.answers.items()} == dict.fromkeys(BLOCKS, 1)
    before, *table, after = text.read_text().strip().splitlines()
    assert (before, after) == ("Before", "after")
    assert "old" not in table
    assert sum(line.startswith(("| 16 |", "| 64 |")) for line in table) == 2


def test_every_table_has_its_place_in_the_text():
    from study import TABLES

    text = (RECIPE / "RESULTS.md").read_text()
    assert re.findall(r"<!-- table (\w+) -->\n(?:[^<]*\n)?<!-- end -->", text) == list(TABLES)


def test_an_end_of_text_is_early_where_something_before_it_was_still_masked():
    from parts import ended_early

    from tests.samples import generation

    one = generation(1)
    for steps, early in (((0, 1, 1, 1), False), ((0, 2, 1, 1), True), ((0, 1, 2, -1), False)):
        response = dataclasses.replace(one.response, commit_step=steps)
        assert ended_early(dataclasses.replace(one, response=response, token_ends=(1, 2))) is early
        assert not ended_early(dataclasses.replace(one, response=response, token_ends=(1, 2, 3, 4)))
    with pytest.raises(UsageError, match="older version"):
        ended_early(one)


def test_kept_files_of_a_kind_are_joined_by_schedule(tmp_path):
    from sheets import collect, save

    whole = sheet()
    files = []
    for name, columns in (("a", ["2", "8", "64"]), ("b", ["16", "4", "32", "8"])):
        files.append(tmp_path / name)
        fields = {one: {c: getattr(whole, one)[c] for c in columns} for one in ("answers", "early", "bare")}
        save([dataclasses.replace(whole, **fields)], files[-1])
    (joined,) = collect(files)
    assert list(joined.answers) == list(whole.answers)
    assert joined.answers == whole.answers
    save([dataclasses.replace(whole, problems=whole.problems[::-1])], files[1])
    with pytest.raises(UsageError, match="other problems"):
        collect(files)
