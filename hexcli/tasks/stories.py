"""Short arithmetic word problems without end, from seeds: what the embedded model is trained and tested on.

    Mia has 12 shells. Then she finds 5 shells. ... How many shells does Mia have now?

Training, calibration and test never share a problem, by construction: the numbers of a question, in the
order they are told, decide to which of the three it belongs. That can be checked from the text alone.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hexcli.tasks.families import TRAINED, Family
from hexcli.tasks.families.dice import PEOPLE, Dice, Step

SPLITS = ("train", "calibration", "test")
DISTRACTED = 0.2

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A word problem with the steps that solve it, in order; `answer` is the last step's value."""

    question: str
    steps: tuple[Step, ...]
    answer: int
    family: str


def fingerprint(question: str) -> tuple[int, ...]:
    """The numbers in the text, in order: what tells one problem from another whatever the words."""
    return tuple(map(int, _NUMBER.findall(question)))


def split_of(question: str) -> str:
    """The split a question belongs to: a sixteenth is test, a sixteenth calibration, the rest train."""
    digest = hashlib.sha256(" ".join(_NUMBER.findall(question)).encode()).digest()
    return {0: "test", 1: "calibration"}.get(digest[0] % 16, "train")


def stories(split: str, seed: int = 0, families: Mapping[Family, int] = TRAINED) -> Iterator[Story]:
    """Stories of a split without end. Equal arguments give equal stories, on every machine."""
    if split not in SPLITS:
        raise ValueError(f"unknown split '{split}': known: {', '.join(SPLITS)}")
    dice = Dice(f"{split}:{seed}")
    drawn = [family for family, weight in families.items() for _ in range(weight)]
    while True:
        family = dice.pick(drawn)
        plot = family(dice)
        if max(step.value for step in plot.steps) > 999:
            continue
        question = " ".join([*_distracted(dice, plot.facts), plot.ask])
        if split_of(question) == split:
            yield Story(
                question=question,
                steps=tuple(plot.steps),
                answer=plot.steps[-1].value,
                family=family.__name__,
            )


def fixed_set(split: str, count: int, families: Mapping[Family, int] = TRAINED) -> list[Story]:
    """The first `count` different stories of a split: a set that never changes."""
    found: dict[str, Story] = {}
    for story in stories(split, families=families):
        found.setdefault(story.question, story)
        if len(found) == count:
            break
    return list(found.values())


def _distracted(d: Dice, facts: list[str]) -> list[str]:
    """The facts, sometimes with one more that has nothing to do with what is asked."""
    if not d.chance(DISTRACTED):
        return facts
    number = d.number(2, 60)
    name, _ = d.pick(PEOPLE)
    fact = d.pick(
        (
            f"The house of {name} has {number} windows.",
            f"It is {number} minutes past noon.",
            f"{name} lives at number {number}.",
            f"A friend of {name} has {number} fish.",
            f"It has rained for {number} hours.",
        )
    )
    return [fact, *facts] if d.chance(0.5) else [*facts, fact]
