"""Where a model's parts lie: on one device, or its layers spread over several."""

import re
from typing import Any

import torch
from torch import Tensor, nn

from hexcli.errors import HexError, UsageError
from hexcli.models.cards import CARDS, named_card, near_card, refuse_card

# What people call a GPU, and torch does not.
NO_DEVICES = ("gpu", "nvidia", "amd", "rocm", "metal")

# What this torch has to be built for, by kind of device.
WANTED = {
    "cuda": "a GPU of NVIDIA or AMD and a build of torch for it are needed",
    "mps": "a Mac with Apple silicon is needed",
    "xpu": "a GPU of Intel and a build of torch for it are needed",
    "cpu": "the CPU has no index but 0",
}


def pick_device(device: str) -> str:
    """`auto` -> the GPU where there is one. Raises HexError on a device this machine lacks."""
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    refuse_card(device)
    kind, colon, index = device.partition(":")
    if kind in NO_DEVICES:
        raise UsageError(f"no device '{device}': GPUs are cuda (NVIDIA, AMD) or mps (Apple), else auto or cpu")
    if kind not in WANTED:
        raise UsageError(f"no device '{device}' here: {_meant(device)}")
    if colon and not index.isdecimal():
        raise UsageError(f"no device '{device}' here: the index of a GPU is a number, use cuda:0 or --device auto")
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        if not isinstance(error, NotImplementedError) and ":" in device and _has(kind):
            said = str(error).splitlines()[0].removeprefix("CUDA error: ")
            raise UsageError(f"no device '{device}' here: {said}; use another index, --device auto or cpu") from None
        raise UsageError(
            f"no device '{device}' here: this torch finds none ({WANTED[kind]}); use --device auto or cpu"
        ) from None
    return device


def _meant(device: str) -> str:
    """What to say in the place of what is no device: the kind of GPU that is like it, or all that there is."""
    if near := near_card(device):
        return f"did you mean {near}? (a kind of GPU, for --dry-run; several are --workers N, or {near},{near})"
    return f"one is named by its kind: auto, cpu, cuda, cuda:0, ... or mps; --dry-run also plans for {', '.join(CARDS)}"


def _has(kind: str) -> bool:
    return kind == "cpu" or (kind == "cuda" and torch.cuda.is_available())


def elsewhere(device: str) -> bool:
    """Whether what is planned on this device runs elsewhere: it is a kind of GPU (`a100`), or a GPU of NVIDIA's or
    AMD's on a machine that has none."""
    return named_card(device) is not None or (device.partition(":")[0] == "cuda" and not torch.cuda.is_available())


def pick_devices(device: str, device_map: str | None) -> list[str]:
    """The devices to use, the first one for what is not a layer.

    `device_map`: None = `device` alone; `auto` = every GPU; else devices in order, comma-separated. Raises HexError
    on a device that is not here, UsageError where the map contradicts --device.
    """
    if device_map is None:
        return [pick_device(device)]
    if device_map == "auto":
        count = torch.cuda.device_count()
        if count == 0:
            raise HexError("-M device_map=auto spreads a model over the GPUs, and there is none here")
        named = [f"cuda:{index}" for index in range(count)]
    else:
        named = [pick_device(part.strip()) for part in device_map.split(",")]
    if device not in ("auto", named[0]):
        raise UsageError(f"--device {device} contradicts -M device_map={device_map}, which starts at {named[0]}")
    return named


def device_of(name: str, layers: int, devices: list[str]) -> str:
    """The device of our weight `name`: each device gets an equal run of the layers."""
    match = re.match(r"layers\.(\d+)\.", name)
    return devices[int(match[1]) * len(devices) // layers] if match else devices[0]


def spread(model: nn.Module, devices: list[str]) -> None:
    """Make the layers of a MaskPredictor take their inputs to where their weights lie, and bring the result back."""
    layers = list(model.get_submodule("layers").children())
    for index, layer in enumerate(layers):
        layer.register_forward_pre_hook(_moving(device_of(f"layers.{index}.", len(layers), devices)))
    model.get_submodule("norm").register_forward_pre_hook(_moving(devices[0]))


def _moving(device: str) -> Any:
    def move(_: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(part.to(device) if isinstance(part, Tensor) else part for part in inputs)

    return move
