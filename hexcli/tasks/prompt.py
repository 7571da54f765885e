"""The pseudo task behind `hex decode "..."`: a prompt of the user's own, passed through as it is.

hex decode "What is 12 * 7? Put the answer in \\boxed{}."
"""

import hashlib
from typing import NoReturn

from hexcli.answers.equality import same_math
from hexcli.answers.grading import answer_tag, boxed, response_text
from hexcli.errors import UsageError
from hexcli.records import Problem
from hexcli.task import Prompt, Task


def load() -> NoReturn:
    """There is nothing to load: the problem is what the user typed."""
    raise UsageError("task 'prompt' has no problems of its own: write hex decode \"...\", or name another task")


def problem_of(words: str) -> Problem:
    """The problem that a prompt of one's own is. Raises UsageError where it is empty or no text."""
    if not words.strip():
        raise UsageError("the prompt is empty")
    if not words.isprintable() and any("\ud800" <= char <= "\udfff" for char in words):
        raise UsageError("the prompt is not valid UTF-8 text")
    return Problem(id=f"prompt-{hashlib.sha256(words.encode()).hexdigest()[:8]}", question=words)


def prompt(problem: Problem) -> Prompt:
    """The user's words, and none of ours."""
    return Prompt(problem.question)


def extract(text: str, problem: Problem) -> str | None:
    """What the last box holds, else the answer tag, as it was written."""
    text = response_text(text)
    answer = boxed(text)
    if answer is None:
        answer = answer_tag(text)
    return None if answer is None else " ".join(answer.split())


PROMPT = Task(
    name="prompt",
    version=2,
    summary="a prompt of one's own",
    source="the command line",
    size=None,
    load=load,
    prompt=prompt,
    extract=extract,
    equal=same_math,
    grade=same_math,
)
