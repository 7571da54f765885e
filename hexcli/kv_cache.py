"""Keys and values kept from one step to the next, so that a step computes only a window of its row.

Source: Fast-dLLM (arXiv 2505.22618, section 3.2; NVlabs/Fast-dLLM llada/generate.py). A whole row fills the cache;
after it only the window is computed, attends to the cached keys and values of the rest, and writes its own over
them. That is an approximation: what is cached was computed when fewer tokens were known.

Windows of any widths, whole rows among them, go through the model packed one behind the other: only attention sees
rows, and pads them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

# (queries [R, heads, W, head_width], keys and values [R, kv_heads, T, head_width], mask [R, 1, 1 or W, T] or None).
Attend = Callable[[Tensor, Tensor, Tensor, Tensor | None], Tensor]
# A layer's index, its queries, keys and values [1, heads, N, head_width] of N packed tokens, how it attends -> [1,
# heads, N, head_width].
Exchange = Callable[[int, Tensor, Tensor, Tensor, Attend], Tensor]


class CachingDenoiser(Protocol):
    """A denoiser that can compute windows of rows.

    lookback      columns before a window whose features it needs, too
    trained_block see TransformerConfig.block_length
    """

    @property
    def lookback(self) -> int: ...

    @property
    def trained_block(self) -> int | None: ...

    def packed_features(self, ids: Tensor, positions: Tensor, exchange: Exchange) -> Tensor:
        """ids and positions int [N] of tokens of several rows -> [N, width]"""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Group:
    """Rows that attend together. `tokens`: which of the packed ones are theirs, `row` and `offset`: where, padded."""

    rows: Tensor | None
    tokens: Tensor
    row: Tensor
    offset: Tensor
    shape: tuple[int, int]
    mask: Tensor


class KeyValueCache:
    """The cache of a batch: of each layer, keys and values [rows, kv_heads, T, head_width]."""

    def __init__(self) -> None:
        self.layers: list[tuple[Tensor, Tensor]] = []

    def rearrange(self, sources: Tensor, width: int) -> None:
        """Row i becomes what row sources[i] was (-1: a new one), right-aligned in `width` columns."""
        for index, layer in enumerate(self.layers):
            self.layers[index] = (_rearranged(layer[0], sources, width), _rearranged(layer[1], sources, width))

    def features(self, denoiser: CachingDenoiser, ids: Tensor, real: Tensor, first: Tensor, stop: Tensor) -> Tensor:
        """Features [B, T, width] of ids [B, T], where real bool [B, T] is False on padding.

        They are computed in the columns from `first` to before `stop` (int [B]); elsewhere they mean nothing.
        """
        columns = torch.arange(ids.shape[1], device=ids.device)
        inside = (columns >= first[:, None]) & (columns < stop[:, None])
        row, column = inside.nonzero(as_tuple=True)
        padding = ids.shape[1] - real.sum(1)
        positions = column - padding[row]
        widths = (stop - first).tolist()
        groups = [
            self._group(denoiser, members, widths, row, column - first[row], positions, padding, ids.shape)
            for members in _together(widths, ids.shape[1])
        ]

        def exchange(layer: int, q: Tensor, k: Tensor, v: Tensor, attend: Attend) -> Tensor:
            if layer == len(self.layers):
                shape = (ids.shape[0], k.shape[1], ids.shape[1], k.shape[3])
                self.layers.append((k.new_zeros(shape), v.new_zeros(shape)))
            keys, values = self.layers[layer]
            keys[row.to(k.device), :, column.to(k.device)] = k[0].transpose(0, 1)
            values[row.to(k.device), :, column.to(k.device)] = v[0].transpose(0, 1)
            out = torch.empty_like(q)
            for group in groups:
                _attend(group, q, keys, values, out, attend)
            return out

        found = denoiser.packed_features(ids[row, column], positions, exchange)
        out = found.new_zeros(*ids.shape, found.shape[-1])
        out[row, column] = found
        return out

    def _group(
        self,
        denoiser: CachingDenoiser,
        members: list[int],
        widths: list[int],
        row: Tensor,
        offset: Tensor,
        positions: Tensor,
        padding: Tensor,
        shape: torch.Size,
    ) -> _Group:
        rows = torch.tensor(members, device=row.device)
        place = torch.full((shape[0],), -1, device=row.device)
        place[rows] = torch.arange(len(members), device=row.device)
        tokens = (place[row] >= 0).nonzero().squeeze(1)
        row, offset = place[row[tokens]], offset[tokens]
        wide = max(widths[member] for member in members)
        seen = torch.arange(shape[1], device=row.device) - padding[rows, None]
        mask = (seen >= 0)[:, None, None]
        if denoiser.trained_block is not None:
            mine = torch.zeros(len(members), wide, dtype=torch.int64, device=row.device)
            mine[row, offset] = positions[tokens] // denoiser.trained_block
            mask = mask & (mine[:, None, :, None] >= (seen // denoiser.trained_block)[:, None, None])
        return _Group(
            rows=None if len(members) == shape[0] else rows,
            tokens=tokens,
            row=row,
            offset=offset,
            shape=(len(members), wide),
            mask=mask,
        )


def _together(widths: list[int], total: int) -> list[list[int]]:
    """Rows in two groups, wide and narrow, so that one whole row does not pad all windows to its length."""
    wide = [index for index, width in enumerate(widths) if 2 * width > total]
    narrow = [index for index, width in enumerate(widths) if 2 * width <= total]
    return [members for members in (wide, narrow) if members]


def _attend(group: _Group, q: Tensor, keys: Tensor, values: Tensor, out: Tensor, attend: Attend) -> None:
    """Attention of a group's tokens to all that is cached of their rows, into `out`."""
    tokens, row, offset = (part.to(q.device) for part in (group.tokens, group.row, group.offset))
    padded = q.new_zeros(group.shape[0], q.shape[1], group.shape[1], q.shape[3])
    padded[row, :, offset] = q[0].transpose(0, 1)[tokens]
    if group.rows is not None:
        rows = group.rows.to(q.device)
        keys, values = keys[rows], values[rows]
    out[0].transpose(0, 1)[tokens] = attend(padded, keys, values, group.mask.to(q.device))[row, :, offset]


def _rearranged(kept: Tensor, sources: Tensor, width: int) -> Tensor:
    sources = sources.to(kept.device)
    out = kept.new_zeros(len(sources), kept.shape[1], width, kept.shape[3])
    common = min(width, kept.shape[2])
    stays = sources >= 0
    out[stays, :, -common:] = kept[sources[stays], :, -common:]
    return out
