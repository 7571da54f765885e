"""From votes to what `hex vote` and `hex score` report. Grading happens here, after every decision is made."""

from collections.abc import Sequence
from typing import Any

from hexcli.ballots import Ballot, Count
from hexcli.errors import UsageError
from hexcli.records import Problem
from hexcli.schedule import Schedule
from hexcli.stats import wilson
from hexcli.tasks import Task
from hexcli.voting import Decision


def vote_rows(counted: Count, aggregators: Sequence[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Per aggregator what `hex vote --json` prints, and per problem what votes.jsonl keeps."""
    summary: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    for name in aggregators:
        decisions = [(ballot, ballot.decide(name, counted.task)) for ballot in counted.ballots]
        voted = [decision for _, decision in decisions if decision.answer is not None]
        summary.append(
            {
                "name": name,
                "voted": len(voted),
                "abstained": len(decisions) - len(voted),
                "ties": sum(decision.tie for decision in voted),
                "agreement": sum(decision.agreement for decision in voted) / len(voted) if voted else 0.0,
            }
        )
        details.extend(_vote_detail(ballot, name, decision) for ballot, decision in decisions)
    return summary, details


def _vote_detail(ballot: Ballot, aggregator: str, decision: Decision) -> dict[str, Any]:
    return {
        "problem_id": ballot.problem.id,
        "aggregator": aggregator,
        "answer": decision.answer,
        "tie": decision.tie,
        "agreement": decision.agreement,
        "tallies": [{"answer": tally.answer, "votes": tally.votes} for tally in decision.tallies],
        "votes": [
            {"schedule_label": vote.schedule_label, "seed": vote.seed, "answer": vote.answer} for vote in ballot.votes
        ],
    }


def score_rows(counted: Count, aggregators: Sequence[str]) -> list[dict[str, Any]]:
    """A row for every single schedule, every aggregator, and the oracle (the share where any vote is right).

    Raises UsageError where problems have no target to grade by.
    """
    if not counted.targets:
        raise UsageError(f"{counted.run.path} has problems without a target: there is nothing to score by")
    return [
        *_schedule_rows(counted),
        *(_aggregator_row(counted, name) for name in aggregators),
        _oracle_row(counted),
    ]


def _right(task: Task, answer: str | None, problem: Problem) -> bool:
    assert problem.target is not None
    return answer is not None and task.grade(answer, problem.target)


def _schedule_rows(counted: Count) -> list[dict[str, Any]]:
    """The accuracy of one vote of each schedule: the mean over its samples, if it has several.

    A problem that the schedule has no generation of (an unfinished run) counts as abstained.
    """
    experts: dict[Schedule, list[tuple[Ballot, list[int]]]] = {}
    for ballot in counted.ballots:
        places: dict[Schedule, list[int]] = {}
        for place, generation in enumerate(ballot.generations):
            places.setdefault(generation.schedule.with_seed(0), []).append(place)
        for expert, own in places.items():
            experts.setdefault(expert, []).append((ballot, own))
    rows = []
    for expert in sorted(experts, key=lambda schedule: schedule.cast_order):
        correct = abstained = nfe = tokens = 0.0
        for ballot, own in experts[expert]:
            share = 1 / len(own)
            for place in own:
                answer, response = ballot.votes[place].answer, ballot.generations[place].response
                correct += share * _right(counted.task, answer, ballot.problem)
                abstained += share * (answer is None)
                nfe += share * response.nfe
                tokens += share * response.tokens_computed
        abstained += len(counted.ballots) - len(experts[expert])
        schedule = {key: value for key, value in expert.to_dict().items() if key != "seed"}
        row = _row(counted, "schedule", expert.label, 1, correct, abstained, 0, nfe, tokens)
        rows.append({**row, "schedule": schedule, "samples": max(len(own) for _, own in experts[expert])})
    return rows


def _aggregator_row(counted: Count, name: str) -> dict[str, Any]:
    correct = abstained = ties = 0
    for ballot in counted.ballots:
        decision = ballot.decide(name, counted.task)
        correct += _right(counted.task, decision.answer, ballot.problem)
        abstained += decision.answer is None
        ties += decision.tie
    return _ensemble_row(counted, "aggregator", name, correct, abstained, ties)


def _oracle_row(counted: Count) -> dict[str, Any]:
    correct = abstained = 0
    for ballot in counted.ballots:
        correct += any(_right(counted.task, vote.answer, ballot.problem) for vote in ballot.votes)
        abstained += all(vote.answer is None for vote in ballot.votes)
    return _ensemble_row(counted, "oracle", "oracle", correct, abstained, 0)


def _ensemble_row(counted: Count, kind: str, name: str, correct: float, abstained: float, ties: int) -> dict[str, Any]:
    responses = [generation.response for ballot in counted.ballots for generation in ballot.generations]
    votes = max(len(ballot.votes) for ballot in counted.ballots)
    nfe = sum(response.nfe for response in responses)
    tokens = sum(response.tokens_computed for response in responses)
    return _row(counted, kind, name, votes, correct, abstained, ties, nfe, tokens)


def _row(
    counted: Count,
    kind: str,
    name: str,
    votes: int,
    correct: float,
    abstained: float,
    ties: int,
    nfe: float,
    tokens: float,
) -> dict[str, Any]:
    """One row of `hex score --json`. Sums over problems; means over samples may make them fractional."""
    problems = len(counted.ballots)
    correct = round(correct, 9)  # thirds and fifths summed up: 20.000000000000004 is 20
    low, high = wilson(correct, problems)
    return {
        "kind": kind,
        "name": name,
        "votes": votes,
        "accuracy": correct / problems,
        "ci95": [low, high],
        "correct": _whole(correct),
        "abstained": _whole(round(abstained, 9)),
        "ties": ties,
        "nfe_per_problem": round(nfe / problems, 6),
        "tokens_per_problem": round(tokens / problems, 6),
    }


def _whole(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value
