"""The nouns that travel between the layers: Problem, Response, Generation, Canvas."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from hexcli.schedule import Schedule

# Counts, seconds and logarithms beyond are nonsense, and sums of them would leave the range of a double.
_LARGEST = 1e15
_LARGEST_TOKEN = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One question of a task. `target` is the canonical right answer; None where there is none to grade by.

    asked   what else a custom prompt shows of the row, by name; no part of the run's rows, which keep the prompt
    """

    id: str
    question: str
    target: str | None = None
    choices: tuple[str, ...] = ()
    category: str | None = None
    asked: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What decoding one prompt under one schedule gave: the part of a generation that the cache keeps.

    token_ids           the whole canvas, end-of-text included                       [gen_length]
    commit_step         the denoising step (from 0) at which each token was committed [gen_length]
    commit_confidence   its probability at that step, without noise                   [gen_length]
    first_step_logprob  mean over the canvas of log p(final token | all masked): [hex]'s one-step estimate. Behind a
                        text that ended before the last step the canvas counts as end of text; [hex] decodes it on, as
                        `full_canvas` does
    nfe                 forward passes of this row, shared ones too; tokens_computed = tokens that went through them
    seconds             this row's share of the time its batches took

    A generation made elsewhere has no more than its source tells: then the three canvases are empty together,
    `nfe` is what the schedule takes, and `tokens_computed`, `seconds` and `batch_size` are 0.
    """

    text: str
    token_ids: tuple[int, ...]
    commit_step: Sequence[int]
    commit_confidence: Sequence[float]
    first_step_logprob: float | None
    nfe: int
    tokens_computed: int
    seconds: float
    device: str
    batch_size: int

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The response in `fields`; other keys are ignored. Raises ValueError where it is not whole."""
        try:
            response = cls(**{field.name: _tuple(fields[field.name]) for field in dataclasses.fields(cls)})
        except KeyError as missing:
            raise ValueError(f"no field {missing}") from None
        canvas = (response.token_ids, response.commit_step, response.commit_confidence)
        if not all(isinstance(part, tuple) for part in canvas) or len({len(part) for part in canvas}) != 1:
            raise ValueError("token_ids, commit_step and commit_confidence differ in length")
        _require(str, response, "text", "device")
        _require(int, response, "nfe", "tokens_computed", "batch_size")
        _require((int, float), response, "seconds")
        if response.first_step_logprob is not None:
            _require((int, float), response, "first_step_logprob")
        if not (_are({int}, canvas[0]) and _are({int}, canvas[1]) and _are({int, float}, canvas[2])):
            raise ValueError("token_ids, commit_step and commit_confidence are not all numbers of a canvas")
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One decoded response with where it came from: a row of generations.jsonl.

    source  of a generation made elsewhere: what its file told about it besides, as the text of a JSON object
            (sources differ, and a column of a dataset has one type)
    token_ends  characters of the text up to the end of each token, until the text ends; None where unknown
    """

    problem: Problem
    prompt: str
    schedule: Schedule
    response: Response
    cached: bool
    source: str | None = None
    token_ends: Sequence[int] | None = None

    def to_row(self) -> dict[str, Any]:
        """The flat JSON row of a run folder's generations.jsonl."""
        problem = self.problem
        row: dict[str, Any] = {"problem_id": problem.id, "question": problem.question}
        if problem.choices:
            row["choices"] = list(problem.choices)
        if problem.category is not None:
            row["category"] = problem.category
        schedule = self.schedule
        row = {
            **row,
            "target": problem.target,
            "prompt": self.prompt,
            "schedule": schedule.to_dict(),
            "schedule_label": schedule.label,
            "seed": schedule.seed,
            **self.response.to_dict(),
            "cached": self.cached,
        }
        optional = {"token_ends": None if self.token_ends is None else list(self.token_ends), "source": self.source}
        return {**row, **{name: value for name, value in optional.items() if value is not None}}

    @classmethod
    def from_row(cls, row: Mapping[str, Any], *, schedule_of: Callable[[Any], Schedule] = Schedule.from_dict) -> Self:
        """The generation in a row. Raises ValueError, with what is missing or wrong."""
        try:
            problem = Problem(
                id=row["problem_id"],
                question=row["question"],
                target=row["target"],
                choices=tuple(row.get("choices") or ()),
                category=row.get("category"),
            )
            schedule = schedule_of(row["schedule"])
            prompt, cached, source = row["prompt"], row["cached"], row.get("source")
            ends = _tuple(row.get("token_ends"))
        except KeyError as missing:
            raise ValueError(f"no field {missing}") from None
        except (TypeError, AttributeError, OverflowError):
            raise ValueError("a field is of the wrong type") from None
        response = Response.from_dict(row)
        generation = cls(
            problem=problem,
            prompt=prompt,
            schedule=schedule,
            response=response,
            cached=cached,
            token_ends=ends,
            source=source,
        )
        _require(str, problem, "id", "question")
        _require((str, type(None)), problem, "target", "category")
        _require((str, type(None)), generation, "source")
        _require(str, generation, "prompt")
        _require(bool, generation, "cached")
        _require((tuple, type(None)), generation, "token_ends")
        if not _are({int}, ends or ()):
            raise ValueError("token_ends are no numbers of characters")
        if not set(map(type, problem.choices)) <= {str}:
            raise ValueError("choices are no texts")
        canvases = {schedule.gen_length} if source is None else {schedule.gen_length, 0}
        if len(response.token_ids) not in canvases:
            raise ValueError(f"{len(response.token_ids)} tokens on a canvas of {schedule.gen_length}")
        for text in (problem.id, problem.question, problem.target or "", prompt, response.text, source or ""):
            text.encode()  # half a surrogate pair: a ValueError here, and could not be written again
        return generation


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """A canvas while it is being filled.

    pieces       the text of each token; None where it is masked, empty behind the end of the text    [gen_length]
    commit_step  the step at which each was committed, -1 where it is not                             [gen_length]
    confidence   its probability at that step                                                         [gen_length]
    """

    problem_id: str
    schedule: Schedule
    pieces: tuple[str | None, ...]
    commit_step: Sequence[int]
    confidence: tuple[float, ...]


def _require(kind: type | tuple[type, ...], record: object, *fields: str) -> None:
    for name in fields:
        value = getattr(record, name)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"{name} is of the wrong type")
        if isinstance(value, int | float) and abs(value) > _LARGEST:
            raise ValueError(f"{name} is out of reach")
        if isinstance(value, int | float) and value < 0 and name != "first_step_logprob":
            raise ValueError(f"{name} is negative")


def _are(kinds: set[type], values: Sequence[float]) -> bool:
    """Whether all are of these types, and such as an array of 32 bits holds."""
    if not values:
        return True
    return set(map(type, values)) <= kinds and min(values) >= -_LARGEST_TOKEN and max(values) < _LARGEST_TOKEN


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
