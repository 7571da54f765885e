"""Where a mask is true, by a count that is known: a GPU need not be waited for."""

import torch
from torch import Tensor


def runs_apart(device: torch.device) -> bool:
    """Whether asking it takes longer than the question: it is behind what it was told."""
    return device.type == "cuda"


def where(mask: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Row and column of the `count` places where mask [B, T] is true, rising: int [count] each."""
    flat = positions(mask.flatten(), count)
    return flat // mask.shape[1], flat % mask.shape[1]


def positions(mask: Tensor, count: int) -> Tensor:
    """The same of mask [N]: int [count]"""
    return counted(mask, count) if runs_apart(mask.device) else mask.nonzero().squeeze(1)


def counted(mask: Tensor, count: int) -> Tensor:
    """So, without a look at the mask: what is true goes to its place, the rest behind all. A `count` that is too large
    leaves zeros there."""
    everyone = torch.arange(len(mask), device=mask.device)
    place = torch.where(mask, mask.cumsum(0) - 1, count)
    return everyone.new_zeros(count + 1).scatter_(0, place, everyone)[:count]
