"""Plain JSONL: one generation a line, from whatever made it.

    {"question": "...", "text": "...\\\\boxed{18}", "target": "18", "gen_length": 256, "block_length": 32, "seed": 0}

required   question (rows with a problem_id may leave it to the rows of --data); text: what the model wrote, or a list
           of texts, each a sample
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
from hexcli.importing.sources import typed
from hexcli.records import Response
from hexcli.schedule import Schedule
from hexcli.tasks.data.rows import TEXT, TEXTS, checked, options_in

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
            for sample in _samples(number, row):
                yield dataclasses.replace(sample, stated=shared.setdefault(repr(sample.stated), sample.stated))
        except ValueError as error:
            raise ValueError(f"row {number}: {error}") from None


def _samples(number: int, row: Any) -> Iterator[Sample]:
    if not isinstance(row, Mapping):
        raise ValueError(f"it must be an object, not {row!r:.60}")
    texts = row.get("text")
    if not isinstance(texts, list):
        yield _sample(number, row)
        return
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"field 'text' must be text, or a list of texts, not {texts!r:.60}")
    for text in texts:
        yield _sample(number, {**row, "text": text} if len(texts) == 1 else {**without(row, "seed"), "text": text})


def _sample(number: int, row: Mapping[str, Any]) -> Sample:
    said = row.get("schedule")
    stated = {**row, **said} if isinstance(said, Mapping) else row
    about = {name: row[name] for name in _ABOUT if row.get(name) not in (None, "")}
    if isinstance(about.get("choices"), str):
        about["choices"] = options_in(about["choices"])  # a table has them in one cell
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
        question="" if "question" not in row and "problem_id" in about else text_of(row, "question"),
        text=text_of(row, "text"),
        prompt=text_of({"prompt": "", **row}, "prompt"),
        target=None if row.get("target") == "" else row.get("target"),
        stated=schedule.to_dict() if schedule else _stated(stated),
        about=about,
        schedule=schedule,
        response=Response.from_dict(row) if own else None,
        ends=tuple(ends) if isinstance(ends, list) else None,
        prompt_name=text_of({_WORDING: row.get(_WORDING) or ""}, _WORDING),
        rest=without(rest, *_RESPONSE, *_TOLD) if own else rest,
    )


def _stated(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row states of its schedule; of a table it does so in texts. Raises ValueError."""
    found: dict[str, Any] = {}
    for name in STATED:
        value = row.get(name)
        if isinstance(value, str) and name != "block_length":  # which is a label in any case
            value = typed(name, value.strip()) if value.strip() else None
        if value is not None and value != "":
            found[name] = value
    return found


def _schedule(said: Mapping[str, Any]) -> Schedule:
    """Of a row of hex's own. Raises ValueError where it is none."""
    try:
        return Schedule.from_dict(said)
    except (TypeError, AttributeError, OverflowError):
        raise ValueError(f"its schedule is none: {dict(said)!r:.120}") from None
