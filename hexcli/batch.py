"""The rows being decoded now, as tensors: what the sampler's loop reads and writes.

Rows are right-aligned: padding goes left and is masked out of attention, and every canvas ends in the last
column. All state that a step needs lies in tensors, rebuilt only when a row comes or goes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli import noise
from hexcli.frontier import START, Frontier, Mark, steps_of
from hexcli.kv_cache import CachingDenoiser, KeyValueCache
from hexcli.row import Row
from hexcli.schedule import Commit


@dataclass(slots=True, kw_only=True, eq=False)
class Slot:
    """A row in the batch. Its tensors cover prompt and canvas; they and `mark` are current only outside the batch.

    table   what the step at each place does (see frontier.steps_of)
    cached  its rows in the batch's key/value cache, where there is one; none before the first step
    """

    row: Row
    table: tuple[Commit, ...]
    ids: Tensor
    commit_step: Tensor
    confidence: Tensor
    mark: Mark = START
    cached: tuple[int, ...] = ()
    finished: bool = False  # every step is done, or no further one can change the text
    # Features of the canvas at the first forward: conditional and, under guidance, unconditional.
    first: tuple[Tensor, ...] = ()
    seconds: float = 0.0
    batch_size: int = 0

    @property
    def length(self) -> int:
        """Tokens in prompt and canvas."""
        return self.ids.shape[0]

    @property
    def prompt_length(self) -> int:
        """Tokens in the prompt."""
        return len(self.row.prompt_ids)

    @property
    def forwards(self) -> int:
        """Rows of the model's batch it takes a step: guidance adds the unconditional one."""
        return 2 if self.row.schedule.cfg_scale > 0 else 1


