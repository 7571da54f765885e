"""What a step computes of each row: the tokens of all rows, packed one behind the other, and where they stand."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli.sampling.kv_cache import KeyValueCache
from hexcli.sampling.places import where
from hexcli.sampling.rounding import tiled


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """N tokens of B rows. On a GPU, which nobody asks how many there are, others stand behind those, of nobody.

    row, column  of each in the batch, rising; positions: in its row; mine: whether it is one of them; int or bool [N]
    counts       tokens of each row; int [B]
    lengths      tokens that the rows have; held: their places in the cache; int [B] each
    """

    row: Tensor
    column: Tensor
    positions: Tensor
    mine: Tensor
    counts: Tensor
    lengths: Tensor
    held: Tensor

    @classmethod
    def of(cls, wanted: Tensor, real: Tensor, held: Tensor) -> "Window":
        """The tokens that are `wanted`, bool [B, T]; real bool [B, T] is False on padding; the rows' places [B]."""
        counts, lengths = wanted.sum(1), real.sum(1)
        row, column = where(wanted, tiled(wanted.numel()))
        mine = torch.arange(len(row), device=row.device) < counts.sum()
        return cls(row, column, column - (wanted.shape[1] - lengths)[row], mine, counts, lengths, held)

    def place(self, cache: KeyValueCache) -> Tensor:
        """Where in the cache, token after token, each is, nobody's in nobody's: int [N]"""
        place = self.held[self.row] * cache.width + self.positions
        return place.where(self.mine, cache.rows * cache.width)


def filled(x: Tensor, size: int, value: int = 0) -> Tensor:
    """The first `size` of x, where there are as many; else filled up."""
    return x[:size] if len(x) >= size else F.pad(x, (0, size - len(x)), value=value)
