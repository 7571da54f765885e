"""Whether a model fits the memory, before minutes go into reading it."""

import contextlib
from pathlib import Path

import torch
from torch import nn

from hexcli.errors import HexError
from hexcli.models.network.architecture import TransformerConfig
from hexcli.models.network.float8 import quantizable
from hexcli.sampling.head import CHUNK_ELEMENTS

# Sizes are said in GiB, as the tools that show a GPU's memory do.
GIB = 1 << 30
# What the sampler works on at once where the vocabulary is large, bytes a logit besides the logit: two float64 numbers
# on a GPU whose kernels are fused; filters (top_p, top_k) and a CPU take more. Measured: docs/speed.md, What it takes.
_FUSED, _FILTERED, _APART = 16, 78, 32
_SLACK = 1.06  # of what comes and goes: between the parts of a pass, memory is not used to the last byte
_WORKSPACE = 40_000  # bytes for each number of a token: what libraries, and passes that are recorded, keep


def weight_bytes(model: nn.Module, dtype: torch.dtype) -> int:
    """Bytes the weights of `model` take in `dtype`."""
    numbers: int = sum(tensor.numel() for tensor in model.state_dict().values())
    return numbers * dtype.itemsize


def held_bytes(model: nn.Module, dtype: torch.dtype, *, float8: bool) -> int:
    """Bytes the weights of `model` take while decoding: in 8-bit floats, those of linear layers are read in `dtype`
    and quantized then, a scale in float32 for each output."""
    found = weight_bytes(model, dtype)
    for part in model.get_submodule("layers").modules() if float8 else ():
        if isinstance(part, nn.Linear) and quantizable(part):
            found -= part.weight.numel() * (dtype.itemsize - 1) - part.out_features * torch.float32.itemsize
    return found


def working_bytes(
    config: TransformerConfig,
    dtype: torch.dtype,
    *,
    length: int,
    canvas: int,
    cached: bool = False,
    rows: int = 1,
    filtered: bool = False,
    fused: bool = True,
) -> int:
    """About what decoding takes besides the weights: `rows` together of `length` tokens, `canvas` of them masked.

    cached    keys and values of all their tokens are kept, in every layer: under a shortcut, or by trained blocks
    filtered  candidates are sorted, as for top_p and top_k; fused = on a GPU whose compiler is there

    Passes and the vocabulary's scores take turns, and scores are made so many at once as fit 1 GiB in float64.
    """
    inner = max(config.mlp_width, config.experts.chosen * config.experts.width if config.experts else 0)
    layer = rows * length * (6 * config.width + 3 * inner) * dtype.itemsize
    scored = min(rows * canvas * config.vocab_size, CHUNK_ELEMENTS)
    scores = scored * (dtype.itemsize + (_FILTERED if filtered else _FUSED if fused else _APART))
    kept = rows * canvas * config.width * dtype.itemsize  # of the first pass
    keeps = cached or config.block_length is not None
    if keeps:
        kept += (rows + 1) * 2 * config.layers * config.kv_heads * config.head_width * length * dtype.itemsize
    return round(_SLACK * (max(layer, scores) + kept)) + (2 if keeps else 1) * _WORKSPACE * config.width


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
