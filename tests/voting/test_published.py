"""Votes on real generations: LLaDA-8B-Instruct on canvases of 128, 256 and 512 tokens, as d1 published them."""

import pytest

from hexcli.answers.grading import latex, number
from hexcli.records import Problem
from hexcli.schedule import Schedule
from hexcli.tasks.registry import get_task
from hexcli.voting.aggregators import get_aggregator
from hexcli.voting.votes import Election, Vote, remembered
from tests.shared import published

CANVASES = (128, 256, 512)


def accuracies(name: str, file: str) -> dict[str, float]:
    """Per cent right, by canvas and by aggregator."""
    task = get_task(name)
    targets: dict[str, str] = {}
    texts: dict[str, dict[int, str]] = {}
    for canvas in CANVASES:
        for question, text, target in published(file, canvas):
            targets[question] = number(target) or target if name == "gsm8k" else latex(target)
            texts.setdefault(question, {})[canvas] = text
    equal = remembered(task.equal)
    elections = []
    for question, responses in texts.items():
        problem = Problem(id=question, question=question)
        votes = [
            Vote(
                answer=task.extract(responses[canvas], problem),
                schedule=Schedule.parse("32", gen_length=canvas),
            )
            for canvas in CANVASES
        ]
        elections.append(Election.of(votes, equal))
    chosen = {
        str(canvas): [election.votes[place].answer for election in elections] for place, canvas in enumerate(CANVASES)
    }
    for aggregator in ("majority", "reliability"):
        chosen[aggregator] = [decision.answer for decision in get_aggregator(aggregator)(elections, None)]
    return {
        who: 100
        * sum(
            answer is not None and task.grade(answer, target)
            for answer, target in zip(answers, targets.values(), strict=True)
        )
        / len(targets)
        for who, answers in chosen.items()
    }


@pytest.mark.parametrize(
    ("name", "file", "majority", "reliability"), [("gsm8k", "gsm8k", 80.5, 81.4), ("math", "math500", 35.0, 37.0)]
)
def test_reliability_is_not_below_the_best_schedule_nor_below_majority(
    name: str, file: str, majority: float, reliability: float
) -> None:
    found = accuracies(name, file)
    best = max(found[str(canvas)] for canvas in CANVASES)
    assert found["majority"] >= majority
    assert found["reliability"] >= max(reliability, best, found["majority"])
