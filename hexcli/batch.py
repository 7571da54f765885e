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
from hexcli.alignment import aligned_commits, tail_length
from hexcli.schedule import Commit, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One generation to make. `noise_key` names its noise: same key, prompt and schedule, same tokens.

    trained_block  the block length the model was trained on, where it sees blocks (see alignment.py)
    """

    prompt_ids: tuple[int, ...]
    schedule: Schedule
    noise_key: int = 0
    trained_block: int | None = None

    @property
    def canvas_length(self) -> int:
        """Masked tokens to fill in: the canvas, and for a block-causal model the rest of its last block."""
        if self.trained_block is None:
            return self.schedule.gen_length
        return self.schedule.gen_length + tail_length(self.schedule, len(self.prompt_ids), self.trained_block)

    def commits(self) -> tuple[Commit, ...]:
        """The denoising steps in order. Raises ValueError where the schedule does not fit the trained block."""
        if self.trained_block is None:
            return self.schedule.commits()
        return aligned_commits(self.schedule, len(self.prompt_ids), self.trained_block)


@dataclass(slots=True, kw_only=True, eq=False)
class Slot:
    """A row in the batch. Its tensors cover prompt and canvas, and are current only outside the batch."""

    row: Row
    commits: tuple[Commit, ...]
    ids: Tensor
    commit_step: Tensor
    confidence: Tensor
    step: int = 0
    ended: bool = False  # the text has ended, with nothing masked before its end
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

    @property
    def finished(self) -> bool:
        """Whether every step is done, or no further one can change the text."""
        return self.ended or self.step == len(self.commits)


class Batch:
    """Slots side by side. B rows, T columns; column T - 1 is the last token of every canvas."""

    def __init__(self, mask_id: int, device: torch.device, end_ids: Collection[int] = ()) -> None:
        self.mask_id = mask_id
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
                    commits=row.commits(),
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
        for index, slot in enumerate(self.slots):
            first = self.width - slot.length
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
        self.step = self._tensor([slot.step for slot in slots])
        self.start = self._tensor([self.width - slot.row.canvas_length for slot in slots])
        self.columns = torch.arange(self.width, device=self.device)
        self.real = self.columns >= self.width - self._tensor([slot.length for slot in slots])[:, None]
        self.padded = any(slot.length != self.width for slot in slots)
        steps = max(len(slot.commits) for slot in slots)
        filler = Commit(0, 0, 0)
        plans = [slot.commits + (filler,) * (steps - len(slot.commits)) for slot in slots]
        self.stop = self._tensor([[commit.stop for commit in plan] for plan in plans])
        self.tokens = self._tensor([[commit.tokens for commit in plan] for plan in plans])
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
        self.guidance = self._tensor([schedule.cfg_scale + 1 for schedule in schedules])
        # Where each guided row's unconditional twin stands in the model's batch.
        twins = [-1] * len(slots)
        for offset, index in enumerate(self.guided):
            twins[index] = len(slots) + offset
        self.twin = self._tensor(twins)

    def _tensor(self, values: Sequence[object]) -> Tensor:
        return torch.tensor(values, device=self.device)

    def _padded(self, rows: Sequence[Tensor], value: float) -> Tensor:
        return torch.stack([F.pad(row, (self.width - row.shape[0], 0), value=value) for row in rows])

    def inputs(self) -> tuple[Tensor, Tensor | None]:
        """Ids and real positions for the model: the rows, then the unconditional twins, prompts masked."""
        ids, real = self.ids, self.real
        if self.guided:
            prompt = self.columns < self.start[self.guided][:, None]
            ids = torch.cat([ids, ids[self.guided].masked_fill(prompt, self.mask_id)])
            real = torch.cat([real, real[self.guided]])
        return ids, real if self.padded else None

    def keep_first(self, features: Tensor) -> None:
        """Remember the first forward's features of the rows that have just come: features [>= B, T, width]."""
        for index, slot in enumerate(self.slots):
            if slot.step == 0:
                start = self.width - slot.row.canvas_length
                canvas = slice(start, start + slot.row.schedule.gen_length)
                sources = [index, int(self.twin[index])][: slot.forwards]
                slot.first = tuple(features[source, canvas].clone() for source in sources)

    def open_positions(self) -> Tensor:
        """bool [B, T]: the positions that may commit now, masked and not behind the current block."""
        stop = self.start + self.stop.gather(1, self.step[:, None]).squeeze(1)
        in_reach = (self.columns >= self.start[:, None]) & (self.columns < stop[:, None])
        return in_reach & (self.ids == self.mask_id)

    def quota(self) -> Tensor:
        """int [B]: tokens each row commits this step."""
        return self.tokens.gather(1, self.step[:, None]).squeeze(1)

    def noise_keys(self, rows: Tensor, columns: Tensor) -> Tensor:
        """The noise stream of each position, named by job, step and canvas position only: [N]."""
        return noise.position_key(self.noise_key[rows], self.step[rows], columns - self.start[rows])

    def commit(self, rows: Tensor, columns: Tensor, tokens: Tensor, confidence: Tensor) -> None:
        """Write tokens into the canvases, and go on to the next step."""
        self.ids[rows, columns] = tokens
        self.commit_step[rows, columns] = self.step[rows]
        self.confidence[rows, columns] = confidence
        self.step += 1
        for slot, ended in zip(self.slots, self._ended(), strict=True):
            slot.step += 1
            slot.ended = ended

    def _ended(self) -> list[bool]:
        """For each row, whether an end token stands before its first masked position."""
        if not len(self.end_ids):
            return [False] * len(self.slots)
        canvas = self.columns >= self.start[:, None]
        ends = torch.isin(self.ids, self.end_ids) & canvas
        masked = (self.ids == self.mask_id) & canvas
        first_end, first_mask = (self.columns.where(found, self.width).amin(1) for found in (ends, masked))
        ended: list[bool] = (first_end < first_mask).tolist()
        return ended
