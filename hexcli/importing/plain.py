"""Plain JSONL: one generation a line, from whatever made it.

    {"question": "...", "text": "...\\\\boxed{18}", "target": "18", "gen_length": 256, "block_length": 32, "seed": 0}

required   question, text (what the model wrote)
of the problem   target (the right answer, in the form of the task's dataset or canonical), choices (a list of texts),
                 category, problem_id
of the schedule  gen_length, block_length (or blocks, a list), steps, remasking, temperature, cfg_scale, seed; all
                 in the row, or in an object `schedule`
besides          prompt, first_step_logprob, model

Rows of hex's own runs keep tokens, commit steps, confidences, NFE and times. Other fields are kept. What rows leave
out of the schedule, the options of `hex import` give; the temperature is 0 unless something else is said.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hexcli.importing.sample import STATED, Sample, text_of, without
from hexcli.records import Response
from hexcli.schedule import Schedule
from hexcli.tasks.data.rows import TEXT, TEXTS, checked

Rows = Iterable[tuple[int, Any]]

_OWN = ("text", "token_ids", "commit_step", "commit_confidence", "nfe")  # which no other program's rows have
_RESPONSE = tuple(field.name for field in dataclasses.fields(Response))
_TOLD = ("schedule", "schedule_label", "seed", "target", "cached", "token_ends")  # by what is kept of an own row
_ABOUT = ("problem_id", "choices", "category", "first_step_logprob")
_WORDING = "prompt_name"


def samples(rows: Rows) -> Iterator[Sample]:
    """The file's generations. Raises ValueError naming the row and what is wrong with it."""
    shared: dict[str, Mapping[str, Any]] = {}  # what many rows state alike is held once
    for number, row in rows:
        try:
            sample = _sample(number, row)
            yield dataclasses.replace(sample, stated=shared.setdefault(repr(sample.stated), sample.stated))
        except ValueError as error:
            raise ValueError(f"row {number}: {error}") from None


def _sample(number: int, row: Any) -> Sample:
    if not isinstance(row, Mapping):
        raise ValueError(f"it must be an object, not {row!r:.60}")
    said = row.get("schedule")
    stated = {**row, **said} if isinstance(said, Mapping) else row
    about = {name: row[name] for name in _ABOUT if row.get(name) is not None}
    if isinstance(own_id := about.get("problem_id"), int) and not isinstance(own_id, bool):
        about["problem_id"] = str(own_id)
    checked(about, {name: TEXTS if name == "choices" else TEXT for name in about if name != "first_step_logprob"})
    logprob = about.get("first_step_logprob", 0.0)
    if not isinstance(logprob, int | float) or isinstance(logprob, bool):
        raise ValueError(f"field 'first_step_logprob' must be a number, not {logprob!r:.60}")
    schedule = _schedule(said) if isinstance(said, Mapping) and all(name in row for name in _OWN) else None
    own = schedule is not None
    ends = row.get("token_ends") if own else None
    rest = without(row, "question", "text", "prompt", _WORDING, *_ABOUT)
    return Sample(
        row=number,
        question=text_of(row, "question"),
        text=text_of(row, "text"),
        prompt=text_of({"prompt": "", **row}, "prompt"),
        target=row.get("target"),
        stated=schedule.to_dict() if schedule else {n: stated[n] for n in STATED if stated.get(n) is not None},
        about=about,
        schedule=schedule,
        response=Response.from_dict(row) if own else None,
        ends=tuple(ends) if isinstance(ends, list) else None,
        prompt_name=text_of({_WORDING: row.get(_WORDING) or ""}, _WORDING),
        rest=without(rest, *_RESPONSE, *_TOLD) if own else rest,
    )


def _schedule(said: Mapping[str, Any]) -> Schedule:
    """Of a row of hex's own. Raises ValueError where it is none."""
    try:
        return Schedule.from_dict(said)
    except (TypeError, AttributeError, OverflowError):
        raise ValueError(f"its schedule is none: {dict(said)!r:.120}") from None
