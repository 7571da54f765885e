"""What the benchmarks asked of LLaDA-like models share: reason first, then one boxed answer.

The shape is d1's and HEX's (dllm-reasoning/d1, eval/gsm8k.py; junos-ai-org/hex, HEX/eval), the words our own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hexcli.answers.grading import LETTERS, answer_tag, boxed, choice, letter, response_text, stated
from hexcli.records import Problem
from hexcli.task import Prompt, Task, same_text

FORMAT = r"""Keep to this format:
<reasoning>
Your steps
</reasoning>
<answer>
\boxed{...}
</answer>"""

# The reply starts inside the reasoning.
PREFILL = "<reasoning>"


def ask(instructions: str) -> Callable[[Problem], Prompt]:
    """A task's `prompt`: instructions, format and question, with lettered options where there are some."""

    def prompt(problem: Problem) -> Prompt:
        return Prompt("\n".join([instructions, FORMAT, "", problem.question, *options(problem)]), PREFILL)

    return prompt


def options(problem: Problem) -> list[str]:
    """The problem's options, one line each: `A. gas`."""
    return [f"{label}. {text}" for label, text in zip(LETTERS, problem.choices, strict=False)]


def extract_letter(text: str, problem: Problem) -> str | None:
    """The letter in the last box, else in the answer tag, else behind `answer is`; an option's text will do."""
    text = response_text(text)
    for find in (boxed, answer_tag, stated):
        answer = find(text)
        if answer is not None and (found := choice(answer, problem.choices)):
            return found
    return None


def letter_target(value: object, problem: Problem) -> str | None:
    """The letter of the right option: of its place counted from 0, of a letter, or of an option written out."""
    if isinstance(value, int) and not isinstance(value, bool):
        return LETTERS[value] if 0 <= value < len(problem.choices or LETTERS) else None
    if not isinstance(value, str):
        return None
    return choice(value, problem.choices) if problem.choices else letter(value, len(LETTERS))


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
) -> Task:
    """A task that asks for the letter of an option: what such tasks have in common is here, see Task for the rest."""
    return Task(
        name=name,
        version=version,
        summary=summary,
        source=source,
        size=size,
        load=load,
        prompt=ask(instructions),
        extract=extract_letter,
        equal=same_text,
        grade=same_text,
        fields=fields,
        from_row=from_row,
        target=letter_target,
    )
