"""Whether a GPU computes all experts at once, and how: grouped products, or kernels of our own in and around them."""

import functools
from importlib.util import find_spec

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli.models.network.architecture import Experts
from hexcli.sampling.fusing import can_compile, is_on

STEP = 256  # of the widths that kernels take: whole tiles


@functools.cache
def can_group(device: torch.device, dtype: torch.dtype) -> bool:
    """Grouped products are made for Hopper; before it torch loops over the groups as we do."""
    if device.type != "cuda" or dtype is not torch.bfloat16 or not hasattr(torch, "_grouped_mm"):
        return False
    return torch.cuda.get_device_capability(device) >= (9, 0)


def can_mix(weight: Tensor, experts: Experts) -> bool:
    """Whether `mixed` takes experts with such a weight [count, inner, width], and kernels are wanted (fusing.py)."""
    _, inner, width = weight.shape
    uneven = experts.groups > 1 and experts.count & (experts.count - 1)
    return not (width % STEP or inner % STEP or uneven) and is_on() and _has_kernels(weight.device, weight.dtype)


@functools.cache
def _has_kernels(device: torch.device, dtype: torch.dtype) -> bool:
    """Hopper alone: their tiles fill the memory that its multiprocessors share."""
    if not can_group(device, dtype) or torch.cuda.get_device_capability(device) != (9, 0):
        return False
    return can_compile() and find_spec("triton.tools.tensor_descriptor") is not None


def wide_product(x: Tensor, weight: Tensor) -> Tensor:
    """x [N, in] by weight [out, in] in float32 -> [N, out]"""
    if x.is_cuda and x.dtype is weight.dtype is torch.bfloat16 and _can_widen():
        return torch.mm(x, weight.T, out_dtype=torch.float32)  # two such numbers multiply without rounding
    return F.linear(x.float(), weight.float())


@functools.cache
def _can_widen() -> bool:
    return hasattr(torch.ops.aten.mm, "dtype")


def mixed(
    x: Tensor,
    said: Tensor,
    bias: Tensor | None,
    experts: Experts,
    weights: tuple[Tensor, Tensor, Tensor],
    more: Tensor | None,
) -> Tensor:
    """x [N, width] through the experts that were chosen by what the router `said` [N, count], and what they found added
    up, with `more` [N, width] -> [N, width]. `weights`: gate, up and down [count, ...]"""
    from hexcli.models.network.dealing import deal
    from hexcli.models.network.grouped import GATED, gated, product, summed

    gate, up, down = weights
    with torch.cuda.device(x.device):  # where Triton launches
        dealt = deal(said, bias, experts, GATED.rows)
        return summed(product(gated(x, gate, up, dealt), down, dealt), dealt, more)
