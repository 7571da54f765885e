"""Twins: the rows that guidance adds to a pass of the model, equal to their own but for a prompt that is all masks."""

from collections.abc import Sequence

import torch
from torch import Tensor

from hexcli.sampling.slot import Slot


class Twins:
    """Which of B rows are guided. The model computes the rows and, behind them in their order, the twins of those.

    guided    places of the rows that have a twin; rows: the same as a tensor
    forwards  rows and twins: forward passes of one step
    places    of each row, where its twin is; the row itself, where it has none; place: the same as a tensor, int [B]
    """

    def __init__(self, slots: Sequence[Slot], device: torch.device) -> None:
        self.guided = [place for place, slot in enumerate(slots) if slot.forwards == 2]
        self.forwards = len(slots) + len(self.guided)
        self.places = list(range(len(slots)))
        for twin, place in enumerate(self.guided, start=len(slots)):
            self.places[place] = twin
        self.rows = torch.tensor(self.guided, dtype=torch.long, device=device)
        self.place = torch.tensor(self.places, device=device)
        self._all = torch.tensor([*range(len(slots)), *self.guided], device=device)

    def behind(self, x: Tensor) -> Tensor:
        """[B, ...] of the rows -> [forwards, ...]: so, and behind it again of those that have twins."""
        return x[self._all] if self.guided else x
