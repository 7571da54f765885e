"""Attention of rows of several widths, each padded to the widest of its group: where masks are needed, and on a CPU."""

from collections.abc import Sequence
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli.sampling.exchange import Attend, Exchange, tokens_of
from hexcli.sampling.kv_cache import KeyValueCache
from hexcli.sampling.rounding import rounded
from hexcli.sampling.window import Window, filled


class _Group(NamedTuple):
    """Rows that attend together: which they are, which of the packed tokens are theirs, and where those are among the
    padded ones, row after row."""

    rows: Tensor
    tokens: Tensor
    place: Tensor
    mask: Tensor


class Padded(Exchange):
    """`sizes`: of every group its rows, and tokens of the widest; `tensors`: the place, then every group's fields."""

    @classmethod
    def of(cls, cache: KeyValueCache, window: Window, widths: Sequence[int], trained_block: int | None) -> "Padded":
        """How the tokens of a window attend, so many of each row as `widths` says."""
        counts, lengths, held = window.counts, window.lengths, window.held
        begins = counts.cumsum(0) - counts
        few = _recurring if window.row.is_cuda else _as_it_is
        place = filled(window.place(cache), few(sum(widths)), cache.rows * cache.width)
        tensors, shapes = [place], []
        for members in _together(widths, cache.width):
            picked = torch.tensor(members, device=place.device)
            count = sum(widths[member] for member in members)
            widest = max(widths[member] for member in members)
            own, offset = _spread(counts[picked], count)
            tokens = begins[picked][own] + offset
            # To pick rows is to copy what is cached of them: most rows are as cheap with the others, empty, among them.
            some = few(len(members))
            if 2 * some > cache.rows:
                rows = torch.arange(cache.rows + 1, device=place.device)
                own, size = held[picked][own], torch.ones_like(rows).index_copy(0, held[picked], lengths[picked])
            else:
                more = (0, some - len(members))
                rows, size = F.pad(held[picked], more, value=cache.rows), F.pad(lengths[picked], more, value=1)
            shape = (len(rows), few(widest - 1, coarse=True))
            # What is too much are tokens of nobody, in the last row, which is then nobody's, too.
            more = (0, few(count) - count)
            padded = F.pad(own * shape[1] + offset, more, value=(len(rows) - 1) * shape[1])
            mask = _mask(trained_block, shape, cache.width, size, padded, F.pad(window.positions[tokens], more))
            tensors += _Group(rows, F.pad(tokens, more, value=len(place) - 1), padded, mask)
            shapes.append(shape)
        return cls(cache, tuple(shapes), tuple(tensors))

    def attended(self, q: Tensor, keys: Tensor, values: Tensor, parts: Sequence[Tensor], attend: Attend) -> Tensor:
        """See Exchange."""
        out = q.new_zeros(1, q.shape[2], q.shape[1], q.shape[3])
        fields = len(_Group._fields)
        for number, shape in enumerate(cast(tuple[tuple[int, int], ...], self.sizes)):
            group = _Group(*parts[fields * number : fields * (number + 1)])
            _attend(group, shape, q, keys, values, out, attend)
        return out.transpose(1, 2)


def _as_it_is(number: int, *, coarse: bool = False) -> int:
    return number + coarse


def _recurring(number: int, *, coarse: bool = False) -> int:
    """More than `number`, for the tokens of nobody; and one of a few, so that shapes recur (see recording.py)."""
    return rounded(number + 1, bits=1 if coarse else 3)


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


def _attend(
    group: _Group, shape: tuple[int, int], q: Tensor, keys: Tensor, values: Tensor, out: Tensor, attend: Attend
) -> None:
    """Attention of a group's tokens to all that is cached of their rows, into `out` [1, N, heads, head_width]."""
    padded = q.new_zeros(*shape, q.shape[1], q.shape[3])
    tokens_of(padded)[group.place] = tokens_of(q.transpose(1, 2))[group.tokens]
    if shape[0] < keys.shape[0]:
        keys, values = keys[group.rows], values[group.rows]
    found = attend(padded.transpose(1, 2), keys.transpose(1, 2), values.transpose(1, 2), group.mask)
    tokens_of(out)[group.tokens] = tokens_of(found.transpose(1, 2))[group.place]
