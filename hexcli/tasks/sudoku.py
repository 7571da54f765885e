"""Sudoku of 4x4 cells, as in d1 (dllm-reasoning/d1, dataset/4x4_test_sudoku.csv: 500 puzzles).

A row: 16 cells from left to right and top to bottom, 0 where a cell is empty.

    {"Puzzle": "4320004330100004", "Solution": "4321124334122134"}

A grid is right when it is solved whole. That is rare, so there is `credit` too, what d1 calls accuracy: the share
of the empty cells that hold the solution's digit. An answer that is no whole grid counts as far as it goes, as in
d1: its first 16 digits, with 0 for cells that are missing.
"""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from hexcli.answers.grading import answer_tag, boxed, response_text
from hexcli.errors import NotDownloadedError
from hexcli.records import Problem
from hexcli.task import Task, same_text
from hexcli.tasks.data.rows import TEXT
from hexcli.tasks.prompts.wording import asking
from hexcli.tasks.reasoning import wordings

URL = "https://raw.githubusercontent.com/dllm-reasoning/d1/main/dataset/4x4_test_sudoku.csv"

INSTRUCTIONS = (
    r"You solve 4x4 Sudoku puzzles. A puzzle is written as 16 digits, row by row, with 0 for an empty cell. Put a "
    r"digit from 1 to 4 into every empty cell, so that each row, each column and each 2x2 box holds 1, 2, 3 and 4 "
    r"exactly once. Then write the whole grid, 16 digits without spaces, inside \boxed{}."
)

_RULES = (
    "A 4x4 Sudoku is written as 16 digits, row by row, with 0 for an empty cell. Fill it so that each row, each column "
    "and each 2x2 box holds 1, 2, 3 and 4 exactly once.\n{question}"
)
PROMPTS = wordings(
    INSTRUCTIONS,
    problem=_RULES,
    plain="Work it out step by step, and end with the sentence: The answer is [16 digits].",
    answer=r"Give the whole grid, 16 digits without spaces, inside \boxed{}.",
)

FIELDS = {"Puzzle": TEXT, "Solution": TEXT}

_CELLS = 16
_PUZZLE = re.compile(r"(?<![0-9])[0-4]{16}(?![0-9])")
_TARGET = re.compile(r"[0-4]{16} [1-4]{16}")
_GRID = re.compile(r"[1-4]{16}")
_LONGEST = 4000  # characters; nothing longer is a grid
_BETWEEN = re.compile(r"```\w*|\bRow [1-4]:?|[\s|,;.:+\[\](){}*`\\&-]+", re.IGNORECASE)  # what parts cells


def from_row(row: Mapping[str, Any], index: int) -> Problem:
    """The problem in a row of the dataset; its question is what d1 asks."""
    question = f"Solve the following Sudoku puzzle: {row['Puzzle']}\n"
    problem = Problem(id=f"sudoku-{index + 1:04}", question=question)
    found = target(row["Solution"], problem)
    if found is None:
        raise ValueError("fields 'Puzzle' and 'Solution' must be a 4x4 grid (16 digits, 0 is empty) and its solution")
    return Problem(id=problem.id, question=question, target=found)


def load() -> NoReturn:
    """The puzzles are not on the hub: they come from a file."""
    raise NotDownloadedError(f"sudoku is in no dataset of the hub: download {URL} and give it: --data FILE")


def solved(problem: Problem) -> tuple[str, str]:
    """The rows of the solution, and the solution."""
    grid = (problem.target or "").rpartition(" ")[2]
    rows = [grid[start : start + 4] for start in range(0, _CELLS, 4)]
    return f"The rows are {', '.join(rows)}.", grid


def target(value: object, problem: Problem) -> str | None:
    """The puzzle and its solution, `4320004330100004 4321124334122134`; the puzzle is in the question."""
    given = _PUZZLE.findall(problem.question)
    solution = "".join(str(value).split()).removeprefix(given[-1] if given else "")
    if not given or not _GRID.fullmatch(solution):
        return None
    return f"{given[-1]} {solution}" if _solves(solution, given[-1]) else None


