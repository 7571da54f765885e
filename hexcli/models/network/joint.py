"""Layers of one input as one product: on a GPU queries, keys and values, and gate and up, take less so than one by one.

Their weights are moved to one memory, where each is a view of its part: names, shapes and numbers stay.
"""

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import nn

from hexcli.models.network.float8 import Float8Linear


class Beside(nn.Module):
    """A module with layers that take the same input: their names."""

    BESIDE: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self._joint: list[nn.Module] = []  # of no module's state

    @property
    def beside(self) -> list[nn.Module]:
        """These layers."""
        return [self.get_submodule(name) for name in self.BESIDE]

    @property
    def joint(self) -> nn.Module | None:
        """One layer that is all of them, where they are joined."""
        return self._joint[0] if self._joint else None

    def join(self) -> None:
        """From now on they are one product."""
        self._joint = [_joint(self.beside)]


def join(model: nn.Module) -> None:
    """Join what can be in all of the model."""
    for part in model.modules():
        if isinstance(part, Beside):
            part.join()


def _joint(layers: Sequence[nn.Module]) -> nn.Module:
    biases = [layer.bias for layer in layers if isinstance(layer.bias, torch.Tensor)]
    bias = torch.cat(biases).detach() if biases else None
    whole = torch.cat([layer.state_dict()["weight"] for layer in layers])
    parts = torch.split(whole, [len(layer.state_dict()["weight"]) for layer in layers])
    if all(isinstance(layer, Float8Linear) for layer in layers):
        for layer, part in zip(layers, parts, strict=True):
            layer.register_buffer("weight", part)
        return Float8Linear(whole, torch.cat([layer.get_buffer("scale") for layer in layers], dim=1), bias)
    for layer, part in zip(layers, parts, strict=True):
        layer.weight = nn.Parameter(part, requires_grad=False)
    with torch.device("meta"):
        joint = nn.Linear(whole.shape[1], whole.shape[0], bias=bias is not None)
    joint.weight = nn.Parameter(whole, requires_grad=False)
    if bias is not None:
        joint.bias = nn.Parameter(bias, requires_grad=False)
    return joint
