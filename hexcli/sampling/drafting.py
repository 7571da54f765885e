"""What every canvas would be after a step, had each masked token been the likeliest: recorded where somebody asks."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from hexcli.sampling.batch import Batch
from hexcli.sampling.slot import Slot

# A canvas as it was drafted from a step on.
Drafted = tuple[int, tuple[int, ...]]


@dataclass(slots=True)
class Drafts:
    """The drafts of the rows in a batch, by their slots; only those that differ from the one before."""

    _steps: dict[Slot, int] = field(default_factory=dict)
    _found: dict[Slot, list[Drafted]] = field(default_factory=dict)

    def predicted(self, batch: Batch, logits: Callable[[Tensor, Tensor], Tensor], size: int) -> Tensor:
        """The ids of the batch with the likeliest token where a canvas is masked: before the step commits any.

        `logits` of N positions, rows [N] and columns [N] -> [N, V], asked for `size` at a time.
        """
        ids = batch.ids.clone()
        masked = (ids == batch.mask_id) & (batch.columns >= batch.start[:, None])
        rows, columns = masked.nonzero(as_tuple=True)
        for some_rows, some_columns in zip(torch.split(rows, size), torch.split(columns, size), strict=True):
            if len(some_rows):
                scores = logits(some_rows, some_columns)
                scores[:, batch.mask_id] = -torch.inf  # no model means it
                ids[some_rows, some_columns] = scores.argmax(1)
        return ids

    def keep(self, batch: Batch, predicted: Tensor) -> None:
        """The step is done: what it committed stands, the rest is as predicted."""
        for gone in set(self._found) - set(batch.slots):  # withdrawn
            self.take(gone)
        ids = torch.where(batch.ids == batch.mask_id, predicted, batch.ids).cpu()
        for slot, row in zip(batch.slots, ids, strict=True):
            canvas = row[-slot.length :][slot.prompt_length :][: slot.row.schedule.gen_length]
            step, known = self._steps.get(slot, 0), self._found.setdefault(slot, [])
            tokens = tuple(canvas.tolist())
            if not known or known[-1][1] != tokens:
                known.append((step, tokens))
            self._steps[slot] = step + 1

    def take(self, slot: Slot) -> tuple[Drafted, ...]:
        """The drafts of a row that leaves the batch."""
        self._steps.pop(slot, None)
        return tuple(self._found.pop(slot, ()))
