"""ARC-Challenge: grade-school science questions with three to five options (arXiv 1803.05457).

A row of `allenai/ai2_arc` (config ARC-Challenge, split test: 1172 questions). Labels may be A-E or 1-5; asked
and graded are the letters A-E in either case:

    {"id": "NYSEDREGENTS_2008_4_15", "question": "In which state of matter does water have a definite shape and
     volume?", "choices": {"text": ["gas", "liquid", "solid"], "label": ["A", "B", "C"]}, "answerKey": "C"}
"""

from collections.abc import Mapping
from typing import Any

from hexcli.answers.grading import LETTERS
from hexcli.records import Problem
from hexcli.tasks.data.hub import hub_problems
from hexcli.tasks.data.rows import TEXT, TEXTS
from hexcli.tasks.reasoning import multiple_choice

DATASET = "allenai/ai2_arc"

INSTRUCTIONS = (
    r"You are good at science. Read the question and its options, think step by step, and choose the one option "
    r"that answers it best. Then write its letter, exactly one, inside \boxed{}."
)


FIELDS = {"id": TEXT, "question": TEXT, "choices": {"text": TEXTS, "label": TEXTS}, "answerKey": TEXT}


def from_row(row: Mapping[str, Any], index: int) -> Problem:
    """The problem in a row of the dataset; its id is the dataset's own."""
    labels, texts = list(row["choices"]["label"]), tuple(row["choices"]["text"])
    if len(texts) != len(labels):
        raise ValueError(f"field 'choices' has {len(texts)} texts for {len(labels)} labels")
    if row["answerKey"] not in labels:
        raise ValueError(f"field 'answerKey': {row['answerKey']!r} is not among {labels}")
    return Problem(
        id=row["id"],
        question=row["question"],
        target=LETTERS[labels.index(row["answerKey"])],
        choices=texts,
    )


def load() -> list[Problem]:
    """The test set, in its order."""
    return hub_problems(DATASET, "ARC-Challenge", "test", FIELDS, from_row)


def train() -> list[Problem]:
    """The training set."""
    return hub_problems(DATASET, "ARC-Challenge", "train", FIELDS, from_row)


ARC = multiple_choice(
    name="arc",
    version=3,
    summary="ARC-Challenge, science questions with three to five options",
    source=f"{DATASET} ARC-Challenge test",
    size=1172,
    load=load,
    instructions=INSTRUCTIONS,
    fields=FIELDS,
    from_row=from_row,
    hidden=("answerKey",),
    train=train,
)
