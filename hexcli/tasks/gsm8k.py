"""GSM8K: grade-school word problems whose answer is one number (arXiv 2110.14168).

A row of `openai/gsm8k` (config main, split test: 1319 problems):

    {"question": "A robe takes 2 bolts of blue fiber and half that much white fiber.  How many bolts in total
                  does it take?",
     "answer": "It takes 2/2=<<2/2=1>>1 bolt of white fiber\\nSo the total amount of fabric is
                2+1=<<2+1=3>>3 bolts of fabric\\n#### 3"}
"""

import re
from collections.abc import Mapping
from typing import Any

from hexcli.answers.grading import (
    answer_tag,
    bare_formula,
    boxed,
    claim,
    conclusion,
    number,
    only_line,
    response_text,
    stated,
)
from hexcli.records import Problem
from hexcli.task import Task, same_text
from hexcli.tasks.data.hub import hub_problems
from hexcli.tasks.data.rows import TEXT
from hexcli.tasks.prompts.wording import asking
from hexcli.tasks.reasoning import wordings

DATASET = "openai/gsm8k"

INSTRUCTIONS = (
    r"You are good at arithmetic word problems. Solve the problem below step by step. Then write the final "
    r"answer, a single number, inside \boxed{}."
)

PROMPTS = wordings(
    INSTRUCTIONS,
    plain="Work it out step by step, and end with the sentence: The answer is [number].",
    answer=r"Give the final number inside \boxed{}.",
)

_FINAL = re.compile(r"####([^\n]*)")
_CALCULATOR = re.compile(r"<<[^<>]*>>")


FIELDS = {"question": TEXT, "answer": TEXT}


def from_row(row: Mapping[str, Any], index: int) -> Problem:
    """The problem in a row of the dataset; its target is the number behind `####`."""
    found = number(boxed(row["answer"]) or row["answer"].rpartition("####")[2])
    if found is None:
        raise ValueError("field 'answer' has no number behind '####'")
    return Problem(id=f"gsm8k-{index + 1:04}", question=row["question"], target=found)


def load() -> list[Problem]:
    """The test set, in its order."""
    return hub_problems(DATASET, "main", "test", FIELDS, from_row)


def train() -> list[Problem]:
    """The training set."""
    return hub_problems(DATASET, "main", "train", FIELDS, from_row)


def solved(problem: Problem) -> tuple[str, str]:
    """The solution without what its calculator was asked (`<<2/2=1>>`), and the number."""
    solution = str(problem.row.get("answer", "")).rpartition("####")[0]
    return _CALCULATOR.sub("", solution).strip(), problem.target or ""


def target(value: object, problem: Problem) -> str | None:
    """The number that another program gives as the right answer: `18.0`, or a solution that ends in `#### 18` or in a
    box."""
    said = str(value)
    return number(boxed(said) or said.rpartition("####")[2])


def extract(text: str, problem: Problem) -> str | None:
    """The number in the last box, else in the answer tag, behind `####` or `answer is`, else what is computed last, or
    all that the reply is."""
    text = response_text(text)
    for find in (boxed, answer_tag, _behind_hashes, _stated, _result, _only):
        answer = find(text)
        if answer is not None and (found := number(answer)) is not None:
            return found
    return None


def _behind_hashes(text: str) -> str | None:
    finals = [final for final in _FINAL.findall(text) if any(map(str.isdigit, final))]
    return finals[-1] if finals else None


def _stated(text: str) -> str | None:
    """The last statement of the answer that has a number, without its reason where that has others."""
    said = next((said for said in stated(text, numeric=True) if any(map(str.isdigit, said))), None)
    return claim(said) if said is not None and number(said) is None else said


def _result(text: str) -> str | None:
    """What stands behind the last `=`, where a finished reply ends with an equation; other prose is no answer."""
    said = conclusion(text) or ""
    return said.rpartition("=")[2] if "=" in said else None


def _only(text: str) -> str | None:
    """A reply that is nothing but a number, with its unit."""
    return bare_formula(only_line(text) or "")


GSM8K = Task(
    name="gsm8k",
    version=3,
    summary="grade-school word problems, one number each",
    source=f"{DATASET} main test",
    size=1319,
    load=load,
    prompt=asking(PROMPTS["reasoning"]),
    prompts=PROMPTS,
    hidden=("answer",),
    train=train,
    solved=solved,
    extract=extract,
    equal=same_text,
    grade=same_text,
    fields=FIELDS,
    from_row=from_row,
    target=target,
)
