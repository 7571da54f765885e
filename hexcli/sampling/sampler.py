"""The decode loop of a masked diffusion model: rows of any schedules, prompts and lengths in one batch.

The algorithm is LLaDA's `generate` (ML-GSAI/LLaDA generate.py; arXiv 2502.09992, Algorithms 4 and 5), token
for token at temperature 0. It knows token ids only. Some things differ, and cannot change a text:

- the vocabulary head runs only where a token can be committed;
- on a CPU rows in the same state share a forward pass (states.py); on a GPU passes are recorded (recording.py);
- a row that is finished leaves its slot to the next one;
- a row is finished once its text has ended with nothing masked before the end: committed tokens never change,
  and what would come behind is no part of the text.

Equal certainties commit leftmost first, but where ties.py says otherwise.
"""

import functools
import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import torch
from torch import Tensor

from hexcli.sampling import forward
from hexcli.sampling.batch import Batch
from hexcli.sampling.decoded import Decoded, final_tokens
from hexcli.sampling.drafting import Drafts
from hexcli.sampling.head import Denoiser, Head
from hexcli.sampling.kv_cache import KeyValueCache
from hexcli.sampling.recording import recorded
from hexcli.sampling.row import Row
from hexcli.sampling.slot import Slot
from hexcli.sampling.states import States

__all__ = ["Decoded", "Denoiser", "Row", "Sampler"]

NOT_FINITE = "the model's output is not finite (nan or inf)"


