"""Tasks: dataset, prompt, answer extraction, equivalence and grading. One file a task, one line here."""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hexcli.errors import unknown
from hexcli.records import Problem


class Prompt(NamedTuple):
    """What a task asks the model: the user turn, and the words put into its mouth (may be empty)."""

    user: str
    prefill: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A benchmark, from its rows to the verdict. All functions are pure; only `load` reads anything.

    version  goes up when prompts, extraction or grading change: scores of different versions do not compare
    size     problems in the whole set, known without loading it (None where it depends on a file)
    load     all problems in their fixed order, targets canonical. Raises HexError where they cannot be had
    prompt   problem -> what to ask
    extract  (text, problem) -> the answer in it, canonical, or None: an abstention. Never sees the target
    equal    whether two answers are the same answer
    grade    (answer, target) -> whether it is right
    """

    name: str
    version: int
    summary: str
    source: str
    size: int | None
    load: Callable[[], Sequence[Problem]]
    prompt: Callable[[Problem], Prompt]
    extract: Callable[[str, Problem], str | None]
    equal: Callable[[str, str], bool]
    grade: Callable[[str, str], bool]


TASKS: dict[str, str] = {
    "sums": "hexcli.tasks.sums:SUMS",
    "sums-calibration": "hexcli.tasks.sums:SUMS_CALIBRATION",
    "sums-new": "hexcli.tasks.sums:SUMS_NEW",
    "choices": "hexcli.tasks.choices:CHOICES",
    "gsm8k": "hexcli.tasks.gsm8k:GSM8K",
    "math": "hexcli.tasks.math500:MATH500",
    "arc": "hexcli.tasks.arc:ARC",
    "truthfulqa": "hexcli.tasks.truthfulqa:TRUTHFULQA",
    "prompt": "hexcli.tasks.prompt:PROMPT",
}


def get_task(name: str) -> Task:
    """The task of that name. Raises UsageError naming the nearest one."""
    if name not in TASKS:
        raise unknown("task", name, TASKS)
    module, attribute = TASKS[name].split(":")
    task = getattr(importlib.import_module(module), attribute)
    assert isinstance(task, Task)
    return task
