"""Experts chosen, and tokens dealt out to them, by two small kernels: nothing is sorted, and the host is asked nothing.

Triton's: only where a GPU runs them may this be imported.
"""

from typing import NamedTuple

import torch
import triton
import triton.language as tl
from torch import Tensor

from hexcli.models.network.architecture import Experts

FEW = tl.constexpr(32)  # blocks, or tiles, that it looks at together
LEAST = tl.constexpr(-1e30)  # merit of who cannot be chosen, or has none that is a number; who is, has none left


class Deal(NamedTuple):
    """Who works on what. Each token comes `chosen` times among n = N * chosen dealt out, those of an expert together.

    weights float32 [N, chosen]: how much each of its experts says
    place   int32 [N, chosen]: where a token is among those dealt out; token int32 [n]: which token each of these is
    tiles   int32 [3, T]: of every tile of `rows` rows its expert, its first row and where the expert's rows end; those
            that are too many are of no row
    """

    weights: Tensor
    place: Tensor
    token: Tensor
    tiles: Tensor
    many: Tensor
    rows: int


def deal(scores: Tensor, bias: Tensor | None, experts: Experts, rows: int) -> Deal:
    """The choice of `Router.chosen`, from what the router says, [N, count], and how many rows a tile has."""
    tokens, each = len(scores), experts.chosen
    block, count = _block(tokens), triton.next_power_of_2(experts.count)
    blocks = triton.cdiv(tokens, block)
    most = triton.cdiv(tokens * each, rows) + min(experts.count, tokens * each)

    def new(*shape: int, dtype: torch.dtype = torch.int32) -> Tensor:
        return torch.empty(shape, dtype=dtype, device=scores.device)

    chosen, numbers, weights = new(tokens, each), new(blocks, count), new(tokens, each, dtype=torch.float32)
    place, token, tiles, many = new(tokens, each), new(tokens * each), new(3, most), new(1)
    sizes = {"CHOSEN": each, "EXPERTS": count, "BLOCK": block, "num_warps": 8 if block * count > 2048 else 4}
    _choose[(blocks,)](
        scores,
        scores if bias is None else bias,
        chosen,
        weights,
        numbers,
        tokens,
        experts.scale,
        COUNT=experts.count,
        LEFT=triton.next_power_of_2(each),
        SIGMOID=experts.score != "softmax",
        NORMALIZE=experts.normalize,
        BIAS=bias is not None,
        GROUPS=experts.groups,
        BEST=experts.chosen_groups,
        **sizes,
    )
    _deal[(blocks,)](chosen, numbers, place, token, tiles, many, tokens, blocks, most, ROWS=rows, **sizes)
    return Deal(weights, place, token, tiles, many, rows)


def _block(tokens: int) -> int:
    """Tokens that one program deals out: fewer where that leaves multiprocessors idle."""
    return 8 if tokens <= 1024 else 16 if tokens <= 4096 else 32


@triton.jit(do_not_specialize=["tokens"])
def _choose(
    said: tl.tensor,
    bias: tl.tensor,
    chosen: tl.tensor,
    weights: tl.tensor,
    numbers: tl.tensor,
    tokens: tl.tensor,
    scale: tl.tensor,
    COUNT: tl.constexpr,
    LEFT: tl.constexpr,
    SIGMOID: tl.constexpr,
    NORMALIZE: tl.constexpr,
    BIAS: tl.constexpr,
    GROUPS: tl.constexpr,
    BEST: tl.constexpr,
    CHOSEN: tl.constexpr,
    EXPERTS: tl.constexpr,
    BLOCK: tl.constexpr,
) -> None:
    """Of a block of tokens the experts and their weights, [N, CHOSEN] each, and how many chose each expert:
    `numbers` [blocks, EXPERTS]"""
    block = tl.program_id(0)
    token, expert = block * BLOCK + tl.arange(0, BLOCK), tl.arange(0, EXPERTS)
    here = (token < tokens)[:, None] & (expert < COUNT)[None, :]
    logits = tl.load(said + token.to(tl.int64)[:, None] * COUNT + expert[None, :], mask=here, other=0).to(tl.float32)
    logits = tl.where((expert < COUNT)[None, :], logits, -float("inf"))
    if SIGMOID:
        scores = 1 / (1 + tl.exp(-logits))
    else:
        powers = tl.exp(logits - tl.max(logits, 1)[:, None])
        scores = powers / tl.sum(powers, 1)[:, None]
    merit = scores
    if BIAS:
        merit += tl.load(bias + expert, mask=expert < COUNT, other=0).to(tl.float32)[None, :]
    if GROUPS > 1:
        merit = _in_best_groups(merit, BLOCK, EXPERTS, GROUPS, BEST)
    merit = tl.where((merit == merit) & (expert < COUNT)[None, :], merit, LEAST)
    place = tl.arange(0, LEFT)
    mine = tl.zeros([BLOCK, EXPERTS], tl.int32)
    who = tl.zeros([BLOCK, LEFT], tl.int32)
    much = tl.zeros([BLOCK, LEFT], tl.float32)
    for choice in tl.static_range(CHOSEN):
        best = tl.argmax(merit, 1)
        taken = expert[None, :] == best[:, None]
        own = tl.sum(tl.where(taken, scores, 0), 1)
        merit = tl.where(taken, -float("inf"), merit)
        mine += taken.to(tl.int32)
        who = tl.where((place == choice)[None, :], best[:, None], who)
        much = tl.where((place == choice)[None, :], own[:, None], much)
    if NORMALIZE:
        much = much / (tl.sum(much, 1)[:, None] + 1e-20)
    to = token[:, None] * CHOSEN + place[None, :]
    real = (token < tokens)[:, None] & (place < CHOSEN)[None, :]
    tl.store(chosen + to, who, mask=real)
    tl.store(weights + to, much * scale, mask=real)
    tl.store(numbers + block * EXPERTS + expert, tl.sum(tl.where((token < tokens)[:, None], mine, 0), 0))