def extract(text: str, problem: Problem) -> str | None:
    """The grid in the last box, else in the answer tag, else behind it (where models that never open the tag put
    it), else the last 16 digits in a row. A puzzle with nothing filled in is no answer."""
    text = response_text(text)
    behind = text.rpartition("</answer>")[2] if "</answer>" in text else ""
    found = [grid(answer) for answer in (boxed(text), answer_tag(text), behind) if answer] + _PUZZLE.findall(text)[-1:]
    answer = next(filter(None, found), None)
    given = _PUZZLE.findall(problem.question)
    return None if answer is None or (given and _empty(answer, given[-1])) else answer


def grid(text: str) -> str | None:
    """The 16 cells that a short answer writes down, 0 for those that it leaves open or out.

    Four lines are four rows, each as far as it goes; anything else is read on and on.
    """
    lines = [line for part in text[:_LONGEST].splitlines() if (line := _BETWEEN.sub("", part))]
    digits = "".join(lines)
    if not digits.isascii() or not digits.isdecimal():
        return None
    if len(lines) == 4:
        digits = "".join(line[:4].ljust(4, "0") for line in lines)
    return digits[:_CELLS].ljust(_CELLS, "0")


def grade(answer: str, target: str) -> bool:
    """Whether the grid solves the puzzle (any solution will do, should it have several)."""
    return bool(_TARGET.fullmatch(target)) and _solves(answer, target.partition(" ")[0])


def check(answer: str, problem: Problem) -> bool:
    """Whether the grid keeps what the puzzle gives, and no digit stands twice in a row, a column or a box."""
    given = _PUZZLE.findall(problem.question)
    if (
        not given
        or len(answer) != _CELLS
        or any(one not in ("0", cell) for one, cell in zip(given[-1], answer, strict=True))
    ):
        return False
    filled = [unit.replace("0", "") for unit in _units(answer)]
    return all(len(set(unit)) == len(unit) for unit in filled)


def credit(answer: str, target: str) -> float:
    """The share of the empty cells that hold the solution's digit, d1's accuracy."""
    if not _TARGET.fullmatch(target) or len(answer) != _CELLS:
        return 0.0
    puzzle, _, solution = target.partition(" ")
    empty = [place for place in range(_CELLS) if puzzle[place] == "0"]
    return sum(answer[place] == solution[place] for place in empty) / len(empty) if empty else float(answer == solution)


def _empty(answer: str, puzzle: str) -> bool:
    """Whether the grid leaves open what the puzzle leaves open."""
    return all(cell == "0" for given, cell in zip(puzzle, answer, strict=True) if given == "0")


def _solves(answer: str, puzzle: str) -> bool:
    if not _GRID.fullmatch(answer) or any(given not in ("0", cell) for given, cell in zip(puzzle, answer, strict=True)):
        return False
    return all(len(set(unit)) == 4 for unit in _units(answer))


def _units(answer: str) -> list[str]:
    """The rows, columns and boxes of a grid."""
    rows = [answer[start : start + 4] for start in range(0, _CELLS, 4)]
    columns = [answer[start::4] for start in range(4)]
    boxes = [answer[start : start + 2] + answer[start + 4 : start + 6] for start in (0, 2, 8, 10)]
    return [*rows, *columns, *boxes]


SUDOKU = Task(
    name="sudoku",
    version=2,
    summary="4x4 Sudoku, solved whole",
    source="dllm-reasoning/d1 4x4_test_sudoku.csv",
    size=500,
    load=load,
    prompt=asking(PROMPTS["reasoning"]),
    prompts=PROMPTS,
    hidden=("Solution",),
    solved=solved,
    extract=extract,
    equal=same_text,
    grade=grade,
    fields=FIELDS,
    from_row=from_row,
    target=target,
    credit=credit,
    check=check,
)
