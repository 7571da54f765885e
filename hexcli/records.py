"""The nouns that travel between the layers: Problem, Response, Generation, Canvas."""

import dataclasses
import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from hexcli.schedule import Schedule
from hexcli.voter import Voter, voter_of

# Counts, seconds and logarithms beyond are nonsense, and sums of them would leave the range of a double.
_LARGEST = 1e15
_LARGEST_TOKEN = 2**31

# What a row's fields are in JSON, exactly: a bool is no number.
_TEXT, _WHOLE, _NUMBER, _LIST = frozenset({str}), frozenset({int}), frozenset({int, float}), frozenset({list})
_NOTHING = frozenset({type(None)})
_RESPONSE = {
    "text": _TEXT,
    "token_ids": _LIST,
    "commit_step": _LIST,
    "commit_confidence": _LIST,
    "first_step_logprob": _NUMBER | _NOTHING,
    "nfe": _WHOLE,
    "tokens_computed": _WHOLE,
    "seconds": _NUMBER,
    "device": _TEXT,
    "batch_size": _WHOLE,
}
_ROW = {
    "problem_id": _TEXT,
    "question": _TEXT,
    "target": _TEXT | _NOTHING,
    "prompt": _TEXT,
    "schedule": frozenset({dict}),
    "cached": frozenset({bool}),
}
_NO_CANVAS = "token_ids, commit_step and commit_confidence are not all numbers of a canvas"
_DRAFT = {"step": _WHOLE, "keep": _WHOLE, "back": _WHOLE, "text": _TEXT}
_MAY_BE_SAID = {
    "choices": _LIST | _NOTHING,
    "category": _TEXT | _NOTHING,
    "source": _TEXT | _NOTHING,
    "token_ends": _LIST | _NOTHING,
    "prompt_name": _TEXT | _NOTHING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One question of a task. `target` is the canonical right answer; None where there is none to grade by.

    row     what its dataset says of it, for prompts that show more; no part of the run's rows, which keep the prompt
    """

    id: str
    question: str
    target: str | None = None
    choices: tuple[str, ...] = ()
    category: str | None = None
    row: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


def problem_of(name: str, question: str, target: str | None, choices: tuple[Any, ...], category: str | None) -> Problem:
    """The problem of a row. Raises ValueError where its choices are no texts, or a text is none."""
    if not set(map(type, choices)) <= _TEXT:
        raise ValueError("choices are no texts")
    for text in filter(None, (name, question, target, category, *choices)):
        text.encode()  # half a surrogate pair: a ValueError
    return Problem(id=name, question=question, target=target, choices=choices, category=category)


class Draft(NamedTuple):
    """What a text would have been from a step on: of the draft before it the first `keep` characters and the last
    `back` ones, with `text` between them."""

    step: int
    keep: int
    back: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What decoding one prompt under one schedule gave: the part of a generation that the cache keeps.

    token_ids           the whole canvas, end-of-text included                       [gen_length]
    commit_step         the denoising step (from 0) at which each token was committed [gen_length]
    commit_confidence   its probability at that step, without noise                   [gen_length]
    first_step_logprob  mean over the canvas of log p(final token | all masked): [hex]'s one-step estimate. Behind a
                        text that ended before the last step the canvas counts as end of text; [hex] decodes it on, as
                        `full_canvas` does
    drafts              what the text would have been after each step (answers.drafts); None where nobody asked
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
    drafts: tuple[Draft, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        fields = {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}
        if self.drafts is None:
            del fields["drafts"]
        else:
            fields["drafts"] = [draft._asdict() for draft in self.drafts]
        return fields

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any], *, light: bool = False) -> Self:
        """The response in `fields`; other keys are ignored. Raises ValueError where it is not whole.

        light  without its token ids, and its steps and confidences as numbers in a row: a fifth of the memory
        """
        _require(fields, _RESPONSE)
        if abs(fields["first_step_logprob"] or 0) > _LARGEST:
            raise ValueError("first_step_logprob is out of reach")
        ids, steps, confidences = fields["token_ids"], fields["commit_step"], fields["commit_confidence"]
        if not len(ids) == len(steps) == len(confidences):
            raise ValueError("token_ids, commit_step and commit_confidence differ in length")
        _, in_steps, in_confidences = _wholes(ids), _wholes(steps), _numbers(confidences)
        return cls(
            text=fields["text"],
            token_ids=() if light else tuple(ids),
            commit_step=in_steps if light else tuple(steps),
            commit_confidence=in_confidences if light else tuple(confidences),
            first_step_logprob=fields["first_step_logprob"],
            nfe=fields["nfe"],
            tokens_computed=fields["tokens_computed"],
            seconds=fields["seconds"],
            device=fields["device"],
            batch_size=fields["batch_size"],
            drafts=_drafts(fields.get("drafts")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One decoded response with where it came from: a row of generations.jsonl.

    source  of a generation made elsewhere: what its file told about it besides, as the text of a JSON object
            (sources differ, and a column of a dataset has one type)
    token_ends  characters of the text up to the end of each token, until the text ends; None where unknown
    prompt_name  of the wording that the prompt is in; empty for the task's own
    model   Voter.model: said by the joint run that it is read in, and no part of the row
    voter   who voted
    """

    problem: Problem
    prompt: str
    schedule: Schedule
    response: Response
    cached: bool
    source: str | None = None
    token_ends: Sequence[int] | None = None
    prompt_name: str = ""
    model: str = ""
    voter: Voter = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "voter", voter_of(self.schedule, self.prompt_name, self.model))

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
            **({"prompt_name": self.prompt_name} if self.prompt_name else {}),
            "schedule": schedule.to_dict(),
            "schedule_label": schedule.label,
            "seed": schedule.seed,
            **self.response.to_dict(),
            "cached": self.cached,
        }
        optional = {"token_ends": None if self.token_ends is None else list(self.token_ends), "source": self.source}
        return {**row, **{name: value for name, value in optional.items() if value is not None}}

    @classmethod
    def from_row(
        cls,
        row: Mapping[str, Any],
        *,
        schedule_of: Callable[[Any], Schedule] = Schedule.from_dict,
        problem_of: Callable[..., Problem] = problem_of,
        light: bool = False,
    ) -> Self:
        """The generation in a row. Raises ValueError, with what is missing or wrong.

        schedule_of, problem_of  give those that are known already
        light                    see Response.from_dict
        """
        _require(row, _ROW)
        for name, allowed in _MAY_BE_SAID.items():
            if type(row.get(name)) not in allowed:
                raise ValueError(f"{name} is of the wrong type")
        ends, source, named = row.get("token_ends"), row.get("source"), row.get("prompt_name")
        in_ends = None
        if ends is not None:
            in_ends = _wholes(ends, "token_ends are no numbers of characters")
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
        return cls(
            problem=problem,
            prompt=row["prompt"],
            schedule=schedule,
            response=response,
            cached=row["cached"],
            source=source,
            token_ends=in_ends if light or ends is None else tuple(ends),
            prompt_name=named or "",
        )


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
    prompt_name: str = ""

    @property
    def voter(self) -> Voter:
        """Whose canvas it is."""
        return voter_of(self.schedule, self.prompt_name)


