"""A row of generations.jsonl: a generation as a flat JSON object, and back."""

from collections.abc import Callable, Mapping
from typing import Any

from hexcli.fields import LIST, NOTHING, TEXT, require, wholes
from hexcli.records import Generation, Problem, Response
from hexcli.schedule import Schedule

_ROW = {
    "problem_id": TEXT,
    "question": TEXT,
    "target": TEXT | NOTHING,
    "prompt": TEXT,
    "schedule": frozenset({dict}),
    "cached": frozenset({bool}),
}
_MAY_BE_SAID = {
    "choices": LIST | NOTHING,
    "category": TEXT | NOTHING,
    "source": TEXT | NOTHING,
    "token_ends": LIST | NOTHING,
    "prompt_name": TEXT | NOTHING,
}


def problem_of(name: str, question: str, target: str | None, choices: tuple[Any, ...], category: str | None) -> Problem:
    """The problem of a row. Raises ValueError where its choices are no texts, or a text is none."""
    if not set(map(type, choices)) <= TEXT:
        raise ValueError("choices are no texts")
    for text in filter(None, (name, question, target, category, *choices)):
        text.encode()  # half a surrogate pair: a ValueError
    return Problem(id=name, question=question, target=target, choices=choices, category=category)


def row_of(generation: Generation) -> dict[str, Any]:
    """The flat JSON row of a run folder's generations.jsonl."""
    problem = generation.problem
    row: dict[str, Any] = {"problem_id": problem.id, "question": problem.question}
    if problem.choices:
        row["choices"] = list(problem.choices)
    if problem.category is not None:
        row["category"] = problem.category
    schedule = generation.schedule
    row = {
        **row,
        "target": problem.target,
        "prompt": generation.prompt,
        **({"prompt_name": generation.prompt_name} if generation.prompt_name else {}),
        "schedule": schedule.to_dict(),
        "schedule_label": schedule.label,
        "seed": schedule.seed,
        **generation.response.to_dict(),
        "cached": generation.cached,
    }
    optional = {
        "token_ends": None if generation.token_ends is None else list(generation.token_ends),
        "source": generation.source,
    }
    return {**row, **{name: value for name, value in optional.items() if value is not None}}


def generation_of(
    row: Mapping[str, Any],
    *,
    schedule_of: Callable[[Any], Schedule] = Schedule.from_dict,
    problem_of: Callable[..., Problem] = problem_of,
    light: bool = False,
) -> Generation:
    """The generation in a row. Raises ValueError, with what is missing or wrong.

    schedule_of, problem_of  give those that are known already
    light                    see Response.from_dict
    """
    require(row, _ROW)
    for name, allowed in _MAY_BE_SAID.items():
        if type(row.get(name)) not in allowed:
            raise ValueError(f"{name} is of the wrong type")
    ends, source, named = row.get("token_ends"), row.get("source"), row.get("prompt_name")
    in_ends = None
    if ends is not None:
        in_ends = wholes(ends, "token_ends are no numbers of characters")
    try:
        schedule = schedule_of(row["schedule"])
    except (TypeError, AttributeError, OverflowError, KeyError):
        raise ValueError("a field of the schedule is of the wrong type") from None
    response = Response.from_dict(row, light=light)
    tokens = len(response.commit_step)
    if tokens != schedule.gen_length and (tokens or source is None):
        raise ValueError(f"{tokens} tokens on a canvas of {schedule.gen_length}")
    choices = row.get("choices")
    problem = problem_of(
        row["problem_id"],
        row["question"],
        row["target"],
        tuple(choices) if choices else (),
        row.get("category"),
    )
    for text in (row["prompt"], response.text, named, source):
        if text:
            text.encode()  # half a surrogate pair: a ValueError here, and could not be written again
    return Generation(
        problem=problem,
        prompt=row["prompt"],
        schedule=schedule,
        response=response,
        cached=row["cached"],
        source=source,
        token_ends=in_ends if light or ends is None else tuple(ends),
        prompt_name=named or "",
    )
