"""Products in 8-bit floats: weights quantized once, activations a row at a time, sums in float32.

A Hopper GPU multiplies e4m3 numbers at twice the rate of bfloat16. Every row of the weights, and every token's
activations, has a scale of its own, so that its largest number just fits (torch._scaled_mm, row-wise). It is lossy: a
product is off by some 4 %. The vocabulary head, norms, embeddings, routers and stacked experts stay as they are, and so
do layers of a width that such products cannot have.
"""

from typing import NamedTuple, Self

import torch
from torch import Tensor, nn

from hexcli.sampling.fusing import fused

KIND = torch.float8_e4m3fn
LARGEST = torch.finfo(KIND).max
STEP = 16  # of widths that a GPU multiplies


def quantized(x: Tensor) -> tuple[Tensor, Tensor]:
    """Rows [..., width] -> as 8-bit floats [..., width], and the float32 scale of each row [..., 1]"""
    scale = x.abs().amax(-1, keepdim=True).float().clamp(min=1e-12) / LARGEST
    return (x.float() / scale).clamp(-LARGEST, LARGEST).to(KIND), scale


quantize = fused(lambda x: x.shape[-1])(quantized)


class Rows(NamedTuple):
    """What `quantize` makes of a tensor [..., width], whose type was `kind`."""

    values: Tensor
    scale: Tensor
    kind: torch.dtype

    @property
    def shape(self) -> torch.Size:
        """Of the tensor."""
        return self.values.shape


class Float8Linear(nn.Module):
    """A linear layer's weight in 8-bit floats: what nn.Linear computes, but for rounding."""

    def __init__(self, weight: Tensor, scale: Tensor, bias: Tensor | None) -> None:
        """Quantized weight [out, in], its scales [1, out], and the layer's bias [out]."""
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        self.bias = bias

    @classmethod
    def of(cls, layer: nn.Linear) -> Self:
        """The layer's weight quantized."""
        weight, scale = quantize(layer.weight.detach())
        return cls(weight, scale.T.contiguous(), layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] -> [..., out]"""
        return self.product(Rows(*quantize(x), x.dtype))

    def product(self, x: Rows) -> Tensor:
        """Quantized rows [..., in] -> [..., out]"""
        out = torch._scaled_mm(
            x.values.flatten(0, -2),
            self.get_buffer("weight").T,
            x.scale.flatten(0, -2),
            self.get_buffer("scale"),
            out_dtype=x.kind,
            use_fast_accum=True,
        ).view(*x.shape[:-1], -1)
        return out if self.bias is None else out + self.bias


def projections(x: Tensor | Rows, *layers: nn.Module) -> list[Tensor]:
    """What each of the layers makes of x [..., in], quantized once for all that need it so: [..., out] each."""
    if not all(isinstance(layer, Float8Linear) for layer in layers):
        return [layer(x) for layer in layers]
    rows = x if isinstance(x, Rows) else Rows(*quantize(x), x.dtype)
    return [layer.product(rows) for layer in layers if isinstance(layer, Float8Linear)]


def quantizable(part: nn.Linear) -> bool:
    """Whether the widths of a linear layer are multiples of 16, as products in 8-bit floats need."""
    return not (part.in_features % STEP or part.out_features % STEP)


def to_float8(layers: nn.Module) -> None:
    """Every linear layer in `layers` whose widths are multiples of 16 by one in 8-bit floats, one after the other."""
    # Of the linear ones nobody holds a list: each is gone once its own is there, or all would be there twice.
    for module in [one for one in layers.modules() if not isinstance(one, nn.Linear)]:
        for name, part in list(module.named_children()):
            if isinstance(part, nn.Linear) and quantizable(part):
                setattr(module, name, Float8Linear.of(part))


def why_not(device: str) -> str | None:
    """Why a device cannot multiply such numbers; None where it can."""
    if not device.startswith("cuda"):
        return f"and {device} is none"
    major, minor = torch.cuda.get_device_capability(device)
    if (major, minor) < (9, 0) or torch.version.hip is not None:
        return f"and {torch.cuda.get_device_name(device)} has {major}.{minor}"
    return None
