"""What the benchmarks asked of LLaDA-like models share: reason first, then one boxed answer.

The shape is d1's and HEX's (dllm-reasoning/d1, eval/gsm8k.py; junos-ai-org/hex, HEX/eval), the words our own.
"""

from collections.abc import Callable

from hexcli.grading import LETTERS, answer_tag, boxed, choice, response_text, stated
from hexcli.records import Problem
from hexcli.tasks import Prompt

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
        options = [f"{letter}. {text}" for letter, text in zip(LETTERS, problem.choices, strict=False)]
        return Prompt("\n".join([instructions, FORMAT, "", problem.question, *options]), PREFILL)

    return prompt


def extract_letter(text: str, problem: Problem) -> str | None:
    """The letter in the last box, else in the answer tag, else behind `answer is`; an option's text will do."""
    text = response_text(text)
    for find in (boxed, answer_tag, stated):
        answer = find(text)
        if answer is not None and (found := choice(answer, problem.choices)):
            return found
    return None


def same_text(a: str, b: str) -> bool:
    """Canonical answers, letters or numbers, are equal when their texts are."""
    return a == b
