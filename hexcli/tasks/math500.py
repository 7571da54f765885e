"""MATH-500: 500 competition problems with answers in LaTeX (arXiv 2305.20050's test split of MATH, 2103.03874).

A row of `HuggingFaceH4/MATH-500` (split test):

    {"problem": "Define\\n\\[p = \\sum_{k = 1}^\\infty \\frac{1}{k^2} ... in terms of $p$ and $q.$",
     "solution": "We count the number of times ... \\boxed{p - q}.", "answer": "p - q",
     "subject": "Intermediate Algebra", "level": 5, "unique_id": "test/intermediate_algebra/1994.json"}
"""

import re
from collections.abc import Mapping
from typing import Any

from hexcli.answers.equality import equal_math
from hexcli.answers.grading import (
    answer_tag,
    bare_formula,
    boxed,
    conclusion,
    formula,
    latex,
    only_line,
    response_text,
    solution,
    stated,
    stated_formula,
)
from hexcli.answers.judge.asking import equal_expressions
from hexcli.records import Problem
from hexcli.task import Task, plain_target
from hexcli.tasks.data.hub import hub_problems
from hexcli.tasks.data.rows import TEXT, checked
from hexcli.tasks.prompts.wording import asking
from hexcli.tasks.reasoning import wordings

DATASET = "HuggingFaceH4/MATH-500"

INSTRUCTIONS = (
    r"You are good at competition mathematics. Solve the problem below step by step. Then write the final "
    r"answer, as simple as it gets and in LaTeX, inside \boxed{}."
)

PROMPTS = wordings(
    INSTRUCTIONS,
    plain="Work it out step by step, and end with the sentence: The answer is $[answer]$.",
    answer=r"Give the final answer, as simple as it gets and in LaTeX, inside \boxed{}.",
)
# MATH itself, of which MATH-500 is 500 test problems; a config a subject.
TRAINING = "EleutherAI/hendrycks_math"
SUBJECTS = (
    *("algebra", "counting_and_probability", "geometry", "intermediate_algebra", "number_theory"),
    *("prealgebra", "precalculus"),
)

_LONGEST_UNBOXED = 100  # characters; more, without a box, is prose and not an answer


FIELDS = {"problem": TEXT}
_OPTIONAL = ("answer", "solution", "subject", "type", "unique_id")  # of MATH-500, or of MATH: type and solution


def from_row(row: Mapping[str, Any], index: int) -> Problem:
    """The problem in a row of the dataset, or of MATH itself, whose solution boxes the answer; its category is the
    subject."""
    row = checked(row, {name: TEXT for name in _OPTIONAL if row.get(name) is not None}, numerals=True)
    subject = row.get("subject") or row.get("type")
    told = row.get("answer") or row.get("solution")
    if told is None:
        raise ValueError(f"no field 'answer' or 'solution' (it has: {', '.join(map(str, row))})")
    found = _target(told)
    if found is None:
        raise ValueError("field 'solution' boxes no answer")
    group = re.sub(r"\W+", "-", subject.lower()) if subject else "math"
    return Problem(
        id=row.get("unique_id") or f"{group}-{index + 1:04}", question=row["problem"], target=found, category=subject
    )


def load() -> list[Problem]:
    """The 500 problems, in their order."""
    return hub_problems(DATASET, None, "test", FIELDS, from_row)


def train() -> list[Problem]:
    """The training set of MATH, subject by subject."""
    return [one for subject in SUBJECTS for one in hub_problems(TRAINING, subject, "train", FIELDS, from_row)]


def solved(problem: Problem) -> tuple[str, str]:
    """The solution, and the answer as it is written in its last box."""
    solution = str(problem.row.get("solution") or "")
    return solution, boxed(solution) or str(problem.row.get("answer") or problem.target or "")


def target(value: object, problem: Problem) -> str | None:
    """The normal form of what another program gives as the right answer; of a solution, of what its last box holds."""
    return _target(value) if isinstance(value, str) else plain_target(value, problem)


def _target(value: str) -> str | None:
    """None for a solution that tells no answer: nothing that a model says would be equal to it."""
    said: str | None = boxed(value)
    if said is None and solution(said := value.rpartition("####")[2].strip()):
        said = _stated(value)
    return (latex(said) or None) if said else None


def extract(text: str, problem: Problem) -> str | None:
    """What the last box holds, else a short answer tag, what is stated as the answer, a formula at the very end, or all
    that the reply is; in LaTeX's normal form."""
    text = response_text(text)
    answer = boxed(text)
    if answer is None:
        answer = answer_tag(text) or _stated(text) or formula(conclusion(text)) or _only(text)
        if answer is not None and len(answer) > _LONGEST_UNBOXED:
            return None
    return (latex(answer) or None) if answer is not None else None


def _stated(text: str) -> str | None:
    """The last statement of the answer that has any mathematics in it; None where that is no formula."""
    for said in stated(text, numeric=True):
        if (found := stated_formula(said)) or any(char.isdigit() or char in "\\$" for char in said):
            return found
    return None


def _only(text: str) -> str | None:
    """A reply of one line that is nothing but the answer, or a whole sentence that ends with it in math mode."""
    line = only_line(text) or ""
    return bare_formula(line) or (formula(line) if line.endswith(".") else None)


def equal(a: str, b: str) -> bool:
    """Whether two answers are the same, by exact arithmetic or else by algebra; what nobody can decide is not."""
    return equal_math(a, b, equal_expressions)


MATH500 = Task(
    name="math",
    version=3,
    summary="MATH-500, competition problems with answers in LaTeX",
    source=f"{DATASET} test",
    size=500,
    load=load,
    prompt=asking(PROMPTS["reasoning"]),
    prompts=PROMPTS,
    hidden=("answer", "solution"),
    train=train,
    solved=solved,
    extract=extract,
    equal=equal,
    grade=equal,
    fields=FIELDS,
    from_row=from_row,
    target=target,
)
