"""Tokens that are replaced after they were committed: LLaDA2.1's editing, the exception to what else never changes.

Source: `generate` of LLaDA2.1's modeling_llada2_moe.py (arXiv 2602.08676). While a block is being filled, and for a few
steps after it is full, a committed token of it gives way to another that is likelier than a threshold.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from hexcli.schedule import Schedule


class Edits:
    """What the schedules of B rows say of it, and of when a text that has ended is decoded further.

    rows  bool [B]: whether a row edits; any: whether one does
    """

    def __init__(self, schedules: Sequence[Schedule], device: torch.device) -> None:
        thresholds = [schedule.editing_threshold for schedule in schedules]
        self.any = any(threshold is not None for threshold in thresholds)
        self.rows = torch.tensor([threshold is not None for threshold in thresholds], device=device)
        off = [torch.inf if threshold is None else threshold for threshold in thresholds]
        self.threshold = torch.tensor(off, dtype=torch.float64, device=device)
        self._to_end = torch.tensor([schedule.full_canvas for schedule in schedules], device=device)

    def replaced(self, rows: Tensor, tokens: Tensor, confidence: Tensor, before: Tensor) -> Tensor:
        """Which of N committed tokens give way, bool: `tokens` are to replace those `before`."""
        return (tokens != before) & (confidence > self.threshold[rows])

    def settled(self, end: Tensor, block: Tensor) -> Tensor:
        """bool [B]: whether a text that ends at canvas position `end` can change no more, `block` beginning there."""
        return ~self._to_end & (~self.rows | (end < block))