@triton.jit
def _in_best_groups(
    merit: tl.tensor, BLOCK: tl.constexpr, EXPERTS: tl.constexpr, GROUPS: tl.constexpr, BEST: tl.constexpr
) -> tl.tensor:
    """Merits [BLOCK, EXPERTS], LEAST outside the groups whose two best experts are best together."""
    grouped = tl.reshape(merit, [BLOCK, GROUPS, EXPERTS // GROUPS])
    first = tl.argmax(grouped, 2)
    number, group = tl.arange(0, EXPERTS // GROUPS), tl.arange(0, GROUPS)
    others = tl.where(number[None, None, :] == first[:, :, None], -float("inf"), grouped)
    both = tl.max(grouped, 2) + tl.max(others, 2)
    both = tl.where(both == both, both, LEAST)
    allowed = tl.zeros([BLOCK, GROUPS], tl.int32)
    for _ in tl.static_range(BEST):
        taken = group[None, :] == tl.argmax(both, 1)[:, None]
        allowed += taken.to(tl.int32)
        both = tl.where(taken, -float("inf"), both)
    return tl.reshape(tl.where(allowed[:, :, None] > 0, grouped, LEAST), [BLOCK, EXPERTS])


@triton.jit(do_not_specialize=["tokens", "blocks", "most"])
def _deal(
    chosen: tl.tensor,
    numbers: tl.tensor,
    place_of: tl.tensor,
    token_of: tl.tensor,
    tiles: tl.tensor,
    many: tl.tensor,
    tokens: tl.tensor,
    blocks: tl.tensor,
    most: tl.tensor,
    ROWS: tl.constexpr,
    CHOSEN: tl.constexpr,
    EXPERTS: tl.constexpr,
    BLOCK: tl.constexpr,
) -> None:
    """Place a block's tokens behind those of all experts before theirs, and of the blocks before it."""
    block = tl.program_id(0)
    expert = tl.arange(0, EXPERTS)
    total = tl.zeros([EXPERTS], tl.int32)
    before = tl.zeros([EXPERTS], tl.int32)
    for first in range(0, blocks, FEW):
        other = first + tl.arange(0, FEW)
        part = tl.load(numbers + other[:, None] * EXPERTS + expert[None, :], mask=(other < blocks)[:, None], other=0)
        total += tl.sum(part, 0)
        before += tl.sum(tl.where((other < block)[:, None], part, 0), 0)
    end = tl.cumsum(total, 0)
    token = block * BLOCK + tl.arange(0, BLOCK)
    mine = tl.zeros([BLOCK, EXPERTS], tl.int32)
    for choice in tl.static_range(CHOSEN):
        one = tl.load(chosen + token * CHOSEN + choice, mask=token < tokens, other=-1)
        mine += (one[:, None] == expert[None, :]).to(tl.int32)
    rank = tl.cumsum(mine, 0) - mine + (end - total + before)[None, :]
    for choice in tl.static_range(CHOSEN):
        one = tl.load(chosen + token * CHOSEN + choice, mask=token < tokens, other=-1)
        place = tl.sum(tl.where(one[:, None] == expert[None, :], rank, 0), 1)
        tl.store(place_of + token * CHOSEN + choice, place, mask=token < tokens)
        tl.store(token_of + place, token, mask=token < tokens)
    needed = (total + ROWS - 1) // ROWS
    last = tl.cumsum(needed, 0)
    if block == 0:
        tl.store(many, tl.sum(needed, 0))
    for first in range(block * FEW, most, blocks * FEW):
        tile = first + tl.arange(0, FEW)
        whose = tl.sum((last[None, :] <= tile[:, None]).to(tl.int32), 1)
        here = whose[:, None] == expert[None, :]
        row = (end - total)[None, :] + (tile[:, None] - (last - needed)[None, :]) * ROWS
        tl.store(tiles + tile, whose, mask=tile < most)
        tl.store(tiles + most + tile, tl.sum(tl.where(here, row, 0), 1), mask=tile < most)
        tl.store(tiles + 2 * most + tile, tl.sum(tl.where(here, end[None, :], 0), 1), mask=tile < most)
