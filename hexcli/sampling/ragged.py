"""Attention of rows of any lengths without padding, to what is cached of them where it lies: for a GPU."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli.sampling.exchange import Attend, Exchange
from hexcli.sampling.kv_cache import KeyValueCache
from hexcli.sampling.rounding import tiled
from hexcli.sampling.window import Window, filled

QUERIES = 128  # of a row, that a multiprocessor takes at once


class Ragged(Exchange):
    """`sizes`: at least the most tokens of a row; `tensors`: the place, where the queries of each row begin [R + 1] and
    where in the cache its keys do [R + 1], and how many these are [R], int32 each."""

    @classmethod
    def of(cls, cache: KeyValueCache, window: Window) -> "Ragged":
        """How the tokens of a window attend, before anybody knows how many they are (`cut`)."""
        more = cache.rows - len(window.counts)
        queries = F.pad(window.counts, (1, more)).cumsum(0).int()
        keys = F.pad(window.held * cache.width, (0, more + 1)).int()
        return cls(cache, (), (window.place(cache), queries, keys, F.pad(window.lengths, (0, more)).int()))

    def cut(self, widths: Sequence[int]) -> "Ragged":
        """The same, so many tokens a row. Those that fill it up are in nobody's place, and attend to nothing."""
        place, *others = self.tensors
        place = filled(place, tiled(sum(widths)), self.keys.rows * self.keys.width)
        widest = -(-max(widths) // QUERIES) * QUERIES
        return Ragged(self.keys, (widest,), (place, *others))

    def attended(self, q: Tensor, keys: Tensor, values: Tensor, parts: Sequence[Tensor], attend: Attend) -> Tensor:
        """See Exchange."""
        (widest,) = self.sizes
        assert isinstance(widest, int)
        packed, keys, values, width = q.transpose(1, 2)[0], keys.flatten(0, 1), values.flatten(0, 1), keys.shape[1]
        if not q.is_cuda:
            return _one_by_one(packed, keys, values, parts, attend)
        starts, begins, lengths = parts
        # Torch's flash attention; its public `varlen_attn` has no lengths of keys before torch 2.13.
        out: Tensor = torch.ops.aten._flash_attention_forward(
            packed, keys, values, starts, begins, widest, width, 0.0, False, False, seqused_k=lengths
        )[0]
        return out[None].transpose(1, 2)


def _one_by_one(q: Tensor, keys: Tensor, values: Tensor, parts: Sequence[Tensor], attend: Attend) -> Tensor:
    """The same, row after row: queries [N, heads, head_width] -> [1, heads, N, head_width]"""
    starts, begins, lengths = (part.tolist() for part in parts)
    out = torch.zeros_like(q)
    for row, length in enumerate(lengths):
        own, kept = slice(starts[row], starts[row + 1]), slice(begins[row], begins[row] + length)
        if own.stop > own.start:
            mine, known, said = (part.transpose(0, 1)[None] for part in (q[own], keys[kept], values[kept]))
            out[own] = attend(mine, known, said, None)[0].transpose(0, 1)
    return out[None].transpose(1, 2)


def can_flash(device: torch.device, dtype: torch.dtype, head_width: int) -> bool:
    """Whether torch has flash attention for such heads there."""
    if device.type != "cuda" or dtype not in (torch.bfloat16, torch.float16) or torch.version.hip is not None:
        return False
    return head_width % 8 == 0 and head_width <= 256 and torch.cuda.get_device_capability(device) >= (8, 0)
