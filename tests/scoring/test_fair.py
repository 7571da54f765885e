"""Equally many votes, of all schedules and of the best one."""

import pytest

from hexcli.scoring.contestants import Grades, schedules
from hexcli.scoring.fair import equal_votes
from hexcli.scoring.frames import score_frame
from hexcli.scoring.rows import best_single
from tests.scoring.runs import counted, generation

# Three samples a schedule.
ANSWERS = {1: {"8": ("7", "7", "1"), "16": ("7", "1", "1")}, 2: {"8": ("7", "1", "7"), "16": ("1", "7", "1")}}


def three_samples():
    return counted(
        *(
            generation(problem, label, answer, seed=seed)
            for problem, own in ANSWERS.items()
            for label, answers in own.items()
            for seed, answer in enumerate(answers)
        )
    )


def test_each_side_votes_as_often_as_there_are_samples_of_the_best() -> None:
    """Three votes: block 8 elects 7 of both problems. Both schedules in turn (8, 16, 8; 16, 8, 16; 8, 16, 8), of
    problem 1: 7 7 7, 1 7 1, 1 1 7; of problem 2: 7 1 1, 7 1 1, 7 1 7."""
    counted = three_samples()
    grades = Grades(counted)
    found = equal_votes(counted, grades, best_single(schedules(counted, grades)))
    assert found is not None
    assert (found["votes"], found["ensembles"], found["problems"]) == (3, 3, 2)
    assert found["best_single"]["name"] == "8"
    assert found["best_single"]["accuracy"] == 1.0
    assert found["all_schedules"]["accuracy"] == pytest.approx((1 / 3 + 1 / 3) / 2)
    assert found["difference"] == pytest.approx(-2 / 3)
    assert found["p_value"] == 0.5
    assert found["all_schedules"]["nfe_per_problem"] == found["best_single"]["nfe_per_problem"] == 96


def test_each_ensemble_starts_at_another_schedule() -> None:
    """Three votes of four schedules, of which two agree: 7 wins where both are in."""
    said = {"8": "7", "16": "1", "32": "2", "64": "7"}
    run = counted(*(generation(1, label, answer, seed=seed) for label, answer in said.items() for seed in range(3)))
    grades = Grades(run)
    found = equal_votes(run, grades, best_single(schedules(run, grades)))
    assert found is not None
    assert (found["votes"], found["best_single"]["name"], found["best_single"]["accuracy"]) == (3, "8", 1.0)
    assert found["all_schedules"]["accuracy"] == pytest.approx(2 / 3)


def test_two_votes_are_the_first_of_them_and_are_not_compared() -> None:
    two = counted(
        *(
            generation(problem, label, answers[seed], seed=seed)
            for problem in range(8)
            for label, answers in {"8": ("7", "1"), "16": ("7", "1")}.items()
            for seed in range(2)
        )
    )
    assert score_frame(two, ["majority"])["equal_votes"] is None


def test_the_frame_has_it_and_counts_it_among_the_comparisons() -> None:
    frame = score_frame(three_samples(), ["first", "majority"])
    assert frame["equal_votes"]["votes"] == 3
    assert frame["comparisons"] == 1 + 2 + 1, "majority: the best; first: the best, majority; equal votes"
    assert frame["equal_votes"]["p_holm"] == 1.0


@pytest.mark.parametrize(
    "generations",
    [
        [generation(1, label, "7") for label in ("8", "16")],  # no samples
        [generation(1, "8", "7", seed=seed) for seed in range(3)],  # no ensemble
    ],
)
def test_without_samples_or_without_other_schedules_there_is_none(generations: list) -> None:
    frame = score_frame(counted(*generations), ["majority"])
    assert frame["equal_votes"] is None


def test_problems_whose_votes_are_not_all_there_are_left_out() -> None:
    generations = [generation(1, label, "7", seed=seed) for label in ("8", "16") for seed in range(3)]
    frame = score_frame(counted(*generations, generation(2, "8", "7")), ["majority"])
    assert frame["equal_votes"]["problems"] == 1


def test_a_comparison_has_its_p_value_and_one_corrected_for_their_number() -> None:
    answers = [("1", "7", "7")] * 8 + [("7", "7", "7")] * 4
    run = counted(
        *(
            generation(problem, label, answer)
            for problem, own in enumerate(answers)
            for label, answer in zip(("8", "16", "32"), own, strict=True)
        )
    )
    frame = score_frame(run, ["first", "majority"])
    first = next(row for row in frame["rows"] if row["name"] == "first")
    assert frame["comparisons"] == 3
    assert [versus["p_value"] for versus in first["versus"]] == [2 / 2**8] * 2
    assert [versus["p_holm"] for versus in first["versus"]] == pytest.approx([3 * 2 / 2**8] * 2)
