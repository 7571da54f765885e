"""Labelled problems of another split weigh the schedules."""

import pytest

from hexcli.errors import UsageError
from hexcli.runs.counting import Count, count
from hexcli.schedule import Schedule
from hexcli.scoring.calibrating import calibrate
from hexcli.scoring.frames import score_frame
from hexcli.voter import Voter
from tests.scoring.runs import counted, generation, run

LABELS = ("8", "16", "32")


def split(problems: range, *rows: tuple[str | None, ...], name: str = "test") -> Count:
    return count(
        run(
            *(
                generation(problem, label, answer)
                for problem, answers in zip(problems, rows, strict=True)
                for label, answer in zip(LABELS, answers, strict=True)
            ),
            name=name,
        )
    )


def expert(label: str) -> Voter:
    return Voter(Schedule.parse(label, gen_length=64, temperature=0.9))


CALIBRATION = split(range(10, 14), ("1", "1", "7"), ("2", "7", "7"), (None, "3", "7"), ("4", "4", "7"), name="other")


def test_accuracies_are_of_the_cast_votes_and_never_0_or_1() -> None:
    found = calibrate(CALIBRATION, [])
    assert [found.accuracy[expert(label)] for label in LABELS] == [1 / 5, 2 / 6, 5 / 6]


def test_wrong_answers_are_counted_by_how_often_wrong_votes_coincide() -> None:
    """Pairs of wrong votes: (1, 1) and (4, 4) coincide, and there are no others."""
    assert calibrate(CALIBRATION, []).alternatives == pytest.approx((2 + 2) / (2 + 1))


def test_the_schedule_that_was_right_outvotes_those_that_were_not() -> None:
    scored = split(range(3), ("5", "5", "7"), ("6", "7", "7"), (None, "7", None))
    frame = score_frame(scored, ["majority", "schedule-weighted"], calibrate(CALIBRATION, [scored]))
    correct = {row["name"]: row["correct"] for row in frame["rows"]}
    assert (correct["majority"], correct["schedule-weighted"]) == (2, 3)
    assert frame["skipped"] == []


def test_problems_that_are_scored_cannot_calibrate_neither_by_id_nor_by_question() -> None:
    with pytest.raises(
        UsageError, match=r"runs/other cannot calibrate runs/test: they share 2 problems \(p12, \.\.\.\)"
    ):
        calibrate(CALIBRATION, [split(range(12, 15), *[("7",) * 3] * 3)])
    import dataclasses

    renamed = dataclasses.replace(
        generation(10, "8", "7"),
        problem=dataclasses.replace(generation(10, "8", "7").problem, id="other", question=" question  10"),
    )
    with pytest.raises(UsageError, match="share 1 problem"):
        calibrate(CALIBRATION, [counted(renamed)])


def test_a_run_without_targets_cannot_calibrate() -> None:
    with pytest.raises(UsageError, match="without a target"):
        calibrate(counted(generation(1, "8", "7", target=None)), [])


def test_a_schedule_that_was_not_calibrated_is_named() -> None:
    frame = score_frame(counted(generation(1, "64", "7")), ["schedule-weighted"], calibrate(CALIBRATION, []))
    assert frame["skipped"] == [
        {"name": "schedule-weighted", "reason": "the calibration run has no schedule 64 with these settings"}
    ]
