"""Products in 8-bit floats: weights quantized once, activations a row at a time, sums in float32.

A Hopper GPU multiplies e4m3 numbers at twice the rate of bfloat16. Every row of the weights, and every token's
activations, has a scale of its own, so that its largest number just fits (torch._scaled_mm, row-wise). It is lossy: a
product is off by some 4 %. The vocabulary head, norms, embeddings, routers and stacked experts stay as they are, and so
do layers of a width that such products cannot have.
"""

import torch
from torch import Tensor, nn

from hexcli.sampling.fusing import fused

KIND = torch.float8_e4m3fn
LARGEST = torch.finfo(KIND).max
STEP = 16  # of widths that a GPU multiplies


@fused(lambda x: x.shape[-1])
def quantize(x: Tensor) -> tuple[Tensor, Tensor]:
    """Rows [N, width] -> as 8-bit floats [N, width], and the float32 scale of each row [N, 1]"""
    scale = x.abs().amax(-1, keepdim=True).float().clamp(min=1e-12) / LARGEST
    return (x.float() / scale).clamp(-LARGEST, LARGEST).to(KIND), scale


class Float8Linear(nn.Module):
    """A linear layer's weight in 8-bit floats: what nn.Linear computes, but for rounding."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        weight, scale = quantize(layer.weight.detach())
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale.T.contiguous())
        self.bias = layer.bias

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] -> [..., out]"""
        return projections(x, self)[0]

    def product(self, x: Tensor, scale: Tensor, kind: torch.dtype) -> Tensor:
        """Quantized rows [N, in] and their scales [N, 1] -> [N, out] of type `kind`"""
        out = torch._scaled_mm(
            x, self.get_buffer("weight").T, scale, self.get_buffer("scale"), out_dtype=kind, use_fast_accum=True
        )
        return out if self.bias is None else out + self.bias


def projections(x: Tensor, *layers: nn.Module) -> list[Tensor]:
    """What each of the layers makes of x [..., in], which is quantized once for all that need it so: [..., out] each"""
    if not all(isinstance(layer, Float8Linear) for layer in layers):
        return [layer(x) for layer in layers]
    rows, scale = quantize(x.reshape(-1, x.shape[-1]))
    found = []
    for layer in layers:
        assert isinstance(layer, Float8Linear)
        found.append(layer.product(rows, scale, x.dtype).view(*x.shape[:-1], -1))
    return found


def to_float8(layers: nn.Module) -> None:
    """Every linear layer in `layers` whose widths are multiples of 16 by one in 8-bit floats, one after the other."""
    for module in list(layers.modules()):
        for name, part in list(module.named_children()):
            if isinstance(part, nn.Linear) and not (part.in_features % STEP or part.out_features % STEP):
                setattr(module, name, Float8Linear(part))


def why_not(device: str) -> str | None:
    """Why a device cannot multiply such numbers; None where it can."""
    if not device.startswith("cuda"):
        return f"and {device} is none"
    major, minor = torch.cuda.get_device_capability(device)
    if (major, minor) < (9, 0) or torch.version.hip is not None:
        return f"and {torch.cuda.get_device_name(device)} has {major}.{minor}"
    return None
