"""Choosing schedules, on votes made up so that the right choice is known."""

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest

from hexcli.errors import UsageError

RECIPE = Path(__file__).parents[2] / "recipes" / "tiny"
LABELS = ("2", "4", "8", "16", "32", "8:remasking=entropy", "40+24", "64")


@pytest.fixture(scope="module", autouse=True)
def recipe():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(RECIPE))
        yield


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


def test_what_is_chosen_cannot_be_bettered_by_one_exchange():
    from choose import choose, shares

    votes, target = random_votes()
    pool = tuple(range(8))
    chosen = choose(votes, target, pool, size=3)
    assert len(set(chosen)) == 3
    assert list(chosen) == sorted(chosen), "in cast order, on which ties depend"
    others = [other for other in itertools.combinations(pool, 3) if len(set(other) & set(chosen)) == 2]
    assert max(shares(votes, target, other).mean() for other in others) <= shares(votes, target, chosen).mean()


def test_experts_that_err_apart_are_chosen_before_better_ones_that_err_together():
    from choose import choose

    target = np.ones(30, dtype=np.int32)
    together = np.where(np.arange(30) < 12, 7, 1)
    apart = [np.where(np.arange(30) % 3 == k, 2 + k, 1) for k in range(3)]
    votes = np.array([together, together, together, *apart], dtype=np.int32)
    assert votes[0].tolist().count(1) < votes[3].tolist().count(1)
    assert choose(votes, target, tuple(range(6)), size=3) == (3, 4, 5)


def test_what_chance_makes_look_good_does_not_hold_out():
    from choose import SPLITS, choose, held_out, shares

    votes, target = random_votes(candidates=20)
    pool = tuple(range(20))
    kept = held_out(votes, target, pool)
    assert kept.shape == (SPLITS, 3)
    assert (kept == held_out(votes, target, pool)).all(), "the halves come from a seed"
    assert kept[:, 0].mean() < shares(votes, target, choose(votes, target, pool)).mean()
    assert (kept[:, 1] >= kept[:, 2]).all(), "the best of the six is no better than the best of all"


def test_candidates_that_cost_more_or_vote_alike_are_not_chosen_among():
    from choose import choices

    votes, _ = random_votes(candidates=9)
    votes[7] = votes[0]
    _, chosen = choices(sheet(votes, labels=(*LABELS[:6], "8:steps=64", "40+24", "64")))
    assert len(chosen["all candidates"]) == 6
    assert not {"8:steps=64", "40+24"} & set(chosen["all candidates"])
    assert set(chosen) == {"2, 4, 8, 16, 32, 64: no choice", "all candidates", "even blocks", "low_confidence"}
    assert "8:remasking=entropy" not in chosen["low_confidence"]


def test_the_test_is_never_chosen_on():
    from choose import only

    votes, _ = random_votes()
    assert only([sheet(votes)]).kind.task == "sums-calibration"
    for sheets in ([sheet(votes, task="sums")], [sheet(votes), sheet(votes)], []):
        with pytest.raises(UsageError, match="chosen on sums-calibration"):
            only(sheets)


def test_a_kept_file_is_chosen_from(tmp_path, monkeypatch, capsys):
    import choose
    from sheets import save

    votes, _ = random_votes()
    save([sheet(votes)], tmp_path / "votes.json.gz")
    monkeypatch.setattr(sys, "argv", ["choose.py", str(tmp_path / "votes.json.gz")])
    choose.main()
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("| 8:remasking=entropy | 32 |") for line in lines) == 1
    assert sum(line.startswith("| all candidates |") for line in lines) == 1
