"""Equally many votes, of all schedules and of the best one."""

import pytest

from hexcli.scoring.contestants import Grades, schedules
from hexcli.scoring.fair import equal_votes
from hexcli.scoring.frames import score_frame
from hexcli.scoring.rows import best_single
from tests.scoring.runs import counted, generation

# Two samples a schedule. Block 8 is right in 3 of 4 votes, 16 in 2 of 4.
ANSWERS = {1: {"8": ("7", "7"), "16": ("7", "1")}, 2: {"8": ("7", "1"), "16": ("1", "7")}}


def two_samples():
    return counted(
        *(
            generation(problem, label, answer, seed=seed)
            for problem, own in ANSWERS.items()
            for label, answers in own.items()
            for seed, answer in enumerate(answers)
        )
    )


def test_each_side_votes_as_often_as_there_are_samples_of_the_best() -> None:
    """Two votes, a tie to the first cast. Block 8: problem 1 right, 2 right (7 before 1). Both schedules, sample 0:
    7 and 7, 7 and 1; sample 1: 7 and 1, 1 and 7: right, right; right, wrong."""
    counted = two_samples()
    grades = Grades(counted)
    found = equal_votes(counted, grades, best_single(schedules(counted, grades)))
    assert found is not None
    assert (found["votes"], found["ensembles"], found["problems"]) == (2, 2, 2)
    assert found["best_single"]["name"] == "8"
    assert found["best_single"]["accuracy"] == 1.0
    assert found["all_schedules"]["accuracy"] == 0.75
    assert found["difference"] == -0.25
    assert found["p_value"] == 1.0
    assert found["all_schedules"]["nfe_per_problem"] == found["best_single"]["nfe_per_problem"] == 64


def test_each_ensemble_starts_at_another_schedule() -> None:
    """Two votes of three schedules: the first and the second (a tie, to the first cast), then the second and third."""
    said = {"8": "7", "16": "1", "32": "2"}
    run = counted(*(generation(1, label, answer, seed=seed) for label, answer in said.items() for seed in range(2)))
    grades = Grades(run)
    found = equal_votes(run, grades, best_single(schedules(run, grades)))
    assert found is not None
    assert (found["votes"], found["best_single"]["name"], found["best_single"]["accuracy"]) == (2, "8", 1.0)
    assert found["all_schedules"]["accuracy"] == 0.5


def test_the_frame_has_it_and_counts_it_among_the_comparisons() -> None:
    frame = score_frame(two_samples(), ["first", "majority"])
    assert frame["equal_votes"]["votes"] == 2
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
    generations = [generation(1, label, "7", seed=seed) for label in ("8", "16") for seed in range(2)]
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
