"""Keys and values kept from one step to the next, so that a step computes only a window of its row.

Source: Fast-dLLM (arXiv 2505.22618, section 3.2; NVlabs/Fast-dLLM llada/generate.py). A whole row fills the cache;
after it only the window is computed, attends to the cached keys and values of the rest, and writes its own over
them. That is an approximation: what is cached was computed when fewer tokens were known.
"""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor


class KeyValueCache:
    """Of each layer, keys and values [rows + 1, width, kv_heads, head_width] of rows that come and go.

    A row keeps its place while it is here, and a token stands at its position in the row: so nothing moves, and passes
    that are recorded on this memory stay valid until it has to grow. The last place belongs to nobody.
    """

    def __init__(self) -> None:
        self.layers: list[tuple[Tensor, Tensor]] = []
        self.rows = self.width = self.moves = 0
        self._free: list[int] = []

    def take(self, count: int, width: int) -> list[int]:
        """Places for `count` rows of at most `width` tokens."""
        rows = max(self.rows, self.rows - len(self._free) + count)
        if rows > self.rows or width > self.width:
            self._grow(rows, -(-max(width, self.width) // 8) * 8)
        self._free.sort()
        taken, self._free = self._free[:count], self._free[count:]
        return taken

    def clear(self) -> None:
        """All places are free: nobody is here."""
        self._free = list(range(self.rows))

    def give(self, places: Iterable[int]) -> None:
        """These places are free again."""
        self._free += places

    def copy(self, places: Sequence[int], to: Sequence[int]) -> None:
        """What is kept of the rows at `places`, also to those at `to`, one for one."""
        for keys, values in self.layers:
            for kept in (keys, values):
                source, target = (torch.tensor(rows, device=kept.device) for rows in (places, to))
                kept[target] = kept[source]

    def _grow(self, rows: int, width: int) -> None:
        def larger(kept: Tensor) -> Tensor:
            out = kept.new_zeros(rows + 1, width, *kept.shape[2:])
            out[: self.rows, : self.width] = kept[:-1]
            return out

        for index, (keys, values) in enumerate(self.layers):
            self.layers[index] = larger(keys), larger(values)
        self._free += range(self.rows, rows)
        self.rows, self.width, self.moves = rows, width, self.moves + 1

    def layer(self, index: int, like: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of a layer, made the first time for keys `like` these [1, kv_heads, N, head_width]."""
        if index == len(self.layers):
            shape = (self.rows + 1, self.width, like.shape[1], like.shape[3])
            self.layers.append((like.new_zeros(shape), like.new_zeros(shape)))
        return self.layers[index]
