"""Rows of several lengths through the model without padding, and its last layer only where somebody looks.

For a CPU, where padding costs what it weighs, and attention under a mask a fifth more. A GPU would have to wait for
the lengths, and has the cores to waste. Where torch has several threads, each takes rows of its own: a small model's
matrices are too small to share.
"""

import contextlib
import functools
import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol, cast

import torch
from torch import Tensor

from hexcli.sampling.exchange import Attend


class PackedDenoiser(Protocol):
    """A denoiser that takes the tokens of several rows one behind the other; `trained_block`: see architecture.py."""

    @property
    def trained_block(self) -> int | None: ...

    def packed_features(self, ids: Tensor, positions: Tensor, exchange: "Packing", wanted: Tensor) -> Tensor:
        """ids and positions int [N]; features of the tokens `wanted` int [M] -> [M, width]"""
        ...


class _Group(NamedTuple):
    """Rows of one length, one behind the other: from which token on, how many, and how long."""

    first: int
    rows: int
    length: int


class Packing:
    """Where the tokens of rows lie, one row behind the other, those of a length together.

    place      of each token in the flattened batch [B, T], int [N]; positions: in its row, int [N]
    """

    def __init__(self, rows: Sequence[tuple[int, int]], width: int, trained_block: int | None) -> None:
        """`rows`: where each is in the batch and its tokens, rising; it ends in the last of `width` columns."""
        lengths = [length for _, length in rows]
        self.place = torch.cat([torch.arange((row + 1) * width - length, (row + 1) * width) for row, length in rows])
        self.positions = torch.cat([torch.arange(length) for length in lengths])
        self.groups: list[_Group] = []
        first = 0
        for length in sorted(set(lengths)):
            self.groups.append(_Group(first, lengths.count(length), length))
            first += self.groups[-1].rows * length
        self.seen = None if trained_block is None else _seen(max(lengths), trained_block)
        self.from_end = trained_block is not None and trained_block < 0

    def features(self, denoiser: PackedDenoiser, ids: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
        """Where in the flattened batch something is `wanted` (bool [B, T]), int [M], and its features [M, width]"""
        where = wanted.flatten()[self.place].nonzero().squeeze(1)
        found = denoiser.packed_features(ids.flatten()[self.place], self.positions, self, where)
        return self.place[where], found

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor, attend: Attend) -> Tensor:
        """Attention within each row: queries, keys and values [1, heads, N, head_width] -> as queries"""
        out = torch.empty_like(q)
        for group in self.groups:
            part = slice(-group.length, None) if self.from_end else slice(group.length)
            mask = None if self.seen is None else self.seen[None, None, part, part]
            _rows(out, group).copy_(attend(_rows(q, group), _rows(k, group), _rows(v, group), mask))
        return out


def _seen(length: int, trained_block: int) -> Tensor:
    """Whom a row's tokens see, bool [length, length]; a row that is shorter has its first or, where the blocks are
    counted from the end (a negative length), its last part of it."""
    first = 0 if trained_block > 0 else -length
    blocks = torch.arange(first, first + length) // abs(trained_block)
    return blocks[:, None] >= blocks[None]


class Packings:
    """The rows of a batch in as many packings as torch has threads."""

    def __init__(self, lengths: Sequence[int], width: int, trained_block: int | None) -> None:
        """`lengths`: tokens of each row, which ends in the last of `width` columns."""
        rows = sorted(enumerate(lengths), key=lambda row: row[1])
        parts = min(torch.get_num_threads(), len(rows))
        ends = list(itertools.accumulate(length for _, length in rows))
        part = [parts * (end - 1) // ends[-1] for end in ends]
        self.parts = [
            Packing([row for row, mine in zip(rows, part, strict=True) if mine == number], width, trained_block)
            for number in sorted(set(part))
        ]

    def features(self, denoiser: PackedDenoiser, ids: Tensor, wanted: Tensor) -> Tensor:
        """Features [B, T, width] of ids [B, T] where `wanted` bool [B, T] says so; elsewhere they mean nothing."""

        inference = torch.is_inference_mode_enabled()  # of this thread

        def work(part: Packing) -> tuple[Tensor, Tensor]:
            with cast(Any, torch.inference_mode)(inference):
                return part.features(denoiser, ids, wanted)

        if len(self.parts) == 1:
            found = [work(self.parts[0])]
        else:
            with _one_thread_each():
                found = list(_workers().map(work, self.parts))
        out = found[0][1].new_zeros(ids.numel(), found[0][1].shape[1])
        for place, features in found:
            out[place] = features
        return out.view(*ids.shape, -1)


@functools.cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="packing")


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Torch's threads are of the process where MKL computes, and of the calling thread where OpenMP does."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _rows(packed: Tensor, group: _Group) -> Tensor:
    """The part of a group: [1, heads, N, head_width] -> [rows, heads, length, head_width], the same memory."""
    part = packed[0, :, group.first : group.first + group.rows * group.length]
    return part.view(part.shape[0], group.rows, group.length, part.shape[2]).transpose(0, 1)
