"""How packed tokens of several rows attend to what is cached of their rows: what a pass hands to every layer."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import torch
from torch import Tensor

from hexcli.sampling.fusing import fused
from hexcli.sampling.kv_cache import KeyValueCache

# (queries [R, heads, W, head_width], keys and values [R, kv_heads, T, head_width], mask [R, 1, 1 or W, T] or None).
Attend = Callable[[Tensor, Tensor, Tensor, Tensor | None], Tensor]


class CachingDenoiser(Protocol):
    """A denoiser that can compute windows of rows.

    lookback      columns before a window whose features it needs, too
    trained_block see TransformerConfig
    ragged        whether its attention takes rows of any lengths without padding (ragged.py)
    """

    @property
    def lookback(self) -> int: ...

    @property
    def trained_block(self) -> int | None: ...

    @property
    def ragged(self) -> bool: ...

    def packed_features(self, ids: Tensor, positions: Tensor, exchange: "Exchange", wanted: Tensor) -> Tensor:
        """ids and positions int [N] of tokens of several rows; features of those `wanted` int [M] -> [M, width]"""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """How N packed tokens of several rows attend: to all that is cached of their rows, once theirs is there, too.

    sizes    numbers that its tensors do not tell
    tensors  where each token is in the cache int [N], row after row, then what else it needs: all that differs between
             exchanges of one `layout` on one `cache`
    """

    keys: KeyValueCache
    sizes: tuple[Hashable, ...]
    tensors: tuple[Tensor, ...]

    @property
    def layout(self) -> Hashable:
        """The shapes of all tensors."""
        return type(self).__name__, self.sizes, tuple(tensor.shape for tensor in self.tensors)

    @property
    def cache(self) -> Hashable:
        """Another value once the cache has moved."""
        return id(self.keys), self.keys.moves

    def over(self, tensors: Sequence[Tensor]) -> Self:
        """The same with other tensors."""
        return type(self)(self.keys, self.sizes, tuple(tensors))

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor, attend: Attend) -> Tensor:
        """A layer's index, its queries, keys and values [1, heads, N, head_width], how it attends -> as queries"""
        place, *parts = (tensor.to(q.device) for tensor in self.tensors)
        keys, values = self.keys.layer(layer, k)
        put(tokens_of(keys), tokens_of(values), place, tokens_of(k.transpose(1, 2)), tokens_of(v.transpose(1, 2)))
        return self.attended(q, keys, values, parts, attend)

    def attended(self, q: Tensor, keys: Tensor, values: Tensor, parts: Sequence[Tensor], attend: Attend) -> Tensor:
        """Queries [1, heads, N, head_width] to a layer's keys and values [rows + 1, width, kv_heads, head_width], all
        `tensors` but the first being on their device -> as queries"""
        raise NotImplementedError


@fused(lambda keys: keys.shape[-1] * keys.itemsize // 2)
def put(keys: Tensor, values: Tensor, place: Tensor, new_keys: Tensor, new_values: Tensor) -> None:
    """Write rows [N, ...] at `place` int [N] of keys and values."""
    keys[place] = new_keys
    values[place] = new_values


def tokens_of(x: Tensor) -> Tensor:
    """[R, W, heads, head_width] -> [R * W, ...], to be copied token by token: eight bytes at a time, where that fits,
    since an index is worked out for every number."""
    flat = x.flatten(2).flatten(0, 1)
    return flat.view(torch.int64) if flat.shape[1] * flat.itemsize % 8 == 0 else flat
