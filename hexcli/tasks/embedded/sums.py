r"""The embedded tasks `sums`: word problems of 2 to 5 steps with a whole number as answer.

    Mia has 12 shells. She finds 5 shells. Then she sells 4 shells. How many shells does Mia have now?
    -> Mia has 12 + 5 = 17. Mia has 17 - 4 = 13. \boxed{13}

One problem in eight asks for the answer first: its solution is written in the other order than it is found.

`sums` is the test, `sums-calibration` what schedules and recipes are tuned on, `sums-new` two families of
problems that the embedded model has never seen. The sets are generated and never change.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from hexcli.answers.grading import answer_tag, stated
from hexcli.records import Problem
from hexcli.task import Task, same_text
from hexcli.tasks.embedded.families.draws import NEW, TRAINED, Family
from hexcli.tasks.embedded.stories import Story, fixed_set
from hexcli.tasks.embedded.wordings import SUMS as WORDINGS
from hexcli.tasks.prompts.wording import asking

END_OF_TEXT = "<|endoftext|>"
TRAINING = 512  # problems of the training split that examples are drawn from

_BOX = re.compile(r"\\boxed\{([^{}]*)(?:\}|$)")  # a text cut short may leave the last one open
_INTEGER = re.compile(r"\s*([+-]?\d[\d,]{0,40})(?:\.0*)?\s*")


def boxes(text: str) -> list[str]:
    """What stands in the boxes before the end of text, last one first."""
    return _BOX.findall(text.split(END_OF_TEXT, 1)[0])[::-1]


def elsewhere(text: str) -> list[str]:
    """Where an answer may stand that is in no box: in an answer tag, else what is stated as the answer, last first."""
    text = text.split(END_OF_TEXT, 1)[0]
    tag = answer_tag(text)
    return stated(text) if tag is None else [tag]


def extract(text: str, problem: Problem) -> str | None:
    """The integer in the last box that holds one, else in the answer tag or behind `answer is`; as canonical text."""
    for content in chain.from_iterable(look(text) for look in (boxes, elsewhere)):
        if integer := _INTEGER.fullmatch(content):
            return str(int(integer[1].replace(",", "")))
    return None


def _load(name: str, split: str, count: int, families: Mapping[Family, int]) -> Callable[[], Sequence[Problem]]:
    @lru_cache(maxsize=1)
    def load() -> Sequence[Problem]:
        return tuple(
            Problem(
                id=f"{name}-{number:04}",
                question=story.asked,
                target=str(story.answer),
                category=story.family,
            )
            for number, story in enumerate(fixed_set(split, count, families))
        )

    return load


def worked(story: Story) -> str:
    """The way to a story's answer, in the sentences that the embedded model was trained on."""
    return " ".join(step.sentence for step in story.steps)


def _train(families: Mapping[Family, int]) -> Callable[[], Sequence[Problem]]:
    def train() -> Sequence[Problem]:
        found = enumerate(fixed_set("train", TRAINING, families))
        return [
            Problem(
                id=f"train-{number:04}",
                question=story.question,
                target=str(story.answer),
                category=story.family,
                row={"solution": worked(story)},
            )
            for number, story in found
        ]

    return train


def _task(name: str, summary: str, split: str, size: int, families: Mapping[Family, int]) -> Task:
    return Task(
        name=name,
        version=2,
        summary=summary,
        source="generated, hexcli.tasks.embedded.stories",
        size=size,
        load=_load(name, split, size, families),
        prompt=asking(WORDINGS["plain"]),
        prompts=WORDINGS,
        train=_train(families),
        extract=extract,
        equal=same_text,
        grade=same_text,
    )


SUMS = _task("sums", "word problems of 2-5 steps, held out from training", "test", 2048, TRAINED)
SUMS_CALIBRATION = _task("sums-calibration", "the same, to tune on", "calibration", 1024, TRAINED)
SUMS_NEW = _task("sums-new", "the same from two families never trained on", "test", 512, NEW)
