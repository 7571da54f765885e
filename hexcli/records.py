"""The nouns that travel between the layers: Problem, Response, Generation, Canvas."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from hexcli.fields import LARGEST, LIST, NOTHING, NUMBER, TEXT, WHOLE, numbers, require, wholes
from hexcli.schedule import Schedule
from hexcli.voter import Voter, voter_of

_RESPONSE = {
    "text": TEXT,
    "token_ids": LIST,
    "commit_step": LIST,
    "commit_confidence": LIST,
    "first_step_logprob": NUMBER | NOTHING,
    "nfe": WHOLE,
    "tokens_computed": WHOLE,
    "seconds": NUMBER,
    "device": TEXT,
    "batch_size": WHOLE,
}
_DRAFT = {"step": WHOLE, "keep": WHOLE, "back": WHOLE, "text": TEXT}


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
        require(fields, _RESPONSE)
        if abs(fields["first_step_logprob"] or 0) > LARGEST:
            raise ValueError("first_step_logprob is out of reach")
        ids, steps, confidences = fields["token_ids"], fields["commit_step"], fields["commit_confidence"]
        if not len(ids) == len(steps) == len(confidences):
            raise ValueError("token_ids, commit_step and commit_confidence differ in length")
        _, in_steps, in_confidences = wholes(ids), wholes(steps), numbers(confidences)
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
    """One decoded response with where it came from: a row of generations.jsonl (runs.row).

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


def _drafts(value: Any) -> tuple[Draft, ...] | None:
    """Raises ValueError where they are no drafts that follow each other."""
    if value is None:
        return None
    require({"drafts": value}, {"drafts": LIST})
    found: list[Draft] = []
    length = 0
    for one in value:
        if type(one) is not dict:
            raise ValueError("drafts are of the wrong type")
        require(one, _DRAFT)
        draft = Draft(*(one[name] for name in Draft._fields))
        if draft.keep + draft.back > length or (found and draft.step <= found[-1].step):
            raise ValueError("drafts do not follow each other")
        draft.text.encode()  # half a surrogate pair: a ValueError
        length = draft.keep + len(draft.text) + draft.back
        found.append(draft)
    return tuple(found)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
