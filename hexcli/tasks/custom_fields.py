"""Which fields of a row a custom task reads, and the problem that they make (`fields:` of its file)."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from hexcli.answers.grading import LETTERS
from hexcli.errors import UsageError, unknown
from hexcli.records import Problem
from hexcli.tasks.data.rows import OPTIONS, TEXT
from hexcli.tasks.foreign import ANSWER
from hexcli.tasks.kinds import is_place, unread
from hexcli.tasks.prompts.template import asked

FIELDS = ("question", "answer", "choices", "id", "category")


def fields_in(value: Any) -> dict[str, Any]:
    """What a definition says of its fields. Raises UsageError."""
    if not isinstance(value, Mapping):
        raise UsageError(f"it needs fields: a mapping of {', '.join(FIELDS)} to the names in its rows")
    for role, name in value.items():
        if role not in FIELDS and str(role) in ANSWER:
            raise UsageError(f"fields: the right answer is called answer, so answer: {name}, not {role}: {name}")
        if role not in FIELDS:
            raise unknown("field", str(role), FIELDS)
        several = role == "choices" and isinstance(name, list) and name and all(isinstance(one, str) for one in name)
        if not isinstance(name, str) and not several:
            raise UsageError(f"field {role} must be the name of a field in its rows, not {name!r}")
    if "question" not in value:
        raise UsageError("its fields need a question")
    return dict(value)


def kinds_of(fields: Mapping[str, Any]) -> dict[str, str]:
    """What a row must hold: the question, and the options, in one field or in one each."""
    columns = fields.get("choices", [])
    options = {columns: OPTIONS} if isinstance(columns, str) else dict.fromkeys(columns, TEXT)
    return {fields["question"]: TEXT, **options}


def from_row(
    name: str,
    fields: Mapping[str, Any],
    grading: str,
    canonical: Callable[[object, Problem], str | None],
    named: tuple[str, ...],
    row: Mapping[str, Any],
    index: int,
) -> Problem:
    """The problem in a row, the `index`-th from 0; `named`: fields that the prompt asks for, besides the usual ones.

    Raises ValueError naming the field.
    """
    values: dict[str, Any] = {}
    for role, column in fields.items():
        for one in [column] if isinstance(column, str) else column:
            if one not in row:
                raise ValueError(f"no field '{one}' (it has: {', '.join(map(str, row))})")
        values[role] = row[column] if isinstance(column, str) else [row[one] for one in column if row[one].strip()]
    for role in ("id", "category"):
        if role in values and not isinstance(values[role], str | int):
            raise ValueError(f"field '{fields[role]}' must be text, not {values[role]!r}")
    asked(named, fields, row)  # a prompt that its rows cannot fill is told by the first of them
    choices = tuple(values.get("choices", ()))
    if len(choices) > len(LETTERS):
        raise ValueError(f"field '{fields['choices']}' has {len(choices)} options; there are {len(LETTERS)} letters")
    problem = Problem(
        id=str(values["id"]) if "id" in values else f"{name}-{index + 1:04}",
        question=values["question"],
        choices=choices,
        category=str(values["category"]) if "category" in values else None,
        row={**row, **values},
    )
    answer = values.get("answer")
    if answer is None:
        return problem
    if isinstance(answer, str) and not answer.strip():
        raise ValueError(f"field '{fields['answer']}' is empty")
    if grading == "letter" and isinstance(answer, str) and is_place(answer, choices, canonical):
        answer = int(answer)  # in a file that knows texts only
    target = canonical(answer, problem)
    if target is None:
        short = repr(answer)
        short = short if len(short) <= 80 else f"{short[:77]}..."
        raise ValueError(f"field '{fields['answer']}' is no answer to grade by: {short} ({unread(grading, canonical)})")
    return dataclasses.replace(problem, target=target)
