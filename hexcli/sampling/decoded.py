"""What became of a row: its canvas, and what that took."""

from collections.abc import Collection
from dataclasses import dataclass

from torch import Tensor

from hexcli.sampling.slot import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A finished canvas. The fields mean what they mean in records.Response; drafts are canvases (drafting.Drafted).

    Behind the end of a text that ended before the last step, tokens are `end_of_text`, committed at step -1 (never)
    with confidence 0.
    """

    token_ids: tuple[int, ...]
    commit_step: tuple[int, ...]
    commit_confidence: tuple[float, ...]
    first_step_logprob: float
    nfe: int
    tokens_computed: int
    seconds: float
    batch_size: int
    drafts: tuple[tuple[int, tuple[int, ...]], ...] | None = None


def final_tokens(slot: Slot, end_ids: Collection[int], end_of_text: int | None) -> Tensor:
    """The tokens of a finished row's canvas; what lies behind an end that came before the last step is filled in, with
    `end_of_text` or, if that is None, the end itself."""
    canvas = slice(slot.prompt_length, slot.prompt_length + slot.row.schedule.gen_length)
    token_ids, steps, confidences = slot.ids[canvas], slot.commit_step[canvas], slot.confidence[canvas]
    if not slot.all_steps:
        end = next(place for place, token in enumerate(token_ids.tolist()) if token in end_ids)
        token_ids[end + 1 :] = token_ids[end] if end_of_text is None else end_of_text
        steps[end + 1 :], confidences[end + 1 :] = -1, 0.0
    return token_ids
