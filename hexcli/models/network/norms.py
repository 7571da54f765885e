"""Root-mean-square norms, computed in float32, and what comes just before and after them in one kernel."""

import torch
from torch import Tensor, nn

from hexcli.models.network.float8 import Rows, quantized
from hexcli.sampling.fusing import fused


class RMSNorm(nn.Module):
    """Root-mean-square norm over the last axis."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., width]"""
        return normalize(x, self.weight, self.eps)


class ResidualNorm(RMSNorm):
    """The norm in front of a part of a layer, with the sum that it is the norm of."""

    def forward(  # type: ignore[override]
        self, x: Tensor, more: Tensor | None = None, in_float8: bool = False
    ) -> tuple[Tensor, Tensor | Rows]:
        """x and what is added to it, [..., width] -> the sum, and its norm, which is quantized on demand"""
        if not in_float8:
            return (x, normalize(x, self.weight, self.eps)) if more is None else added(x, more, self.weight, self.eps)
        if more is None:
            return x, Rows(*normalize_float8(x, self.weight, self.eps), x.dtype)
        total, values, scale = added_float8(x, more, self.weight, self.eps)
        return total, Rows(values, scale, x.dtype)


def normalized(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """RMSNorm's arithmetic: [..., width] -> [..., width]"""
    wide = x.float()
    wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps)
    return weight * wide.to(x.dtype)


@fused(lambda x: x.shape[2:].numel())  # of a head as of all heads of a token
def normalize(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """The norm of x [..., width]."""
    return normalized(x, weight, eps)


@fused(lambda x: x.shape[-1])
def normalize_float8(x: Tensor, weight: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """The norm of x [..., width], quantized."""
    return quantized(normalized(x, weight, eps))


@fused(lambda x: x.shape[-1])
def added(x: Tensor, more: Tensor, weight: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """x + more [..., width], and the norm of that."""
    total = x + more
    return total, normalized(total, weight, eps)


@fused(lambda x: x.shape[-1])
def added_float8(x: Tensor, more: Tensor, weight: Tensor, eps: float) -> tuple[Tensor, Tensor, Tensor]:
    """x + more [..., width], and the norm of that, quantized."""
    total = x + more
    return total, *quantized(normalized(total, weight, eps))
