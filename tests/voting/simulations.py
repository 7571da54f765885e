"""Elections with a planted truth: voters of known accuracy whose errors are independent, shared, or copied."""

import random
from collections.abc import Sequence

from hexcli.schedule import Schedule
from hexcli.voter import Voter
from hexcli.voting.votes import Decision, Election, Vote

TRUTH = "t"


def experts(count: int) -> list[Voter]:
    """As many voters as are asked for, in cast order; above six each has samples."""
    labels = ("2", "4", "8", "16", "32", "64")
    if count <= len(labels):
        return [Voter(Schedule.parse(label, gen_length=64, steps=32, temperature=0.9)) for label in labels[:count]]
    return [
        Voter(Schedule.parse(label, gen_length=64, steps=32, temperature=0.9, seed=seed))
        for label in labels[: count // 5]
        for seed in range(5)
    ]


def elections(
    accuracies: Sequence[float],
    *,
    problems: int,
    seed: int,
    shared: Sequence[int] = (),
    copies: Sequence[int] = (),
    wrong: int = 12,
    telling: float = 0.0,
) -> list[Election]:
    """Voters right with their accuracy, else for one of `wrong` answers.

    shared   voters that take the same draw in two problems of three, errors included
    copies   voters that always say what the first of them says
    telling  how much more often a right answer has room behind it than a wrong one
    """
    dice = random.Random(seed)
    voters = experts(len(accuracies))
    found = []
    for _ in range(problems):
        common = dice.random(), dice.randrange(wrong)
        together = dice.random() < 2 / 3
        answers: list[str] = []
        for place, accuracy in enumerate(accuracies):
            draw, slip = common if place in shared and together else (dice.random(), dice.randrange(wrong))
            answers.append(TRUTH if draw < accuracy else f"w{slip}")
        for place in copies:
            answers[place] = answers[copies[0]]
        votes = [
            Vote(
                answer=answer,
                schedule=voter.schedule,
                room=9 if dice.random() < 0.5 + (telling if answer == TRUTH else -telling) / 2 else 0,
                reached=dice.random() < 0.5,
            )
            for voter, answer in zip(voters, answers, strict=True)
        ]
        found.append(Election.of(votes, str.__eq__))
    return found


def right(decisions: Sequence[Decision]) -> int:
    """How many decisions found the planted truth."""
    return sum(decision.answer == TRUTH for decision in decisions)
