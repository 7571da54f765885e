"""Labelled problems of another split -> what they tell of the schedules."""

from collections.abc import Iterable

from hexcli.errors import UsageError, plural
from hexcli.runs.counting import Count
from hexcli.scoring.contestants import Grades
from hexcli.voter import Voter
from hexcli.voting.calibration import Calibration, effective_alternatives, smoothed_accuracy


def calibrate(calibration: Count, runs: Iterable[Count]) -> Calibration:
    """The schedules' accuracies on a calibration run, to weigh their votes in `runs`.

    Raises UsageError where it has no targets, or shares problems with one of them: by id or by question.
    """
    path, calibration = calibration.run.path, calibration.labelled
    if not calibration.ballots:
        raise UsageError(f"{path} cannot calibrate: it has problems without a target")
    ids = {ballot.problem.id for ballot in calibration.ballots}
    questions = {_plain(ballot.problem.question) for ballot in calibration.ballots}
    for run in runs:
        problems = [ballot.problem for ballot in run.ballots]
        shared = [one.id for one in problems if one.id in ids or _plain(one.question) in questions]
        if shared:
            raise UsageError(
                f"{path} cannot calibrate {run.run.path}: they share "
                f"{plural(len(shared), 'problem')} ({shared[0]}, ...); take problems of another split"
            )
    return _calibration(calibration, Grades(calibration))


def _calibration(counted: Count, grades: Grades) -> Calibration:
    right: dict[Voter, int] = {}
    cast: dict[Voter, int] = {}
    pairs = coinciding = 0
    for ballot in counted.ballots:
        wrong = []
        for candidate in ballot.election.candidates:
            good = grades.right(candidate.answer, ballot)
            for vote in candidate.votes:
                right[vote.expert] = right.get(vote.expert, 0) + good
                cast[vote.expert] = cast.get(vote.expert, 0) + 1
            if not good:
                wrong.append(len(candidate.votes))
        pairs += sum(wrong) * (sum(wrong) - 1) // 2
        coinciding += sum(votes * (votes - 1) // 2 for votes in wrong)
    return Calibration(
        accuracy={expert: smoothed_accuracy(right[expert], cast[expert]) for expert in cast},
        alternatives=effective_alternatives(pairs, coinciding),
    )


def _plain(question: str) -> str:
    return " ".join(question.split())
