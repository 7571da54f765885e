"""Tasks: dataset, prompt, answer extraction, equivalence and grading. One file a task, one line here."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hexcli.errors import unknown
from hexcli.records import Problem


class Prompt(NamedTuple):
    """What a task asks the model: the user turn, and the words put into its mouth (may be empty)."""

    user: str
    prefill: str = ""


def plain_target(value: object, problem: Problem) -> str | None:
    """A target as text; a whole number in floating point (18.0) without its point."""
    if value is None or isinstance(value, bool | list | dict):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split()) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A benchmark, from its rows to the verdict. All functions are pure; only `load` reads anything.

    version   goes up when prompts, extraction or grading change: scores of different versions do not compare
    size      problems in the whole set, known without loading it (None where it depends on a file)
    load      all problems in their fixed order, targets canonical. Raises HexError where they cannot be had
    prompt    problem -> what to ask
    extract   (text, problem) -> the answer in it, canonical, or None: an abstention. Never sees the target
    equal     whether two answers are the same answer
    grade     (answer, target) -> whether it is right
    fields    what a row of its dataset holds (tasks.rows); from_row makes the problem of such a row, its index
              counted from 0. None for tasks that make their own problems
    target    (value, problem) -> the canonical target in what another program's file calls the right answer,
              None where it is none; by default the value as text
    credit    (answer, target) -> share of it that is right, 0 to 1, for tasks that are rarely solved whole
    file, definition   of a custom task (tasks.custom): where its rows are, and what a run folder keeps of it
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
    fields: Mapping[str, Any] = field(default_factory=dict)
    from_row: Callable[[Mapping[str, Any], int], Problem] | None = None
    target: Callable[[object, Problem], str | None] = plain_target
    credit: Callable[[str, str], float] | None = None
    file: str | None = None
    definition: Mapping[str, Any] = field(default_factory=dict)


TASKS: dict[str, str] = {
    "sums": "hexcli.tasks.sums:SUMS",
    "sums-calibration": "hexcli.tasks.sums:SUMS_CALIBRATION",
    "sums-new": "hexcli.tasks.sums:SUMS_NEW",
    "choices": "hexcli.tasks.choices:CHOICES",
    "gsm8k": "hexcli.tasks.gsm8k:GSM8K",
    "math": "hexcli.tasks.math500:MATH500",
    "arc": "hexcli.tasks.arc:ARC",
    "truthfulqa": "hexcli.tasks.truthfulqa:TRUTHFULQA",
    "mmlu": "hexcli.tasks.mmlu:MMLU",
    "hellaswag": "hexcli.tasks.hellaswag:HELLASWAG",
    "countdown": "hexcli.tasks.countdown:COUNTDOWN",
    "sudoku": "hexcli.tasks.sudoku:SUDOKU",
    "prompt": "hexcli.tasks.prompt:PROMPT",
}
TASK_FILES = (".yaml", ".yml")  # how the name of a custom task ends: it is a file


def get_task(name: str) -> Task:
    """The task of that name, or in that YAML file. Raises UsageError naming the nearest one, or what is wrong."""
    if name.endswith(TASK_FILES):
        from hexcli.tasks.custom import load_task

        return load_task(name)
    if name not in TASKS:
        raise unknown("task", name, TASKS)
    module, attribute = TASKS[name].split(":")
    task = getattr(importlib.import_module(module), attribute)
    assert isinstance(task, Task)
    return task
