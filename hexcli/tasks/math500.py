"""MATH-500: 500 competition problems with answers in LaTeX (arXiv 2305.20050's test split of MATH, 2103.03874).

A row of `HuggingFaceH4/MATH-500` (split test):

    {"problem": "Define\\n\\[p = \\sum_{k = 1}^\\infty \\frac{1}{k^2} ... in terms of $p$ and $q.$",
     "solution": "We count the number of times ... \\boxed{p - q}.", "answer": "p - q",
     "subject": "Intermediate Algebra", "level": 5, "unique_id": "test/intermediate_algebra/1994.json"}
"""

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
    stated,
    stated_formula,
)
from hexcli.answers.mathverify import equal_expressions
from hexcli.records import Problem
from hexcli.task import Task, plain_target
from hexcli.tasks.data.hub import hub_problems
from hexcli.tasks.data.rows import TEXT
from hexcli.tasks.reasoning import ask

DATASET = "HuggingFaceH4/MATH-500"

INSTRUCTIONS = (
    r"You are good at competition mathematics. Solve the problem below step by step. Then write the final "
    r"answer, as simple as it gets and in LaTeX, inside \boxed{}."
)

_LONGEST_UNBOXED = 100  # characters; more, without a box, is prose and not an answer


FIELDS = {"problem": TEXT, "answer": TEXT, "subject": TEXT, "unique_id": TEXT}


def from_row(row: Mapping[str, Any], index: int) -> Problem:
    """The problem in a row of the dataset; its category is the subject."""
    return Problem(id=row["unique_id"], question=row["problem"], target=latex(row["answer"]), category=row["subject"])


def load() -> list[Problem]:
    """The 500 problems, in their order."""
    return hub_problems(DATASET, None, "test", FIELDS, from_row)


def target(value: object, problem: Problem) -> str | None:
    """The normal form of what another program gives as the right answer."""
    return (latex(value) or None) if isinstance(value, str) else plain_target(value, problem)


def extract(text: str, problem: Problem) -> str | None:
    """What the last box holds, else a short answer tag, what is stated as the answer, a formula at the very end, or all
    that the reply is; in LaTeX's normal form."""
    text = response_text(text)
    answer = boxed(text)
    if answer is None:
        answer = answer_tag(text) or _stated(text) or formula(conclusion(text)) or bare_formula(only_line(text) or "")
        if answer is not None and len(answer) > _LONGEST_UNBOXED:
            return None
    return (latex(answer) or None) if answer is not None else None


def _stated(text: str) -> str | None:
    """The last statement of the answer that has any mathematics in it; None where that is no formula."""
    for said in stated(text, numeric=True):
        if (found := stated_formula(said)) or any(char.isdigit() or char in "\\$" for char in said):
            return found
    return None


def equal(a: str, b: str) -> bool:
    """Whether two answers are the same, by normal form or else by algebra; what takes over 2 s is not."""
    return equal_math(a, b, equal_expressions)


MATH500 = Task(
    name="math",
    version=3,
    summary="MATH-500, competition problems with answers in LaTeX",
    source=f"{DATASET} test",
    size=500,
    load=load,
    prompt=ask(INSTRUCTIONS),
    extract=extract,
    equal=equal,
    grade=equal,
    fields=FIELDS,
    from_row=from_row,
    target=target,
)
