"""Choosing schedules, on votes made up so that the right choice is known."""

import itertools
import sys

import numpy as np
import pytest

from hexcli.errors import UsageError
from hexcli.recipe.file import load_recipes

LABELS = ("2", "4", "8", "16", "32", "8:remasking=entropy", "40+24", "64")


def random_votes(candidates=8, problems=60):
    """Votes of candidates that are right 3 times in 5, and else give one of three wrong answers."""
    dice = np.random.default_rng(1)
    right = dice.random((candidates, problems)) < 0.6
    wrong = dice.integers(2, 5, (candidates, problems))
    return np.where(right, 1, wrong).astype(np.int32), np.ones(problems, dtype=np.int32)


def sheet(votes, task="sums-calibration", labels=LABELS):
    from parts import Kind
    from sheets import Sheet

    made = Sheet(kind=Kind("tiny", task, 64, 0.0))
    made.problems = [f"{task}-{number:04}" for number in range(votes.shape[1])]
    made.targets = ["1"] * votes.shape[1]
    made.first = [number % 8 == 0 for number in range(votes.shape[1])]
    made.answers = {label: [[str(vote) for vote in row]] for label, row in zip(labels, votes, strict=True)}
    return made


def test_no_set_is_better_than_the_one_chosen():
    from selection import choose, shares

    votes, target = random_votes()
    votes[:, ::7] = 0
    chosen = choose(votes, target, tuple(range(8)), size=4)
    assert list(chosen) == sorted(set(chosen)), "in cast order, on which ties depend"
    every = [shares(votes, target, other).mean() for other in itertools.combinations(range(8), 4)]
    assert shares(votes, target, chosen).mean() == max(every) > min(every)


def test_accuracies_of_many_sets_are_those_of_each():
    from selection import _Search, shares

    votes, target = random_votes()
    votes[2:5, ::3] = 0
    search, others = _Search(votes, target, tuple(range(8))), [0, 3, 7]
    for rest in ([1, 2, 4], [6, 5, 4, 2, 1]):
        each = [shares(votes, target, tuple(sorted([*rest, one]))).mean() for one in others]
        assert search.adding(rest, others).tolist() == each


def test_experts_that_err_apart_are_chosen_before_better_ones_that_err_together():
    from selection import choose

    target = np.ones(30, dtype=np.int32)
    together = np.where(np.arange(30) < 12, 7, 1)
    apart = [np.where(np.arange(30) % 3 == k, 2 + k, 1) for k in range(3)]
    votes = np.array([together, together, together, *apart], dtype=np.int32)
    assert votes[0].tolist().count(1) < votes[3].tolist().count(1)
    assert choose(votes, target, tuple(range(6)), size=3) == (3, 4, 5)


def test_what_chance_makes_look_good_does_not_hold_out():
    from selection import SPLITS, choose, held_out, shares

    votes, target = random_votes(candidates=20)
    pool = tuple(range(20))
    kept = held_out(votes, target, pool)
    assert kept.shape == (SPLITS, 3)
    assert (kept == held_out(votes, target, pool)).all(), "the halves come from a seed"
    assert kept[:, 0].mean() < shares(votes, target, choose(votes, target, pool)).mean()
    assert (kept[:, 1] >= kept[:, 2]).all(), "the best of the six is no better than the best of all"


def test_candidates_that_cost_more_or_vote_alike_are_not_chosen_among():
    from selection import choices

    votes, _ = random_votes(candidates=9)
    votes[7] = votes[0]
    found = choices(sheet(votes, labels=(*LABELS[:6], "8:steps=64", "40+24", "64")))
    assert len(found["all candidates"].columns) == 6
    assert not {"8:steps=64", "40+24"} & set(found["all candidates"].columns)
    assert set(found) == {"2, 4, 8, 16, 32, 64: no choice", "all candidates", "even blocks", "low_confidence"}
    assert "8:remasking=entropy" not in found["low_confidence"].columns


def test_the_choice_that_does_best_elsewhere_is_taken_and_bold():
    from choose import report
    from selection import choices, taken

    votes, target = random_votes(candidates=8)
    votes[5] = votes[6] = target  # what only the pool of all has
    found = choices(sheet(votes))
    assert taken(found) == max(found, key=lambda name: found[name].held_out[:, 0].mean())
    bold = [line.split("|")[1].strip() for line in report(sheet(votes), found).splitlines() if "**" in line]
    assert bold == [f"**{taken(found)}**"]


def test_fewer_than_six_candidates_are_no_choice():
    from selection import choices

    votes, _ = random_votes(candidates=5)
    with pytest.raises(UsageError, match="5 different candidates of 32 NFE: choosing takes 6"):
        choices(sheet(votes, labels=LABELS[:5]))


def test_the_test_is_never_chosen_on():
    from choose import only

    votes, _ = random_votes()
    calibration, test = sheet(votes), sheet(votes, task="sums")
    assert only([test, calibration]) is calibration
    for sheets in ([test], [calibration, calibration], []):
        with pytest.raises(UsageError, match="chosen on sums-calibration"):
            only(sheets)


def test_the_choice_becomes_the_recipe_of_the_study(tmp_path, monkeypatch, capsys):
    import choose
    from parts import column_of
    from sheets import save

    votes, _ = random_votes()
    save([sheet(votes)], tmp_path / "votes.json.gz")
    (tmp_path / "greedy-9.yaml").write_text("task: sums")
    monkeypatch.setattr(sys, "argv", ["choose.py", str(tmp_path / "votes.json.gz"), "--recipes", str(tmp_path)])
    choose.main()
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("| 8:remasking=entropy | 32 |") for line in lines) == 1
    (row,) = [line for line in lines if line.startswith("| **")]
    written = [recipe for path in tmp_path.glob("greedy*.yaml") for recipe in load_recipes(path)]
    assert {recipe.task for recipe in written} == {"sums", "sums-new", "choices"}
    ensemble = {schedule for recipe in written for schedule in recipe.ensemble(64)}
    assert {column_of(schedule) for schedule in ensemble} == set(row.split("|")[2].strip().split(", "))
