"""What is hidden from the model, and what it is graded on: the two masking schemes.

Both hide k of n positions, k spread evenly over 1..n, and weight each hidden position 1/k. That is LLaDA's
loss (cross-entropy / t, over n) with t = k/n and less noise: the number of masks is what was drawn.
"""

from typing import NamedTuple

import torch
from torch import Generator, Tensor


class Masking(NamedTuple):
    """hidden [B, T]: positions shown as the mask token. weight [B, T]: of each position in the loss."""

    hidden: Tensor
    weight: Tensor


def uniform(prompt: Tensor, length: int, generator: Generator) -> Masking:
    """LLaDA's scheme: any positions of the canvas. prompt [B]: tokens of each row's prompt."""
    columns = torch.arange(length, device=prompt.device)
    hidden, weight = _hide(columns >= prompt[:, None], generator)
    return Masking(hidden, weight)


def semi_autoregressive(prompt: Tensor, response: Tensor, length: int, blocks: Tensor, generator: Generator) -> Masking:
    """As decoding block by block sees it: a clean prefix, a block in the making, nothing known behind it.

    The block length is any of `blocks` (int [any]); the block is any up to the first that holds padding only.
    response [B]: tokens of each row's response without the padding.
    """
    columns = torch.arange(length, device=prompt.device)
    canvas = length - prompt
    block = blocks[(_random(prompt, generator) * len(blocks)).long()]
    last = torch.minimum(-(-response // block), -(-canvas // block) - 1)
    index = (_random(prompt, generator) * (last + 1)).long()
    start = prompt + index * block
    current = (columns >= start[:, None]) & (columns < (start + block)[:, None])
    hidden, weight = _hide(current, generator)
    return Masking(hidden | (columns >= (start + block)[:, None]), weight)


def _hide(open_: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    """Hide 1 to all of each row's open positions [B, T], the counts spread evenly over the batch."""
    rows = len(open_)
    sizes = open_.sum(1)
    offset = torch.rand(1, generator=generator, device=open_.device)
    rate = (torch.arange(rows, device=open_.device) + offset) / rows
    count = (rate * sizes).ceil().clamp(min=1).minimum(sizes)
    noise = torch.rand(open_.shape, generator=generator, device=open_.device)
    rank = noise.masked_fill(~open_, 2.0).argsort(1).argsort(1)
    hidden = rank < count[:, None]
    return hidden, hidden / count[:, None]


def _random(like: Tensor, generator: Generator) -> Tensor:
    return torch.rand(like.shape, generator=generator, device=like.device)
