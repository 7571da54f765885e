"""Products of all experts at once as Triton kernels: rows are gathered and gated inside of them.

Only where a GPU runs them may this be imported.
"""

import functools
from typing import NamedTuple

import torch
import triton
import triton.language as tl
from torch import Tensor
from triton.tools.tensor_descriptor import TensorDescriptor

from hexcli.models.network.dealing import Deal


class Tile(NamedTuple):
    """Rows, columns and depth of what one program multiplies at once, its warps and stages."""

    rows: int
    columns: int
    depth: int
    warps: int
    stages: int


# The fastest of 8 and 12 on an H100 at 10,150 tokens of LLaDA-MoE, and no slower than others at 758 and 1,176.
GATED = Tile(128, 128, 64, 8, 4)
PRODUCT = Tile(128, 256, 64, 8, 4)


def gated(x: Tensor, gate: Tensor, up: Tensor, dealt: Deal, tile: Tile = GATED) -> Tensor:
    """silu(x gate) * (x up) of each token dealt out, by its expert: x [N, in], weights [count, out, in] -> [n, out]"""
    _, out, width = gate.shape
    found = x.new_empty(len(dealt.token), out)
    weights = [_described(weight.flatten(0, 1), tile.columns, tile.depth) for weight in (gate, up)]
    most = dealt.tiles.shape[1]
    _gated[(most * (out // tile.columns),)](
        x, *weights, found, dealt.token, dealt.tiles, most, **_sizes(tile, out, width)
    )
    return found


def product(x: Tensor, weight: Tensor, dealt: Deal, tile: Tile = PRODUCT) -> Tensor:
    """Each of the tokens dealt out by its expert: x [n, in], weight [count, out, in] -> [n, out]"""
    _, out, width = weight.shape
    found = x.new_empty(len(x), out)
    weights = _described(weight.flatten(0, 1), tile.columns, tile.depth)
    most = dealt.tiles.shape[1]
    programs = _multiprocessors(x.device)
    _product[(programs,)](
        _described(x, tile.rows, tile.depth),
        weights,
        found,
        dealt.tiles,
        dealt.many,
        most,
        PROGRAMS=programs,
        **_sizes(tile, out, width),
    )
    return found


def summed(found: Tensor, dealt: Deal, more: Tensor | None) -> Tensor:
    """Each token's experts added up in float32, of `found` [n, width], and then `more` [N, width] -> [N, width]"""
    tokens, chosen = dealt.place.shape
    width = found.shape[1]
    out = found.new_empty(tokens, width)
    block = min(triton.next_power_of_2(width), 2048)
    _summed[(tokens, triton.cdiv(width, block))](
        found,
        dealt.place,
        dealt.weights,
        out if more is None else more,
        out,
        WIDTH=width,
        CHOSEN=chosen,
        BLOCK=block,
        MORE=more is not None,
        num_warps=8,
    )
    return out


def _sizes(tile: Tile, out: int, width: int) -> dict[str, int]:
    assert out % tile.columns == 0 and width % tile.depth == 0
    sizes = {"OUT": out, "IN": width, "ROWS": tile.rows, "COLUMNS": tile.columns, "DEPTH": tile.depth}
    return {**sizes, "num_warps": tile.warps, "num_stages": tile.stages}


def _described(x: Tensor, rows: int, depth: int) -> TensorDescriptor:
    """x [rows, in], of which tiles are copied by Hopper's own engine."""
    return TensorDescriptor.from_tensor(x, [rows, depth])


@functools.cache
def _multiprocessors(device: torch.device) -> int:
    return torch.cuda.get_device_properties(device).multi_processor_count if device.type == "cuda" else 1


@triton.jit(do_not_specialize=["most"])
def _gated(
    x: tl.tensor,
    gate: tl.tensor,
    up: tl.tensor,
    found: tl.tensor,
    token_of: tl.tensor,
    tiles: tl.tensor,
    most: tl.tensor,
    OUT: tl.constexpr,
    IN: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
    DEPTH: tl.constexpr,
) -> None:
    tile = tl.program_id(0) // (OUT // COLUMNS)
    first = tl.program_id(0) % (OUT // COLUMNS) * COLUMNS
    begin = tl.load(tiles + most + tile)
    end = tl.load(tiles + 2 * most + tile)
    if begin < end:
        expert = tl.load(tiles + tile)
        row = begin + tl.arange(0, ROWS)
        token = tl.load(token_of + row, mask=row < end, other=0)
        depth = tl.arange(0, DEPTH)
        from_x = x + token.to(tl.int64)[:, None] * IN + depth[None, :]
        column = first + tl.arange(0, COLUMNS)
        one = tl.zeros([ROWS, COLUMNS], tl.float32)
        two = tl.zeros([ROWS, COLUMNS], tl.float32)
        for k in range(0, IN, DEPTH):
            a = tl.load(from_x + k)
            b = gate.load([expert * OUT + first, k])
            c = up.load([expert * OUT + first, k])
            one = tl.dot(a, b.T, one)
            two = tl.dot(a, c.T, two)
        value = one / (1 + tl.exp(-one)) * two
        to = found + row.to(tl.int64)[:, None] * OUT + column[None, :]
        tl.store(to, value.to(found.dtype.element_ty), mask=(row < end)[:, None])


@triton.jit(do_not_specialize=["most"])
def _product(
    x: tl.tensor,
    weight: tl.tensor,
    found: tl.tensor,
    tiles: tl.tensor,
    many: tl.tensor,
    most: tl.tensor,
    OUT: tl.constexpr,
    IN: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
    DEPTH: tl.constexpr,
    PROGRAMS: tl.constexpr,
) -> None:
    """A program takes one tile after the other: the next one is read while this one is written."""
    for work in tl.range(tl.program_id(0), tl.load(many) * (OUT // COLUMNS), PROGRAMS, flatten=True):
        tile = work // (OUT // COLUMNS)
        first = work % (OUT // COLUMNS) * COLUMNS
        begin = tl.load(tiles + most + tile)
        end = tl.load(tiles + 2 * most + tile)
        expert = tl.load(tiles + tile)
        total = tl.zeros([ROWS, COLUMNS], tl.float32)
        for k in range(0, IN, DEPTH):
            a = x.load([begin, k])
            b = weight.load([expert * OUT + first, k])
            total = tl.dot(a, b.T, total)
        row = begin + tl.arange(0, ROWS)
        to = found + row.to(tl.int64)[:, None] * OUT + (first + tl.arange(0, COLUMNS))[None, :]
        tl.store(to, total.to(found.dtype.element_ty), mask=(row < end)[:, None])


@triton.jit
def _summed(
    found: tl.tensor,
    place: tl.tensor,
    weights: tl.tensor,
    more: tl.tensor,
    out: tl.tensor,
    WIDTH: tl.constexpr,
    CHOSEN: tl.constexpr,
    BLOCK: tl.constexpr,
    MORE: tl.constexpr,
) -> None:
    token = tl.program_id(0).to(tl.int64)
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    total = tl.zeros([BLOCK], tl.float32)
    for choice in tl.static_range(CHOSEN):
        row = tl.load(place + token * CHOSEN + choice).to(tl.int64)
        weight = tl.load(weights + token * CHOSEN + choice)
        total += weight * tl.load(found + row * WIDTH + column, mask=column < WIDTH).to(tl.float32)
    value = total.to(out.dtype.element_ty)
    if MORE:
        value = value + tl.load(more + token * WIDTH + column, mask=column < WIDTH)
    tl.store(out + token * WIDTH + column, value, mask=column < WIDTH)