class Sampler:
    """Decodes rows in batches of at most `batch_size`, yielding each as it finishes.

    end_ids      tokens that end a text; without them every canvas is decoded to its last step
    end_of_text  of those, the one that stands behind an end; None: the one that ended the text
    end_of_turn  of those, the one that ends an answer of a chat; None: there is none
    drafts       whether to record what each canvas would be after each step (drafting.py); no text changes
    batch        the rows being decoded, once `run` has begun: to look at (glance.py)
    """

    def __init__(
        self,
        denoiser: Denoiser,
        *,
        mask_id: int,
        batch_size: int,
        device: str = "cpu",
        end_ids: Collection[int] = (),
        end_of_text: int | None = None,
        end_of_turn: int | None = None,
        drafts: bool = False,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, not {batch_size}")
        self.device = torch.device(device)
        self.denoiser: Denoiser = recorded(denoiser, self.device)
        self.mask_id = mask_id
        self.batch_size = batch_size
        self.end_ids = frozenset(end_ids)
        self.end_of_text, self.end_of_turn = end_of_text, end_of_turn
        self.states, self.cache = States(), KeyValueCache()
        self.wasted = 0  # forward passes of rows that were withdrawn
        self._withdrawn: set[Row] = set()
        self.batch: Batch | None = None
        self.failed: Callable[[Row, str], None] | None = None  # hears of a row that has no result, and why
        self.drafts = Drafts() if drafts else None
        self.head = Head(self.denoiser, self.device)

    @torch.inference_mode()
    def run(
        self, rows: Iterable[Row], on_step: Callable[[int], None] = lambda forwards: None
    ) -> Iterator[tuple[Row, Decoded]]:
        """Decode `rows`; a finished one leaves its slot to the next. `on_step` hears the forwards of each step.

        Rows are taken from the iterable only when a slot is free; one that has none is asked again, as long as others
        are being decoded. Raises ValueError on a prompt that holds
        the mask token and on a cache that the denoiser cannot have, FloatingPointError where the model's output is not
        a number and nobody is to hear of it (`failed`).
        """
        waiting = iter(rows)
        lookback, ends = getattr(self.denoiser, "lookback", None), (self.end_of_text, self.end_of_turn)
        self.cache.clear()
        batch = self.batch = Batch(self.mask_id, self.device, self.end_ids, lookback, ends, self.cache)
        while True:
            self._leave(batch)
            batch.admit(self._take(waiting, self.batch_size - len(batch.slots)))
            if not batch.slots:
                return
            started = time.perf_counter()
            self._step(batch)
            on_step(batch.forwards)
            batch.tick(time.perf_counter() - started)
            yield from self._decoded(batch.release())

    def forget(self) -> None:
        """Of rows that were decoded before nothing is known any more: what a run takes does not depend on the last."""
        self.states = States()

    def withdraw(self, row: Row) -> None:
        """Take the row out of the batch before the next step, if it is there: it is not decoded to its end."""
        self._withdrawn.add(row)

    def _leave(self, batch: Batch) -> None:
        if self._withdrawn:
            self.wasted += sum(slot.forwards * slot.mark.step for slot in batch.withdraw(self._withdrawn))
            self._withdrawn.clear()

    def _take(self, waiting: Iterator[Row], free: int) -> list[Row]:
        taken: list[Row] = []
        while len(taken) < free and (row := next(waiting, None)) is not None:
            if row.schedule.kv_cache != "none" and not hasattr(self.denoiser, "lookback"):
                raise ValueError(f"kv_cache {row.schedule.kv_cache}: this denoiser computes whole rows only")
            if self.end_of_text is None and (field := row.schedule.about_ends):
                raise ValueError(f"{field}: no end of text is known")
            if self.mask_id in row.prompt_ids:
                raise ValueError(f"the prompt holds the mask token (id {self.mask_id})")
            taken.append(row)
        return taken

    def _step(self, batch: Batch) -> None:
        """One forward pass, and the commits it allows in every row."""
        # What has to be known of the device is asked before the forward pass is under way: asking waits for it.
        ahead = batch.begin_step()
        allowed = ahead.allowed
        rows, columns = ahead.where()
        features = forward.features(batch, self.denoiser, self.states, ahead, everywhere=self.drafts is not None)
        batch.keep_first(features)
        tokens, confidence, peak, certainty, entropy = self.head.choose(batch, features, rows, columns)

        def grid(values: Tensor, closed: float) -> Tensor:
            return torch.full_like(allowed, closed, dtype=torch.float64).index_put_((rows, columns), values)

        if self.drafts is not None:
            predicted = self.drafts.predicted(
                batch, lambda r, c: self.head.logits(batch, features, r, c), self.head.chunk(features)
            )
        frontier, closed = batch.frontier, ~allowed
        if batch.opening:
            first = frontier.opening[rows]
            certainty = torch.where(first, -columns.double(), certainty)
            asked = confidence.masked_fill(first, -torch.inf)
        else:
            asked = confidence
        ranking = grid(certainty, -torch.inf).masked_fill_(closed, -torch.inf)

        def ordered(order: Tensor) -> Tensor:
            where = frontier.start, frontier.stop, frontier.least
            return batch.ties.ordered(order, ranking, self.head.kind, *where) if batch.ties.vectors else order

        chosen = batch.commits.chosen(
            ranking,
            grid(asked, -torch.inf).masked_fill_(closed, -torch.inf) if batch.commits.adaptive else None,
            grid(entropy, torch.inf).masked_fill_(closed, torch.inf) if batch.commits.by_entropy else None,
            frontier.least,
            frontier.room,
            ordered,
        )
        if batch.pipeline.any:
            chosen = batch.pipeline.forced(chosen, ranking, batch.start)
        commit = chosen[rows, columns]
        if batch.edits.any:
            edits = batch.edits.replaced(rows, tokens, confidence, batch.ids[rows, columns])
            commit |= edits & ~allowed[rows, columns]
        prepare = functools.partial(forward.prepare, batch, self.denoiser)
        batch.commit(commit, rows, columns, tokens, confidence, peak, prepare)
        if self.drafts is not None:
            self.drafts.keep(batch, predicted)

    def _decoded(self, slots: Sequence[Slot]) -> Iterator[tuple[Row, Decoded]]:
        """The rows that these are of, with what became of them."""
        tokens = [final_tokens(slot, self.end_ids, self.end_of_text) for slot in slots]
        for slot, token_ids, logprob in zip(slots, tokens, self.head.first_step_logprobs(slots, tokens), strict=True):
            canvas = slice(slot.prompt_length, slot.prompt_length + slot.row.schedule.gen_length)
            confidence = tuple(slot.confidence[canvas].tolist())
            if not all(map(math.isfinite, (*confidence, logprob))):
                if self.failed is None:
                    raise FloatingPointError(NOT_FINITE)
                self.failed(slot.row, NOT_FINITE)
                continue
            yield (
                slot.row,
                Decoded(
                    token_ids=tuple(token_ids.tolist()),
                    commit_step=tuple(slot.commit_step[canvas].tolist()),
                    commit_confidence=confidence,
                    first_step_logprob=logprob,
                    nfe=slot.forwards * slot.mark.step,
                    tokens_computed=slot.forwards * slot.mark.computed,
                    seconds=slot.seconds,
                    batch_size=slot.batch_size,
                    drafts=None if self.drafts is None else self.drafts.take(slot),
                ),
            )
