"""A wording and a problem -> the prompt."""

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from hexcli.answers.grading import LETTERS
from hexcli.records import Problem
from hexcli.task import Prompt, Wording
from hexcli.tasks.prompts.template import asked, filled, places

_OPTIONS = "choices"
_PART = re.compile(r"\{(solution|answer)\}")


def asking(wording: Wording) -> Callable[[Problem], Prompt]:
    """A task's `prompt` that asks in this wording."""
    return functools.partial(put, wording)


def put(wording: Wording, problem: Problem, hidden: Sequence[str] = ()) -> Prompt:
    """The problem in this wording; a line of options that it has not is left out.

    Raises ValueError on a name that is no field of its row, or one of those that tell the right answer (`hidden`).
    """
    row = _shown(problem, hidden)
    template = wording.user if row[_OPTIONS] else wording.user.replace(f"\n{{{_OPTIONS}}}", "")
    named = places(template)
    if told := [name for name in named if name in hidden and name not in row]:
        raise ValueError(f"the prompt would show the right answer: {{{told[0]}}}")
    return Prompt(filled(template, dict(asked(named, {}, row))), wording.prefill)


def answered(wording: Wording, solution: str, answer: str) -> str:
    """The reply of an example in this wording."""
    return _PART.sub(lambda part: {"solution": solution, "answer": answer}[part[1]], wording.reply).strip()


def options(problem: Problem) -> list[str]:
    """The problem's options, one line each: `A. gas`."""
    return [f"{label}. {text}" for label, text in zip(LETTERS, problem.choices, strict=False)]


def examples_for(wording: Wording, problem: Problem) -> list[tuple[str, str]]:
    """The turns before the question: never the problem itself."""
    question = plain(problem.question)
    others = [(shot.user, shot.reply) for shot in wording.examples if plain(shot.question) != question]
    return others[: wording.shown]


def _shown(problem: Problem, hidden: Sequence[str]) -> dict[str, Any]:
    """What a prompt may show of a problem, by name."""
    row = {name: value for name, value in problem.row.items() if name not in hidden}
    category = {} if problem.category is None else {"category": problem.category}
    return {**row, **category, "question": problem.question, _OPTIONS: "\n".join(options(problem))}


def plain(question: str) -> str:
    """A question by which equal ones are known, however they are spaced and spelled."""
    return " ".join(question.split()).casefold()