class Batch:
    """Slots side by side. B rows, T columns; column T - 1 is the last token of every canvas."""

    def __init__(self, mask_id: int, device: torch.device, end_ids: Collection[int] = (), lookback: int = 0) -> None:
        """`end_ids`: tokens that end a text; `lookback`: see kv_cache.CachingDenoiser."""
        self.mask_id = mask_id
        self.lookback = lookback
        self.cache: KeyValueCache | None = None
        self.device = device
        self.end_ids = torch.tensor(sorted(end_ids), dtype=torch.long, device=device)
        self.slots: list[Slot] = []

    def admit(self, rows: Sequence[Row]) -> None:
        """Add rows with their canvases all masked."""
        if not rows:
            return
        self._unstack()
        for row in rows:
            masks = (self.mask_id,) * row.canvas_length
            ids = torch.tensor(row.prompt_ids + masks, device=self.device)
            self.slots.append(
                Slot(
                    row=row,
                    table=steps_of(row.commits(), row.schedule),
                    ids=ids,
                    commit_step=torch.full_like(ids, -1),
                    confidence=torch.zeros(ids.shape, dtype=torch.float64, device=self.device),
                )
            )
        self._stack()

    def release(self) -> list[Slot]:
        """Take the finished rows out."""
        done = [slot for slot in self.slots if slot.finished]
        if done:
            self._unstack()
            self.slots = [slot for slot in self.slots if not slot.finished]
            self._stack()
        return done

    def _unstack(self) -> None:
        marks = self.frontier.marks() if self.slots else []
        for index, slot in enumerate(self.slots):
            first = self.width - slot.length
            slot.mark = marks[index]
            slot.ids = self.ids[index, first:]
            slot.commit_step = self.commit_step[index, first:]
            slot.confidence = self.confidence[index, first:]

    def _stack(self) -> None:
        """Tensors from the slots: state [B, T], and what each row's steps need [B] or [B, steps]."""
        slots = self.slots
        if not slots:
            return
        self.width = max(slot.length for slot in slots)
        self.ids = self._padded([slot.ids for slot in slots], 0)
        self.commit_step = self._padded([slot.commit_step for slot in slots], -1)
        self.confidence = self._padded([slot.confidence for slot in slots], 0.0)
        schedules = [slot.row.schedule for slot in slots]
        self.frontier = Frontier(
            [slot.table for slot in slots],
            [slot.mark for slot in slots],
            schedules,
            [slot.row.canvas_length for slot in slots],
            [(slot.row.trained_block or 1, slot.prompt_length) for slot in slots],
            self.device,
        )
        self.start = self._tensor([self.width - slot.row.canvas_length for slot in slots])
        self.columns = torch.arange(self.width, device=self.device)
        self.length = self._tensor([slot.length for slot in slots])
        self.real = self.columns >= self.width - self.length[:, None]
        self.padded = any(slot.length != self.width for slot in slots)
        self.noise_key = self._tensor([slot.row.noise_key for slot in slots])
        self.temperature = torch.tensor(
            [schedule.temperature for schedule in schedules], dtype=torch.float64, device=self.device
        )
        self.noisy = any(schedule.temperature > 0 for schedule in schedules)
        self.rules = {
            rule: self._tensor([schedule.remasking == rule for schedule in schedules])
            for rule in sorted({schedule.remasking for schedule in schedules})
        }
        self.guided = [index for index, slot in enumerate(slots) if slot.forwards == 2]
        self.with_twins = self._tensor([*range(len(slots)), *self.guided])
        self.guidance = self._tensor([schedule.cfg_scale + 1 for schedule in schedules])
        # Where each guided row's unconditional twin stands in the model's batch.
        twins = [-1] * len(slots)
        for offset, index in enumerate(self.guided):
            twins[index] = len(slots) + offset
        self.twin = self._tensor(twins)
        if not self.frontier.caching:
            self.cache = None
        elif self.cache is None:
            self.cache = KeyValueCache()
        self.cache_moved = False

    def _tensor(self, values: Sequence[object]) -> Tensor:
        return torch.tensor(values, device=self.device)

    def _padded(self, rows: Sequence[Tensor], value: float) -> Tensor:
        return torch.stack([F.pad(row, (self.width - row.shape[0], 0), value=value) for row in rows])

    def inputs(self) -> tuple[Tensor, Tensor | None]:
        """Ids and real positions for the model: the rows, then the unconditional twins, prompts masked."""
        ids, real = self.ids, self.real
        if self.guided:
            twins = self.with_twins[len(self.slots) :]
            prompt = self.columns < self.start[twins][:, None]
            ids = torch.cat([ids, ids[twins].masked_fill(prompt, self.mask_id)])
            real = torch.cat([real, real[twins]])
        return ids, real if self.padded else None

    def windows(self, denoiser: CachingDenoiser) -> Tensor:
        """Features of the rows and their twins, as much of each as `frontier` wants: [>= B, T, width]"""
        assert self.cache is not None, "a row has a cache"
        ids, _ = self.inputs()
        if not self.cache_moved:
            self._move_cache()
        first, last, twice = self._first(), self.start + self.frontier.last, self.with_twins
        return self.cache.features(denoiser, ids, self.real[twice], first[twice], last[twice])

    def _move_cache(self) -> None:
        """Once after rows came and went, before the next step: to where the rows and their twins now are."""
        assert self.cache is not None, "a row has a cache"
        places = [slot.cached[:1] for slot in self.slots] + [self.slots[index].cached[1:] for index in self.guided]
        self.cache.rearrange(self._tensor([place[0] if place else -1 for place in places]), self.width)
        for index, slot in enumerate(self.slots):
            slot.cached = (index, int(self.twin[index]))[: slot.forwards]
        self.cache_moved = True

    def _first(self) -> Tensor:
        """int [B]: the first column of each row that is computed."""
        return torch.maximum(self.start + self.frontier.first - self.lookback, self.width - self.length)

    def keep_first(self, features: Tensor) -> None:
        """Remember the first forward's features of the rows that have just come: features [>= B, T, width]."""
        for index, slot in enumerate(self.slots):
            if not slot.first:
                start = self.width - slot.row.canvas_length
                canvas = slice(start, start + slot.row.schedule.gen_length)
                sources = [index, int(self.twin[index])][: slot.forwards]
                slot.first = tuple(features[source, canvas].clone() for source in sources)

    def open_positions(self) -> Tensor:
        """bool [B, T]: the positions that may commit now, masked and not behind the current block."""
        stop = self.start + self.frontier.stop
        start = self.start
        if self.cache is not None:
            start = torch.where(self.frontier.whole, start, start + self.frontier.start)
        in_reach = (self.columns >= start[:, None]) & (self.columns < stop[:, None])
        return in_reach & (self.ids == self.mask_id)

    def noise_keys(self, rows: Tensor, columns: Tensor) -> Tensor:
        """The noise stream of each position, named by job, step and canvas position only: [N]."""
        return noise.position_key(self.noise_key[rows], self.frontier.step[rows], columns - self.start[rows])

    def commit(self, commit: Tensor, rows: Tensor, columns: Tensor, tokens: Tensor, confidence: Tensor) -> None:
        """Of N open positions write the tokens of those that `commit` (bool [N]), and go on to the next step."""
        place = rows, columns
        self.ids[place] = tokens.where(commit, self.mask_id)
        self.commit_step[place] = self.frontier.step[rows].where(commit, self.commit_step[place])
        self.confidence[place] = confidence.where(commit, self.confidence[place])
        computed = self.length
        if self.cache is not None:
            computed = self.start + self.frontier.last - self._first()
        counts = torch.zeros_like(self.length).index_add_(0, rows, commit.long())
        self.frontier.advance(counts, computed)
        for slot, finished in zip(self.slots, (self._ended() | self.frontier.done).tolist(), strict=True):
            slot.finished = finished

    def _ended(self) -> Tensor:
        """bool [B]: whether an end token stands before the first masked position."""
        canvas = self.columns >= self.start[:, None]
        ends = torch.isin(self.ids, self.end_ids) & canvas
        masked = (self.ids == self.mask_id) & canvas
        first_end, first_mask = (self.columns.where(found, self.width).amin(1) for found in (ends, masked))
        return first_end < first_mask
