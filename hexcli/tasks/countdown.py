r"""Countdown: reach a number with each of the given ones exactly once, by + - * / and parentheses.

A row of `Jiayi-Pan/Countdown-Tasks-3to4` (split train; TinyZero tests on the 1024 rows behind the first 327,680),
or of d1's own file (dllm-reasoning/d1, dataset/countdown_cd3_test.jsonl):

    {"target": 98, "nums": [44, 19, 35]}
    {"input": "30,100,93", "output": "23"}

The question reads as in d1. Answers are brought to one form, so that `37 + 2*18` and `(18 * 2) + 37` are one
answer; a right answer uses the given numbers, no other, and has the value asked for, computed in fractions.
"""

import contextlib
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

from hexcli.answers.arithmetic import parse
from hexcli.answers.grading import answer_tag, boxed, response_text, stated
from hexcli.records import Problem
from hexcli.task import Task, same_text
from hexcli.tasks.data.hub import hub_problems
from hexcli.tasks.data.rows import NUMBER, NUMBERS, TEXT, checked
from hexcli.tasks.prompts.wording import asking
from hexcli.tasks.reasoning import wordings

DATASET = "Jiayi-Pan/Countdown-Tasks-3to4"

INSTRUCTIONS = (
    r"You find arithmetic expressions. Use each of the numbers below exactly once, with +, -, * and / and with "
    r"parentheses where you need them, so that the expression has the target as its value. Then write the "
    r"expression alone, without its value, inside \boxed{}."
)

_RULES = (
    "Use each of these numbers exactly once, with +, -, * and / and with parentheses where you need them, to make an "
    "expression whose value is the target.\n{question}"
)
PROMPTS = wordings(
    INSTRUCTIONS,
    problem=_RULES,
    plain="Work it out step by step, and end with the sentence: The answer is [expression].",
    answer=r"Give the expression alone, without its value, inside \boxed{}.",
)

FIELDS = {"nums": NUMBERS, "target": NUMBER}
D1_FIELDS = {"input": TEXT, "output": NUMBER}

_NUMBERS = re.compile(r"Numbers: \[([0-9, ]+)\]")
_TARGET = re.compile(r"[0-9]{1,18}(?: [0-9]{1,18})* = -?[0-9]{1,18}")
_GOAL = re.compile(r"Target: (-?[0-9]+)")


def from_row(row: Mapping[str, Any], index: int) -> Problem:
    """The problem in a row of the dataset, or of d1's file."""
    if "input" in row:
        row = checked(row, D1_FIELDS)
        row = {"nums": f"[{row['input']}]", "target": row["output"]}
    row = checked(row, FIELDS)
    numbers, goal = row["nums"], row["target"]
    if not numbers or min(numbers) < 0:
        raise ValueError(f"field 'nums' must hold numbers from 0, not {numbers}")
    question = f"Numbers: {numbers}\nTarget: {goal}"
    return Problem(id=f"countdown-{index + 1:04}", question=question, target=_target(numbers, goal))


def load() -> list[Problem]:
    """The 1024 test rows, in their order."""
    return hub_problems(DATASET, None, "train[327680:328704]", FIELDS, from_row)


def train() -> list[Problem]:
    """The first of the rows that others train on."""
    return hub_problems(DATASET, None, "train[:4096]", FIELDS, from_row)


def solved(problem: Problem) -> tuple[str, str]:
    """An expression that has the target's value, and what it comes to. Raises ValueError where there is none."""
    numbers, _, goal = (problem.target or "").partition(" = ")
    found = solution([int(number) for number in numbers.split()], int(goal or 0))
    if found is None:
        raise ValueError(f"{problem.id} cannot be solved")
    return f"{found} = {goal}", found


def target(value: object, problem: Problem) -> str | None:
    """Numbers and goal, `2 18 37 = 73`: from d1's `[[18, 37, 2], 73]`, else from the question."""
    if isinstance(value, list) and len(value) == 2:
        with contextlib.suppress(ValueError):
            row = checked({"nums": value[0], "target": value[1]}, FIELDS)
            return _target(row["nums"], row["target"])
    given, goal_text = _NUMBERS.search(problem.question), _GOAL.search(problem.question)
    if not given or not goal_text:
        return None
    return _target([int(number) for number in given[1].replace(",", " ").split()], int(goal_text[1]))


def extract(text: str, problem: Problem) -> str | None:
    """The expression in the last box, else in the last answer tag, else behind `answer is`; in one form."""
    text = response_text(text)
    for answer in (boxed(text), answer_tag(text), *stated(text)):
        if answer is not None and (found := parse(answer)) is not None:
            return found.text
    return None


def grade(answer: str, target: str) -> bool:
    """Whether the expression uses exactly the target's numbers and has its value."""
    if not _TARGET.fullmatch(target):
        return False
    numbers, _, goal = target.partition(" = ")
    found = parse(answer)
    return found is not None and sorted(found.numbers) == [int(n) for n in numbers.split()] and found.value == int(goal)


def check(answer: str, problem: Problem) -> bool:
    """Whether the expression uses the numbers that the question gives, and has the value that it asks for."""
    asked = target(None, problem)
    return asked is not None and grade(answer, asked)


def solution(numbers: Sequence[int], goal: int) -> str | None:
    """The first expression found that uses each number once and has this value; None where there is none."""
    return _search([(str(number), Fraction(number)) for number in numbers], Fraction(goal))


def _search(parts: list[tuple[str, Fraction]], goal: Fraction) -> str | None:
    """Join two parts in every way, until one is left."""
    if len(parts) == 1:
        text, value = parts[0]
        return _bare(text) if value == goal else None
    for one, other in permutations(range(len(parts)), 2):
        (left, a), (right, b) = parts[one], parts[other]
        rest = [part for place, part in enumerate(parts) if place not in (one, other)]
        joined = [(f"({left} - {right})", a - b), *([(f"({left} / {right})", a / b)] if b else [])]
        if one < other:
            joined += [(f"({left} + {right})", a + b), (f"({left} * {right})", a * b)]
        for part in joined:
            if found := _search([*rest, part], goal):
                return found
    return None


def _bare(text: str) -> str:
    """Without the parentheses around all of it."""
    return text[1:-1] if text.startswith("(") else text


def _target(numbers: list[int], goal: int) -> str:
    return f"{' '.join(map(str, sorted(numbers)))} = {goal}"


COUNTDOWN = Task(
    name="countdown",
    version=2,
    summary="Countdown, reach a number with three or four others",
    source=f"{DATASET} train[327680:328704]",
    size=1024,
    load=load,
    prompt=asking(PROMPTS["reasoning"]),
    prompts=PROMPTS,
    hidden=("output",),
    train=train,
    solved=solved,
    extract=extract,
    equal=same_text,
    grade=grade,
    from_row=from_row,
    target=target,
    check=check,
)
