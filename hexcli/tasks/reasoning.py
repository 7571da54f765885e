"""What the benchmarks asked of LLaDA-like models share: reason first, then one boxed answer.

The shape is d1's and HEX's (dllm-reasoning/d1, eval/gsm8k.py; junos-ai-org/hex, HEX/eval), the words our own.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hexcli.answers.grading import (
    LETTERS,
    answer_tag,
    boxed,
    choice,
    letter,
    only_choice,
    only_line,
    response_text,
    stated,
)
from hexcli.records import Problem
from hexcli.task import Task, Wording, same_text
from hexcli.tasks.prompts import names
from hexcli.tasks.prompts.wording import asking

FORMAT = r"""Keep to this format:
<reasoning>
Your steps
</reasoning>
<answer>
\boxed{...}
</answer>"""

_CAPITAL = re.compile(r"(?<![A-Za-z])[A-Z](?![A-Za-z])")

# The reply starts inside the reasoning.
PREFILL = "<reasoning>"
_SHOWN = "{question}\n{choices}"


def wordings(instructions: str, *, problem: str = "{question}", plain: str, answer: str) -> dict[str, Wording]:
    """The wordings of a task: reasoning with tags, as it was always asked; plain words; and only where the answer goes.

    problem  what all of them show, a template; `plain` and `answer` are what is said behind it
    """
    return {
        names.REASONING: Wording(
            user=f"{instructions}\n{FORMAT}\n\n{_SHOWN if '{choices}' in problem else '{question}'}",
            prefill=PREFILL,
            reply="<reasoning>\n{solution}\n</reasoning>\n<answer>\n\\boxed{{answer}}\n</answer>",
        ),
        names.PLAIN: Wording(user=f"{problem}\n\n{plain}", reply="{solution}\nThe answer is {answer}."),
        names.ANSWER: Wording(user=f"{problem}\n\n{answer}", reply="{solution}\n\\boxed{{answer}}"),
    }


def extract_letter(text: str, problem: Problem) -> str | None:
    """The letter in the last box, else in the answer tag, behind `answer is`, or all that the reply is; an option's
    text will do. Where a problem has no options of its own, any letter will."""
    text = response_text(text)
    for find in (boxed, answer_tag):
        answer = find(text)
        if answer is not None and (found := _letter(answer, problem)):
            return found
    for said in stated(text):
        if (found := _letter(said, problem)) or _CAPITAL.search(said):  # one that names several ends the search
            return found
    line = only_line(text)
    return None if line is None else only_choice(line, problem.choices)


def letter_exists(answer: str, problem: Problem) -> bool:
    """Whether the problem has an option of that letter."""
    return answer in LETTERS[: len(problem.choices)]


def letter_target(value: object, problem: Problem) -> str | None:
    """The letter of the right option: of its place counted from 0, of a letter, or of an option written out; of what a
    solution boxes or states, too."""
    if isinstance(value, int) and not isinstance(value, bool):
        return LETTERS[value] if 0 <= value < len(problem.choices or LETTERS) else None
    if not isinstance(value, str):
        return None
    return _letter(value, problem) or extract_letter(value.rpartition("####")[2], problem)


def _letter(said: str, problem: Problem) -> str | None:
    return choice(said, problem.choices) if problem.choices else letter(said, len(LETTERS))


def solved_choice(problem: Problem) -> tuple[str, str]:
    """The right option in a sentence, and its letter."""
    letter = problem.target or ""
    chosen = dict(zip(LETTERS, problem.choices, strict=False)).get(letter, "")
    return f"The option that fits is {letter}: {chosen}", letter


def multiple_choice(
    *,
    name: str,
    version: int,
    summary: str,
    source: str,
    size: int,
    load: Callable[[], Sequence[Problem]],
    instructions: str,
    fields: Mapping[str, Any],
    from_row: Callable[[Mapping[str, Any], int], Problem],
    hidden: tuple[str, ...],
    train: Callable[[], Sequence[Problem]] | None = None,
    problem: str = _SHOWN,
) -> Task:
    """A task that asks for the letter of an option: what such tasks have in common is here, see Task for the rest."""
    prompts = wordings(
        instructions,
        problem=problem,
        plain="Think it through step by step, and end with the sentence: The answer is [letter].",
        answer=r"Give the letter of the right option inside \boxed{}.",
    )
    return Task(
        name=name,
        version=version,
        summary=summary,
        source=source,
        size=size,
        load=load,
        prompt=asking(prompts[names.REASONING]),
        prompts=prompts,
        hidden=hidden,
        train=train,
        solved=solved_choice,
        extract=extract_letter,
        equal=same_text,
        grade=same_text,
        fields=fields,
        from_row=from_row,
        target=letter_target,
        check=letter_exists,
    )
