"""The kinds of extraction and of grading that a custom task chooses from: those of the other tasks, by name."""

import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hexcli.answers.grading import boxed, response_text
from hexcli.errors import UsageError
from hexcli.records import Problem
from hexcli.task import Task, plain_target, same_text
from hexcli.tasks.arc import ARC
from hexcli.tasks.gsm8k import GSM8K
from hexcli.tasks.math500 import MATH500
from hexcli.tasks.numbering import NONE
from hexcli.tasks.prompt import PROMPT

Extract = Callable[[str, Problem], str | None]

# Of `extract: regex`: characters of a pattern, and processor seconds it may take on one text.
LONGEST_PATTERN = 2000
PATTERN_SECONDS = 2.0
_AROUND = re.compile(r"^[\s\"'“”„‚‘’«».,;:!?]+|[\s\"'“”„‚‘’«».,;:!?]+$")


class Grade(NamedTuple):
    """How answers are compared. `canonical` brings an answer or a target to its form; the rest as in Task."""

    canonical: Callable[[object, Problem], str | None]
    equal: Callable[[str, str], bool]
    grade: Callable[[str, str], bool]


def _as_in(task: Task) -> Grade:
    return Grade(task.target, task.equal, task.grade)


def _exact(value: object, problem: Problem) -> str | None:
    """The value as text; of a solution, what its last box holds."""
    text = plain_target(value, problem)
    return text if text is None else boxed(text) or text


def _words(value: object, problem: Problem) -> str | None:
    """The same without case, and without the signs and quotes around it."""
    text = _exact(value, problem)
    return text if text is None else _AROUND.sub("", text.casefold()) or text


GRADES = {
    "exact": Grade(_exact, same_text, same_text),
    "words": Grade(_words, same_text, same_text),
    "number": _as_in(GSM8K),
    "letter": _as_in(ARC),
    "math": _as_in(MATH500),
}
# Why a target is none, for each of them.
UNREAD = {
    "exact": "it must be text or a number",
    "words": "it must be text or a number",
    "number": "it must name one number, box it, or end in #### and the number",
    "letter": "it must be a letter, an option, or its place counted from 0; first: 1 counts from 1",
    "math": "a solution must box its answer: \\boxed{...}",
}


def place_from_0(value: object, problem: Problem) -> str | None:
    """As `letter` reads an answer, but a number is a place also where it is an option."""
    return ARC.target(_number(value), problem)


def place_from_1(value: object, problem: Problem) -> str | None:
    """The same, counted from 1."""
    number = _number(value)
    if isinstance(number, int) and not isinstance(number, bool):
        return ARC.target(number - 1, problem) if number > 0 else None
    return ARC.target(number, problem)


def option_itself(value: object, problem: Problem) -> str | None:
    """As `letter` reads an answer, but a number is an option and no place."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return ARC.target(str(value) if plain else value, problem)


def _number(value: object) -> object:
    """A number that is written as a text, as the number."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


# What reads an answer beside options, by the number of the first option where it is said (`first`).
BY_FIRST = {0: place_from_0, 1: place_from_1, NONE: option_itself}


def is_place(text: str, options: Sequence[str], canonical: Callable[[object, Problem], str | None]) -> bool:
    """Whether a number is the place of an option, for `canonical`: where nobody says so, if it is none itself."""
    number = text.strip()
    told = canonical in (place_from_0, place_from_1)
    return number.isdecimal() and canonical is not option_itself and (told or number not in options)


def unread(grading: str, canonical: Callable[[object, Problem], str | None]) -> str:
    """Why a target is none, for those that `canonical` reads."""
    if canonical is place_from_1:
        return "places are counted from 1"
    if canonical is option_itself:
        return "it must be a letter or an option; with first: none a number is no place"
    return UNREAD[grading]


# The grading that fits what reads an answer.
EXTRACTS = {"number": "number", "letter": "letter", "math": "math", "text": "exact", "regex": "exact"}


def extractor(kind: str, pattern: str | None, grade: Grade) -> Extract:
    """What reads the answer in a text, in the form that `grade` compares. Raises UsageError about the pattern."""
    if kind == "regex":
        find = _last_match(pattern)
    elif pattern is not None:
        raise UsageError(f"extract: {kind} takes no pattern; extract: regex does")
    else:
        find = {"number": GSM8K.extract, "letter": ARC.extract, "math": MATH500.extract, "text": PROMPT.extract}[kind]
    return lambda text, problem: grade.canonical(find(text, problem), problem)


def _last_match(pattern: str | None) -> Extract:
    """The last match in a text. A pattern may come with a stranger's run folder: its length and time are bounded."""
    import regex

    if pattern is None:
        raise UsageError("extract: regex needs a pattern")
    if len(pattern) > LONGEST_PATTERN:
        raise UsageError(f"pattern has {len(pattern)} characters; {LONGEST_PATTERN} are the most")
    try:
        compiled = regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError, ValueError) as error:
        raise UsageError(f"pattern is no regular expression: {error}") from None

    def find(text: str, problem: Problem) -> str | None:
        try:
            found = deque(compiled.finditer(response_text(text), timeout=PATTERN_SECONDS), maxlen=1)
        except TimeoutError:
            raise UsageError(
                f"pattern {pattern!r:.60} takes more than {PATTERN_SECONDS:g} s on the text of {problem.id}: it "
                "backtracks (as nested repetitions do); write it so that every text can match in one way only"
            ) from None
        return (found[-1][1] if compiled.groups else found[-1][0]) if found else None

    return find
