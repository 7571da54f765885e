"""HellaSwag: how does it go on? Everyday scenes with four endings, three made up by a machine (arXiv 1905.07830).

A row of `Rowan/hellaswag` (split validation: 10,042 scenes, since the test set has no labels). Scenes from
WikiHow carry marks like `[header]`:

    {"ind": 24, "activity_label": "Roof shingle removal", "ctx_a": "A man is sitting on a roof.", "ctx_b": "he",
     "ctx": "A man is sitting on a roof. he", "endings": ["is using wrap to wrap a pair of skis.", "is ripping
     level tiles off.", "is holding a rubik's cube.", "starts pulling up roofing on a roof."],
     "source_id": "activitynet~v_-JhWjGDPHMY", "split": "val", "split_type": "indomain", "label": "3"}
"""

import re
from collections.abc import Mapping
from typing import Any

from hexcli.answers.grading import LETTERS
from hexcli.records import Problem
from hexcli.tasks.data.hub import hub_problems
from hexcli.tasks.data.rows import NUMBER, TEXT, TEXTS
from hexcli.tasks.reasoning import multiple_choice

DATASET = "Rowan/hellaswag"
# The hub's own conversion is there whether the main branch holds data or a loading script, which `datasets` 4 no
# longer runs.
REVISION = "refs/convert/parquet"

INSTRUCTIONS = (
    r"You know how everyday scenes go on. Read the beginning of the scene and its possible endings, think step by "
    r"step, and choose the one ending that follows best. Then write its letter, exactly one, inside \boxed{}."
)

FIELDS = {"activity_label": TEXT, "ctx": TEXT, "endings": TEXTS, "source_id": TEXT, "label": NUMBER}

_TITLE = re.compile(r" ?\[title\]")
_MARK = re.compile(r"\[[a-z_]+\]")


def from_row(row: Mapping[str, Any], index: int) -> Problem:
    """The problem in a row of the dataset; its category is the source, activitynet or wikihow."""
    endings, label = tuple(map(plain, row["endings"])), row["label"]
    if not 0 <= label < len(endings):
        raise ValueError(f"field 'label': {label} is not among {len(endings)} endings, counted from 0")
    return Problem(
        id=f"hellaswag-{index + 1:05}",
        question=plain(f"{row['activity_label']}: {row['ctx']}"),
        target=LETTERS[label],
        choices=endings,
        category=row["source_id"].partition("~")[0] or None,
    )


def plain(text: str) -> str:
    """The text without WikiHow's marks: a title ends a sentence, the others say nothing to a reader."""
    return " ".join(_MARK.sub(" ", _TITLE.sub(". ", text)).split())


def load() -> list[Problem]:
    """The validation set, in its order."""
    return hub_problems(DATASET, None, "validation", FIELDS, from_row, revision=REVISION)


def train() -> list[Problem]:
    """The training set."""
    return hub_problems(DATASET, None, "train", FIELDS, from_row, revision=REVISION)


HELLASWAG = multiple_choice(
    name="hellaswag",
    version=2,
    summary="HellaSwag, everyday scenes with four endings",
    source=f"{DATASET} validation",
    size=10042,
    load=load,
    instructions=INSTRUCTIONS,
    fields=FIELDS,
    from_row=from_row,
    problem="How does this scene go on?\n{question}\n{choices}",
    hidden=("label",),
    train=train,
)
