"""Whether a model fits the memory, before minutes go into reading it."""

import contextlib
from pathlib import Path

import torch
from torch import nn

from hexcli.errors import HexError
from hexcli.models.network.architecture import TransformerConfig

# Sizes are said in GiB, as the tools that show a GPU's memory do.
GIB = 1 << 30
# What the sampler works on at once where the vocabulary is large: logits, probabilities and noise in float64.
_SAMPLER_COPIES = 4


def weight_bytes(model: nn.Module, dtype: torch.dtype) -> int:
    """Bytes the weights of `model` take in `dtype`."""
    numbers: int = sum(tensor.numel() for tensor in model.state_dict().values())
    return numbers * dtype.itemsize


def working_bytes(
    config: TransformerConfig, dtype: torch.dtype, *, length: int, canvas: int, cached: bool = False
) -> int:
    """About what decoding one row takes besides the weights: `length` tokens, `canvas` of them still masked.

    `cached`: keys and values of all its tokens are kept, in every layer.
    """
    inner = max(config.mlp_width, config.experts.chosen * config.experts.width if config.experts else 0)
    layer = length * (6 * config.width + 3 * inner) * dtype.itemsize
    scores = canvas * config.vocab_size * 8 * _SAMPLER_COPIES
    kept = 2 * config.layers * config.kv_heads * config.head_width * length * dtype.itemsize if cached else 0
    return layer + scores + kept


def free_bytes(device: str) -> int | None:
    """Memory that is free on a device; None where the system does not say."""
    kind = torch.device(device).type
    if kind == "cuda":
        if not torch.cuda.is_available():  # a dry run for another machine
            return None
        return torch.cuda.mem_get_info(device)[0]
    if kind != "cpu":
        return None
    said = [_available(), _left_in_group()]
    return min((value for value in said if value is not None), default=None)


def check_memory(name: str, needed: int, working: int, dtype: str, devices: list[str]) -> None:
    """Raises HexError where weights of `needed` bytes and `working` ones to decode cannot fit on `devices`."""
    free = [free_bytes(device) for device in devices]
    if None in free:
        return
    total = sum(value for value in free if value is not None)
    if needed + working <= total:
        return
    kind = torch.device(devices[0]).type
    smaller = "--dtype bfloat16 or " if dtype == "float32" else ""
    other = (
        "another --device or -M device_map=auto over several GPUs" if kind == "cuda" else "a --device with more memory"
    )
    raise HexError(
        f"{name} does not fit: its weights take {needed / GIB:.1f} GiB in {dtype} and decoding one row about "
        f"{working / GIB:.1f} GiB more, but {' and '.join(devices)} {'have' if len(devices) > 1 else 'has'} "
        f"{total / GIB:.1f} GiB free: use {smaller}{other}"
    )


def _available() -> int | None:
    """Linux's estimate of what can be had without swapping."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    return None


def _left_in_group() -> int | None:
    """What a container may still take (cgroup v2)."""
    group = Path("/sys/fs/cgroup")
    with contextlib.suppress(OSError, ValueError):
        return max(int((group / "memory.max").read_text()) - _held(group), 0)
    return None


def _held(group: Path) -> int:
    """What its processes hold; cached files do not count, since they make way."""
    held = int((group / "memory.current").read_text())
    with contextlib.suppress(OSError, ValueError):
        for line in (group / "memory.stat").read_text().splitlines():
            if line.startswith("inactive_file "):
                held -= int(line.split()[1])
    return held
