"""Keys and values kept from one step to the next, so that a step computes only a window of its row.

Source: Fast-dLLM (arXiv 2505.22618, section 3.2; NVlabs/Fast-dLLM llada/generate.py). A whole row fills the cache;
after it only the window is computed, attends to the cached keys and values of the rest, and writes its own over
them. That is an approximation: what is cached was computed when fewer tokens were known.

Windows of any widths, whole rows among them, go through the model packed one behind the other: only attention sees
rows, and pads them.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import torch
import torch.nn.functional as F
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
        out = q.new_zeros(1, q.shape[2], q.shape[1], q.shape[3])
        fields = len(_Group._fields)
        for number, shape in enumerate(self.shapes):
            group = _Group(*parts[fields * number : fields * (number + 1)])
            _attend(group, shape, q, keys, values, out, attend)
        return out.transpose(1, 2)


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

    def features(
        self, denoiser: CachingDenoiser, ids: Tensor, real: Tensor, wanted: Tensor, places: Sequence[int]
    ) -> Tensor:
        """Features [B, T, width] of ids [B, T], where real bool [B, T] is False on padding.

        They are computed where `wanted` bool [B, T]; elsewhere they mean nothing. `places`: the rows' own.
        """
        counts = wanted.sum(1)
        widths = counts.tolist()  # a look at the device before the pass, as the next one
        row, column = wanted.nonzero(as_tuple=True)
        lengths, held = real.sum(1), torch.tensor(places, device=ids.device)
        positions = column - (ids.shape[1] - lengths)[row]
        exchange = self._exchange(denoiser.trained_block, counts, widths, lengths, held, row, positions)
        extra = len(exchange.tensors[0]) - len(row)
        found = denoiser.packed_features(F.pad(ids[row, column], (0, extra)), F.pad(positions, (0, extra)), exchange)
        out = found.new_zeros(*ids.shape, found.shape[-1])
        out[row, column] = found[: len(row)]
        return out

    def _exchange(
        self,
        trained_block: int | None,
        counts: Tensor,
        widths: Sequence[int],
        lengths: Tensor,
        held: Tensor,
        row: Tensor,
        positions: Tensor,
    ) -> Exchange:
        """How tokens attend: counts of them in each row and its length int [B], their row and position int [N]."""
        total, begins = len(row), counts.cumsum(0) - counts
        rounded = _steps if row.is_cuda else _as_it_is
        place = F.pad(held[row] * self.width + positions, (0, rounded(total) - total), value=self.rows * self.width)
        tensors, shapes = [place], []
        for members in _together(widths, self.width):
            picked = torch.tensor(members, device=row.device)
            count, widest = sum(widths[member] for member in members), max(widths[member] for member in members)
            own, offset = _spread(counts[picked], count)
            tokens = begins[picked][own] + offset
            # To pick rows is to copy what is cached of them: most rows are as cheap with the others, empty, among them.
            few = rounded(len(members))
            if 2 * few > self.rows:
                rows = torch.arange(self.rows + 1, device=row.device)
                own, size = held[picked][own], torch.ones_like(rows).index_copy(0, held[picked], lengths[picked])
            else:
                more = (0, few - len(members))
                rows, size = F.pad(held[picked], more, value=self.rows), F.pad(lengths[picked], more, value=1)
            shape = (len(rows), rounded(widest - 1, coarse=True))
            # What is too much are tokens of nobody, in the last row, which is then nobody's, too.
            more = (0, rounded(count) - count)
            padded = F.pad(own * shape[1] + offset, more, value=(len(rows) - 1) * shape[1])
            mask = _mask(trained_block, shape, self.width, size, padded, F.pad(positions[tokens], more))
            tensors += _Group(rows, F.pad(tokens, more, value=len(place) - 1), padded, mask)
            shapes.append(shape)
        return Exchange(self, tuple(shapes), tuple(tensors))


def _as_it_is(number: int, *, coarse: bool = False) -> int:
    return number + coarse


def _steps(number: int, *, coarse: bool = False) -> int:
    """More than `number`, and one of a few: so that shapes recur (see recording.py)."""
    step = 1 << max(number.bit_length() - (2 if coarse else 4), 3)
    return (number // step + 1) * step


def _spread(counts: Tensor, total: int) -> tuple[Tensor, Tensor]:
    """The row of each of `total` tokens, `counts` int [R] of them a row, and its place in the row."""
    rows = torch.arange(len(counts), device=counts.device)
    row = rows.repeat_interleave(counts, output_size=total)
    return row, torch.arange(total, device=counts.device) - (counts.cumsum(0) - counts)[row]


def _mask(
    trained_block: int | None, shape: tuple[int, int], width: int, size: Tensor, place: Tensor, positions: Tensor
) -> Tensor:
    """Whom the tokens of a group see, bool [R, 1, 1 or W, width]: their row, of `size`, and no trained block behind
    their own."""
    seen = torch.arange(width, device=size.device)
    mask = (seen < size[:, None])[:, None, None]
    if trained_block is None:
        return mask
    trained, mine = abs(trained_block), torch.zeros(shape[0] * shape[1], dtype=torch.int64, device=size.device)
    if trained_block < 0:  # counted from where each row ends
        positions, seen = positions - size[place // shape[1]], seen - size[:, None]
    mine[place] = positions // trained
    return mask & (mine.view(shape[0], 1, -1, 1) >= (seen // trained).view(-1, 1, 1, width))


def _together(widths: Sequence[int], total: int) -> list[list[int]]:
    """Rows in two groups, wide and narrow, so that one whole row does not pad all windows to its length."""
    wide = [index for index, width in enumerate(widths) if 2 * width > total]
    narrow = [index for index, width in enumerate(widths) if 0 < 2 * width <= total]
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
