"""Keys and values kept from one step to the next, so that a step computes only a window of its row.

Source: Fast-dLLM (arXiv 2505.22618, section 3.2; NVlabs/Fast-dLLM llada/generate.py). A whole row fills the cache;
after it only the window is computed, attends to the cached keys and values of the rest, and writes its own over
them. That is an approximation: what is cached was computed when fewer tokens were known.

Windows of any widths, whole rows among them, go through the model packed one behind the other: only attention sees
rows, and pads them.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

# (queries [R, heads, W, head_width], keys and values [R, kv_heads, T, head_width], mask [R, 1, 1 or W, T] or None).
Attend = Callable[[Tensor, Tensor, Tensor, Tensor | None], Tensor]


class CachingDenoiser(Protocol):
    """A denoiser that can compute windows of rows.

    lookback      columns before a window whose features it needs, too
    trained_block see TransformerConfig
    """

    @property
    def lookback(self) -> int: ...

    @property
    def trained_block(self) -> int | None: ...

    def packed_features(self, ids: Tensor, positions: Tensor, exchange: "Exchange") -> Tensor:
        """ids and positions int [N] of tokens of several rows -> [N, width]"""
        ...


class _Group(NamedTuple):
    """Rows that attend together: which they are, which of the packed tokens are theirs, and where those are among the
    padded ones, row after row."""

    rows: Tensor
    tokens: Tensor
    place: Tensor
    mask: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """How N packed tokens of several rows attend: to all that is cached of their rows, once theirs is there, too.

    tensors  where each token is in the cache int [N], row after row, then the fields of every group: all that differs
             between exchanges of one `layout` on one `cache`
    """

    keys: "KeyValueCache"
    shapes: tuple[tuple[int, int], ...]  # of every group: rows, and tokens of the widest
    tensors: tuple[Tensor, ...]

    @property
    def layout(self) -> Hashable:
        """The shapes of all tensors."""
        return self.shapes, tuple(tensor.shape for tensor in self.tensors)

    @property
    def cache(self) -> Hashable:
        """Another value once the cache has moved."""
        return id(self.keys), self.keys.moves

    def over(self, tensors: Sequence[Tensor]) -> "Exchange":
        """The same with other tensors."""
        return Exchange(self.keys, self.shapes, tuple(tensors))

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor, attend: Attend) -> Tensor:
        """A layer's index, its queries, keys and values [1, heads, N, head_width], how it attends -> as queries"""
        place, *parts = (tensor.to(q.device) for tensor in self.tensors)
        keys, values = self.keys.layer(layer, k)
        for kept, new in ((keys, k), (values, v)):
            _tokens(kept)[place] = _tokens(new.transpose(1, 2))
        out = q.new_empty(1, q.shape[2], q.shape[1], q.shape[3])
        fields = len(_Group._fields)
        for number, shape in enumerate(self.shapes):
            group = _Group(*parts[fields * number : fields * (number + 1)])
            _attend(group, shape, q, keys, values, out, attend)
        return out.transpose(1, 2)


