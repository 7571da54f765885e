"""A checkpoint -> a mask predictor on a device. Fails on any missing, unexpected or misshapen weight."""

from dataclasses import dataclass

import torch

from hexcli.errors import UsageError
from hexcli.models.cards import named_card
from hexcli.models.checkpoint.checkpoint import Checkpoint
from hexcli.models.families.reading import family_module, read_architecture
from hexcli.models.loading.adapter import Adapter
from hexcli.models.loading.memory import check_memory, weight_bytes, working_bytes
from hexcli.models.loading.placement import device_of, elsewhere, pick_device, pick_devices, spread
from hexcli.models.loading.weights import Progress, read_weights
from hexcli.models.network.float8 import to_float8, why_not
from hexcli.models.network.joint import join
from hexcli.models.network.transformer import MaskPredictor
from hexcli.sampling.sampler import Denoiser

__all__ = ["LoadedModel", "device_name", "load_model", "pick_device", "pick_dtype", "torch_dtype"]

# Smaller models are there before a bar could be read.
SLOW_TO_LOAD = 1 << 30
FLOAT8 = "float8"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """A denoiser ready to decode: `hexcli.sampling.sampler.Denoiser` on `device` in `dtype`."""

    denoiser: Denoiser
    device: str
    dtype: str


def load_model(
    checkpoint: Checkpoint,
    *,
    device: str,
    dtype: str,
    length: int = 0,
    canvas: int = 0,
    cached: bool = False,
    progress: Progress | None = None,
) -> LoadedModel:
    """Read the weights. `device`: cpu, cuda, cuda:1; `dtype`: float32, bfloat16, float16, float8.

    `length` and `canvas`: tokens of the longest row to come, for the memory it needs, and `cached`, whether it keeps
    keys and values; `progress` hears the share read of a model that takes a while. Raises HexError where the
    architecture is unknown, the model does not fit the memory, or the files do not hold exactly its weights.
    """
    kind = torch_dtype(dtype)
    if checkpoint.remote:
        from hexcli.models.loading.remote import load_remote

        if dtype == FLOAT8:
            raise UsageError(f"--dtype float8 needs a model that hex computes itself, and {checkpoint.name} is none")
        return LoadedModel(denoiser=load_remote(checkpoint, device=device, dtype=kind), device=device, dtype=dtype)
    config = read_architecture(checkpoint.path, checkpoint.config, checkpoint.options)
    devices = pick_devices(device, checkpoint.options.device_map)
    with torch.device("meta"):
        model = MaskPredictor(config)
    size = weight_bytes(model, kind)
    working = working_bytes(config, kind, length=length, canvas=canvas, cached=cached)
    check_memory(checkpoint.name, size, working, dtype, devices)
    quiet = progress is None or size < SLOW_TO_LOAD
    read_weights(
        model,
        checkpoint.path,
        family_module(checkpoint.config).published_name,
        dtype=kind,
        device_of=lambda name: device_of(name, config.layers, devices),
        adapter=None if checkpoint.adapter is None else Adapter(checkpoint.adapter),
        progress=_silent if quiet or progress is None else progress,
    )
    if len(devices) > 1:
        spread(model, devices)
    if dtype == FLOAT8:
        to_float8(model.get_submodule("layers"))
    if devices[0].startswith("cuda") and len(devices) == 1:
        join(model)
    model.may_record = checkpoint.options.cuda_graphs and len(devices) == 1
    return LoadedModel(denoiser=model.eval().requires_grad_(False), device=devices[0], dtype=dtype)


def _silent(share: float) -> None:
    """Nobody waits long enough to be told."""


def torch_dtype(dtype: str) -> torch.dtype:
    """What weights are read as, and all is computed in but products in 8-bit floats."""
    kind: torch.dtype = torch.bfloat16 if dtype == FLOAT8 else getattr(torch, dtype)
    return kind


def pick_dtype(dtype: str, device: str) -> str:
    """`auto` -> bfloat16 on a GPU, float32 on a CPU. Raises UsageError where the device is here and has no such
    numbers."""
    card = named_card(device)
    reason = f"and {card.named} has not" if card is not None and not card.float8 else None
    if dtype == FLOAT8 and (reason := reason if elsewhere(device) else why_not(device)) is not None:
        raise UsageError(f"--dtype float8 needs an NVIDIA GPU of compute capability 9.0 (Hopper) or later, {reason}")
    if dtype != "auto":
        return dtype
    return "float32" if device.partition(":")[0] == "cpu" else "bfloat16"


def device_name(device: str) -> str:
    """What people call the device: `NVIDIA H200`, or `cpu`."""
    if (card := named_card(device)) is not None:
        return card.label
    if elsewhere(device):
        return f"{device} (not on this machine)"
    return torch.cuda.get_device_name(device) if device.startswith("cuda") else device