def _require(fields: Mapping[str, Any], kinds: Mapping[str, frozenset[type]]) -> None:
    """Raises ValueError where a field is missing, of another type than these, or beyond what an amount may be."""
    for name, allowed in kinds.items():
        if name not in fields:
            raise ValueError(f"no field '{name}'")
        value = fields[name]
        if type(value) not in allowed:
            raise ValueError(f"{name} is of the wrong type")
        if allowed <= _NUMBER and not 0 <= value <= _LARGEST:
            raise ValueError(f"{name} is {'negative' if value < 0 else 'out of reach'}")


def _wholes(values: Sequence[int], refused: str = _NO_CANVAS) -> "array[int]":
    """These in 32 bits each. Raises ValueError where one is no whole number, or does not fit."""
    if [*map(type, values)].count(int) != len(values):
        raise ValueError(refused)
    try:
        return array("i", values)
    except OverflowError:
        raise ValueError(refused) from None


def _numbers(values: Sequence[float]) -> "array[float]":
    """These as doubles. Raises ValueError where one is no number, or out of reach."""
    kinds = [*map(type, values)]
    if kinds.count(float) + kinds.count(int) != len(values):
        raise ValueError(_NO_CANVAS)
    # Their length as a vector is quickly told, and no less than any of them; a longer one may still have small ones.
    if not math.hypot(*values) < _LARGEST_TOKEN and not -_LARGEST_TOKEN <= min(values) <= max(values) < _LARGEST_TOKEN:
        raise ValueError(_NO_CANVAS)
    return array("d", values)


def _drafts(value: Any) -> tuple[Draft, ...] | None:
    """Raises ValueError where they are no drafts that follow each other."""
    if value is None:
        return None
    _require({"drafts": value}, {"drafts": _LIST})
    found: list[Draft] = []
    length = 0
    for one in value:
        if type(one) is not dict:
            raise ValueError("drafts are of the wrong type")
        _require(one, _DRAFT)
        draft = Draft(*(one[name] for name in Draft._fields))
        if draft.keep + draft.back > length or (found and draft.step <= found[-1].step):
            raise ValueError("drafts do not follow each other")
        draft.text.encode()  # half a surrogate pair: a ValueError
        length = draft.keep + len(draft.text) + draft.back
        found.append(draft)
    return tuple(found)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