class KeyValueCache:
    """The cache of a batch: of each layer, keys and values [rows, T, kv_heads, head_width]."""

    def __init__(self) -> None:
        self.layers: list[tuple[Tensor, Tensor]] = []
        self.shape = (0, 0)
        self.moves = 0

    def rearrange(self, sources: Tensor, width: int) -> None:
        """Row i becomes what row sources[i] was (-1: a new one), right-aligned in `width` columns."""
        for index, layer in enumerate(self.layers):
            self.layers[index] = (_rearranged(layer[0], sources, width), _rearranged(layer[1], sources, width))
        self.moves += 1

    def layer(self, index: int, like: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of a layer, made the first time for keys `like` these [1, kv_heads, N, head_width]."""
        if index == len(self.layers):
            rows, width = self.shape
            shape = (rows, width, like.shape[1], like.shape[3])
            self.layers.append((like.new_zeros(shape), like.new_zeros(shape)))
        return self.layers[index]

    def features(self, denoiser: CachingDenoiser, ids: Tensor, real: Tensor, first: Tensor, stop: Tensor) -> Tensor:
        """Features [B, T, width] of ids [B, T], where real bool [B, T] is False on padding.

        They are computed in the columns from `first` to before `stop` (int [B]); elsewhere they mean nothing.
        """
        self.shape = (ids.shape[0], ids.shape[1])
        counts = stop - first
        widths = counts.tolist()  # the one look at the device before the pass
        every = torch.arange(ids.shape[0], device=ids.device)
        row, offset = _spread(counts, sum(widths))
        column = first[row] + offset
        padding = ids.shape[1] - real.sum(1)
        positions = column - padding[row]
        begins = counts.cumsum(0) - counts
        tensors, shapes = [row * ids.shape[1] + column], []
        for members in _together(widths, ids.shape[1]):
            # To pick rows is to copy what is cached of them: most rows are as cheap with the others, empty, among them.
            most = 2 * len(members) > len(widths)
            picked = torch.tensor(members, device=ids.device)
            rows = every if most else picked
            mine = counts.where(torch.isin(every, picked), 0)[rows]
            own, place = _spread(mine, sum(widths[member] for member in members))
            tokens = begins[rows][own] + place
            shapes.append((len(rows), max(widths[member] for member in members)))
            mask = _mask(denoiser.trained_block, shapes[-1], ids.shape[1], padding[rows], own, place, positions[tokens])
            tensors += _Group(rows, tokens, own * shapes[-1][1] + place, mask)
        exchange = Exchange(self, tuple(shapes), tuple(tensors))
        found = denoiser.packed_features(ids[row, column], positions, exchange)
        out = found.new_zeros(*ids.shape, found.shape[-1])
        out[row, column] = found
        return out


def _spread(counts: Tensor, total: int) -> tuple[Tensor, Tensor]:
    """The row of each of `total` tokens, `counts` int [R] of them a row, and its place in the row."""
    rows = torch.arange(len(counts), device=counts.device)
    row = rows.repeat_interleave(counts, output_size=total)
    return row, torch.arange(total, device=counts.device) - (counts.cumsum(0) - counts)[row]


def _mask(
    trained_block: int | None,
    shape: tuple[int, int],
    total: int,
    padding: Tensor,
    row: Tensor,
    offset: Tensor,
    positions: Tensor,
) -> Tensor:
    """Whom the tokens of a group see, bool [R, 1, 1 or W, total]: no padding, and no trained block behind theirs."""
    seen = torch.arange(total, device=padding.device) - padding[:, None]
    mask = (seen >= 0)[:, None, None]
    if trained_block is None:
        return mask
    mine = torch.zeros(shape, dtype=torch.int64, device=padding.device)
    if trained_block < 0:  # every row ends in the last column
        positions, seen = positions + padding[row] - total, torch.arange(-total, 0, device=padding.device)[None]
    mine[row, offset] = positions // abs(trained_block)
    return mask & (mine[:, None, :, None] >= (seen // abs(trained_block))[:, None, None])


def _together(widths: list[int], total: int) -> list[list[int]]:
    """Rows in two groups, wide and narrow, so that one whole row does not pad all windows to its length."""
    wide = [index for index, width in enumerate(widths) if 2 * width > total]
    narrow = [index for index, width in enumerate(widths) if 2 * width <= total]
    return [members for members in (wide, narrow) if members]


def _tokens(x: Tensor) -> Tensor:
    """[R, W, heads, head_width] -> [R * W, ...], to be copied token by token: eight bytes at a time, where that fits,
    since an index is worked out for every number."""
    flat = x.flatten(2).flatten(0, 1)
    return flat.view(torch.int64) if flat.shape[1] * flat.itemsize % 8 == 0 else flat


def _attend(
    group: _Group, shape: tuple[int, int], q: Tensor, keys: Tensor, values: Tensor, out: Tensor, attend: Attend
) -> None:
    """Attention of a group's tokens to all that is cached of their rows, into `out` [1, N, heads, head_width]."""
    padded = q.new_zeros(*shape, q.shape[1], q.shape[3])
    _tokens(padded)[group.place] = _tokens(q.transpose(1, 2))[group.tokens]
    if shape[0] < keys.shape[0]:
        keys, values = keys[group.rows], values[group.rows]
    found = attend(padded.transpose(1, 2), keys.transpose(1, 2), values.transpose(1, 2), group.mask)
    _tokens(out)[group.tokens] = _tokens(found.transpose(1, 2))[group.place]


def _rearranged(kept: Tensor, sources: Tensor, width: int) -> Tensor:
    sources = sources.to(kept.device)
    out = kept.new_zeros(len(sources), width, *kept.shape[2:])
    common = min(width, kept.shape[1])
    stays = sources >= 0
    out[stays, -common:] = kept[sources[stays], -common:]
    return out
