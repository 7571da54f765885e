r"""The embedded task `choices`: the word problems of `sums` with four options, one boxed letter asked.

Mia has 12 shells. She finds 5 shells. Then she sells 4 shells. How many shells does Mia have now?
A. 17
B. 13
C. 12
D. 14
Answer with one letter.
-> Mia has 12 + 5 = 17. Mia has 17 - 4 = 13. 13 is (B). \boxed{B}
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hexcli.records import Problem
from hexcli.task import Task, same_text
from hexcli.tasks.embedded.families.dice import Dice
from hexcli.tasks.embedded.stories import LARGEST, Story, fixed_set
from hexcli.tasks.embedded.sums import TRAINING, boxes, elsewhere, worked
from hexcli.tasks.embedded.wordings import CHOICES as WORDINGS
from hexcli.tasks.prompts.wording import asking

LETTERS = "ABCD"

_LETTER = re.compile(r"[\s($]*(?:\\text\s*)?([A-Da-d])[\s).$]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A story with four options, one of them right."""

    story: Story
    options: tuple[int, int, int, int]

    @property
    def letter(self) -> str:
        """The letter of the right option."""
        return LETTERS[self.options.index(self.story.answer)]

    @property
    def question(self) -> str:
        """What is asked of the model."""
        return with_options(self.story.question, tuple(map(str, self.options)))


def with_options(question: str, options: Sequence[str]) -> str:
    """The question, one line an option, and what to answer with."""
    lines = [f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=True)]
    return "\n".join([question, *lines, "Answer with one letter."])


def choice(story: Story, dice: Dice) -> Choice:
    """The story with its answer among three wrong ones: numbers met on the way, near misses, a wrong operation."""
    answer, last = story.answer, story.steps[-1]
    wrong = {"+": abs(last.left - last.right), "-": last.left + last.right}.get(last.operation, last.left + last.right)
    near = [answer + 1, answer - 1, answer + 10, answer - 10, answer + 2, answer + 5]
    likely = [wrong, *(step.value for step in story.steps[:-1]), last.right]
    options = [answer]
    for option in [*dice.shuffled(likely)[:2], *dice.shuffled(near)]:
        if 0 < option <= LARGEST and option not in options and len(options) < 4:
            options.append(option)
    first, second, third, fourth = dice.shuffled(options)
    return Choice(story=story, options=(first, second, third, fourth))


def extract(text: str, problem: Problem) -> str | None:
    """The letter in the last box, else in the answer tag or behind `answer is`, in upper case; None where there is
    anything else."""
    letter = _LETTER.fullmatch(next(iter((*boxes(text), *elsewhere(text))), ""))
    return letter[1].upper() if letter else None


def choice_set(split: str, count: int) -> list[Choice]:
    """The first `count` stories of a split, with options."""
    dice = Dice(f"options:{split}")
    return [choice(story, dice) for story in fixed_set(split, count)]


@lru_cache(maxsize=1)
def _load() -> Sequence[Problem]:
    return tuple(
        Problem(
            id=f"choices-{number:04}",
            question=item.story.question,
            target=item.letter,
            choices=tuple(map(str, item.options)),
            category=item.story.family,
        )
        for number, item in enumerate(choice_set("test", 1024))
    )


def _train() -> Sequence[Problem]:
    return [
        Problem(
            id=f"train-{number:04}",
            question=item.story.question,
            target=item.letter,
            choices=tuple(map(str, item.options)),
            row={"solution": f"{worked(item.story)} {item.story.answer} is ({item.letter})."},
        )
        for number, item in enumerate(choice_set("train", TRAINING))
    ]


CHOICES = Task(
    name="choices",
    version=2,
    summary="the word problems of sums with four options",
    source="generated, hexcli.tasks.embedded.stories",
    size=1024,
    load=_load,
    prompt=asking(WORDINGS["plain"]),
    prompts=WORDINGS,
    train=_train,
    extract=extract,
    equal=same_text,
    grade=same_text,
)
