"""Short arithmetic word problems without end, from seeds: what the embedded model is trained and tested on.

    Mia has 12 shells. Then she finds 5 shells. ... How many shells does Mia have now?

Training, calibration and test never share a problem, by construction: a problem's own numbers, sorted, decide
to which of the three it belongs. So neither other words, nor another order, nor a fact that has nothing to do
with the question can carry a problem from the test into training.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hexcli.tasks.embedded.families.dice import PEOPLE, Dice, Step
from hexcli.tasks.embedded.families.draws import TRAINED, Family

SPLITS = ("train", "calibration", "test")
LARGEST = 9_999
LONGEST = 56  # words, digits and signs of a solution: with room to name an option it fits 64 tokens
DISTRACTED = 0.25  # share of the stories with a fact to ignore
ANSWER_FIRST = 0.12  # share in which the answer is asked before the way to it
FIRST = ("Answer first.", "Give the answer first, then the steps.", "Begin with the answer.")

_NUMBER = re.compile(r"\d+")
_PIECE = re.compile(r" [-+*/=] |[A-Za-z]+|\d|[^A-Za-z\d\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A word problem with the steps that solve it, in order; `answer` is the last step's value.

    question  facts and what is asked
    order     how to answer: "" (reasoning, then the answer), or one of FIRST
    numbers   the problem's own numbers, sorted: those of a fact to ignore are not among them
    """

    question: str
    order: str
    steps: tuple[Step, ...]
    answer: int
    family: str
    numbers: tuple[int, ...]

    @property
    def asked(self) -> str:
        """What is put to the model."""
        return f"{self.question} {self.order}".rstrip()


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers in a text, sorted: what tells one problem from another whatever the words and their order."""
    return tuple(sorted(map(int, _NUMBER.findall(text))))


def split_of(numbers: Sequence[int]) -> str:
    """The split a problem with these numbers belongs to: a sixteenth is test, a sixteenth calibration, the rest train.

    Takes sorted numbers, as `numbers_in` gives them.
    """
    digest = hashlib.sha256(" ".join(map(str, numbers)).encode()).digest()
    return {0: "test", 1: "calibration"}.get(digest[0] % 16, "train")


def stories(split: str, seed: int = 0, families: Mapping[Family, int] = TRAINED) -> Iterator[Story]:
    """Stories of a split without end. Equal arguments give equal stories, on every machine.

    Raises ValueError on an unknown split.
    """
    if split not in SPLITS:
        raise ValueError(f"unknown split '{split}': known: {', '.join(SPLITS)}")
    dice = Dice(f"{split}:{seed}")
    drawn = [family for family, weight in families.items() for _ in range(weight)]
    while True:
        family = dice.pick(drawn)
        plot = family(dice)
        if max(step.value for step in plot.steps) > LARGEST or _length(plot.steps) > LONGEST:
            continue
        numbers = numbers_in(" ".join([*plot.facts, plot.ask]))
        if split_of(numbers) != split:
            continue
        yield Story(
            question=" ".join([*_distracted(dice, plot.facts), plot.ask]),
            order=dice.pick(FIRST) if dice.chance(ANSWER_FIRST) else "",
            steps=tuple(plot.steps),
            answer=plot.steps[-1].value,
            family=family.__name__,
            numbers=numbers,
        )


def fixed_set(split: str, count: int, families: Mapping[Family, int] = TRAINED) -> list[Story]:
    """The first `count` different stories of a split: a set that never changes."""
    found: dict[str, Story] = {}
    for story in stories(split, families=families):
        found.setdefault(story.question, story)
        if len(found) == count:
            break
    return list(found.values())


def _length(steps: Sequence[Step]) -> int:
    """Tokens of a solution in sentences with its boxed answer, nearly."""
    return sum(len(_PIECE.findall(step.sentence)) for step in steps) + len(str(steps[-1].value)) + 2


def _distracted(d: Dice, facts: list[str]) -> list[str]:
    """The facts, sometimes with one more that has nothing to do with what is asked."""
    if not d.chance(DISTRACTED):
        return facts
    number = d.amount(2, 60)
    name, _ = d.pick(PEOPLE)
    fact = d.pick(
        (
            f"The house of {name} has {number} windows.",
            f"It is {number} minutes past noon.",
            f"{name} lives at number {number}.",
            f"A friend of {name} has {number} fish.",
            f"It has rained for {number} hours.",
            f"The school of {name} has {number} rooms.",
            f"{name} reads a book with {number} pages.",
            f"Last week {name} walked {number} miles.",
        )
    )
    return [fact, *facts] if d.chance(0.5) else [*facts, fact]
