"""Votes on real generations: LLaDA-8B-Instruct on canvases of 128, 256 and 512 tokens, as d1 published them."""

from hexcli.answers.grading import latex, number
from hexcli.answers.signs import reached
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
                room=responses[canvas].count("<|endoftext|>"),
                reached=reached(responses[canvas]),
            )
            for canvas in CANVASES
        ]
        elections.append(Election.of(votes, equal))
    chosen = {
        str(canvas): [election.votes[place].answer for election in elections] for place, canvas in enumerate(CANVASES)
    }
    for aggregator in ("majority", "informed"):
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


def test_informed_is_above_majority_where_it_was_chosen() -> None:
    """On the half of d1's generations that its order was chosen on: 559 of 801 against 540. No claim beyond it."""
    for name, file, majority, informed in (("gsm8k", "gsm8k", 80.0, 82.0), ("math", "math500", 35.0, 39.0)):
        found = accuracies(name, file)
        assert found["majority"] >= majority
        assert found["informed"] >= informed
