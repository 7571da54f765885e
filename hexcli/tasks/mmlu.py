"""MMLU: questions of 57 subjects, from school to profession, with four options (arXiv 2009.03300).

A row of `cais/mmlu` (config all, split test: 14,042 questions):

    {"question": "Find the degree for the given field extension Q(sqrt(2), sqrt(3), sqrt(18)) over Q.",
     "subject": "abstract_algebra", "choices": ["0", "4", "2", "6"], "answer": 1}
"""

from collections.abc import Mapping
from typing import Any

from hexcli.answers.grading import LETTERS
from hexcli.records import Problem
from hexcli.tasks.data.hub import hub_problems
from hexcli.tasks.data.rows import NUMBER, TEXT, TEXTS
from hexcli.tasks.reasoning import multiple_choice

DATASET = "cais/mmlu"

INSTRUCTIONS = (
    r"You know many subjects well. Read the question and its options, think step by step, and choose the one option "
    r"that is right. Then write its letter, exactly one, inside \boxed{}."
)

FIELDS = {"question": TEXT, "subject": TEXT, "choices": TEXTS, "answer": NUMBER}


def from_row(row: Mapping[str, Any], index: int) -> Problem:
    """The problem in a row of the dataset; its category is the subject."""
    choices, answer = tuple(row["choices"]), row["answer"]
    if not 0 <= answer < len(choices):
        raise ValueError(f"field 'answer': {answer} is not among {len(choices)} options, counted from 0")
    return Problem(
        id=f"mmlu-{index + 1:05}",
        question=row["question"],
        target=LETTERS[answer],
        choices=choices,
        category=row["subject"],
    )


def load() -> list[Problem]:
    """The test set, in its order."""
    return hub_problems(DATASET, "all", "test", FIELDS, from_row)


def train() -> list[Problem]:
    """The development set, five questions a subject: what others show as examples, too."""
    return hub_problems(DATASET, "all", "dev", FIELDS, from_row)


MMLU = multiple_choice(
    name="mmlu",
    version=2,
    summary="MMLU, questions of 57 subjects with four options",
    source=f"{DATASET} all test",
    size=14042,
    load=load,
    instructions=INSTRUCTIONS,
    fields=FIELDS,
    from_row=from_row,
    hidden=("answer",),
    train=train,
)
