"""A model that was never trained: what a step costs does not depend on what its weights say."""

import torch

from hexcli.errors import HexError
from hexcli.models.loading.memory import GIB, free_bytes, weight_bytes, working_bytes
from hexcli.models.network.architecture import TransformerConfig
from hexcli.models.network.transformer import MaskPredictor


def random_weights(
    config: TransformerConfig, name: str, *, device: str, dtype: torch.dtype, length: int, canvas: int
) -> MaskPredictor:
    """The model with random weights, made where it is to be: no copy of it is ever anywhere else.

    `length` and `canvas`: tokens of a row, for the memory it needs. Raises HexError where that is not there.
    """
    with torch.device("meta"):
        model = MaskPredictor(config).to(dtype)
    weights = weight_bytes(model, dtype)
    row = working_bytes(config, dtype, length=length, canvas=canvas)
    free = free_bytes(device)
    if free is not None and weights + row > free:
        raise HexError(
            f"{name} does not fit: it needs {(weights + row) / GIB:.1f} GiB ({weights / GIB:.1f} GiB of weights "
            f"in {str(dtype).removeprefix('torch.')}, about {row / GIB:.1f} GiB to decode one row), and {device} has "
            f"{free / GIB:.1f} GiB free: use a --device with more memory"
        )
    model = model.to_empty(device=device)
    generator = torch.Generator(device).manual_seed(0)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1:
                weight.normal_(std=0.02, generator=generator)  # as Llama and its relatives are initialized
            else:
                weight.fill_(1.0 if name.endswith("norm.weight") else 0.0)
    return model.eval().requires_grad_(False)
