"""What a step computes of each row: the tokens of all rows, packed one behind the other, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli.sampling.kv_cache import KeyValueCache
from hexcli.sampling.places import where


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """N tokens of B rows.

    row, column  of each in the batch, rising; positions: in its row; int [N] each
    widths       tokens of each row, known here; counts: the same, known to the device; int [B]
    lengths      tokens that the rows have; held: their places in the cache; int [B] each
    """

    row: Tensor
    column: Tensor
    positions: Tensor
    widths: list[int]
    counts: Tensor
    lengths: Tensor
    held: Tensor

    @classmethod
    def of(cls, wanted: Tensor, widths: list[int], real: Tensor, places: Sequence[int]) -> "Window":
        """The tokens that are `wanted`, bool [B, T], so many of each row; real bool [B, T] is False on padding; the
        rows' places."""
        counts = wanted.sum(1)
        row, column = where(wanted, sum(widths))
        lengths, held = real.sum(1), torch.tensor(places, device=wanted.device)
        return cls(row, column, column - (wanted.shape[1] - lengths)[row], widths, counts, lengths, held)

    def place(self, cache: KeyValueCache) -> Tensor:
        """Where in the cache, token after token, each is: int [N]"""
        return self.held[self.row] * cache.width + self.positions

    def packed(self, ids: Tensor, size: int) -> tuple[Tensor, Tensor]:
        """Of ids [B, T] those of the tokens, and their positions, filled up to `size`."""
        extra = (0, size - len(self.row))
        return F.pad(ids[self.row, self.column], extra), F.pad(self.positions, extra)
