"""How long a shape would take on a CPU, before anybody waits for it."""

import time

import torch

from hexcli.bench import machine
from hexcli.bench.shapes import find_shape
from hexcli.errors import UsageError, plural
from hexcli.models.loading.memory import GIB, free_bytes, weight_bytes
from hexcli.models.loading.placement import pick_device
from hexcli.models.network.transformer import MaskPredictor

# A model whose weights are smaller is over soon enough on a CPU.
SMALL = GIB // 2


def refuse_slow(name: str, *, device: str, rows: int, length: int, steps: int) -> None:
    """Raises UsageError where the shape is large and the device a CPU, with the memory and time that it would take.

    `length`: tokens of a row; `steps`: those of one decode. The time is that of the products of its weights, at the
    rate that this machine multiplies matrices.
    """
    device, shape = pick_device(device), find_shape(name)
    if machine.on_gpu(device):
        return
    with torch.device("meta"):
        model = MaskPredictor(shape.config)
    weights = weight_bytes(model, torch.bfloat16)
    if weights < SMALL:
        return
    parameters = sum(weight.numel() for weight in model.parameters())
    step = 2 * parameters * rows * length / matmul_rate()
    free = free_bytes(device)
    memory = f"{weights / GIB:.1f} GiB of weights" + ("" if free is None else f" ({free / GIB:.1f} GiB are free)")
    raise UsageError(
        f"--shape {name} on a {device.upper()} takes {memory} and about {_said(step)} a step, {_said(step * steps)} a "
        f"decode of {plural(rows, 'row')}: run it on a GPU, or say --yes (with --batch-size 1 --steps-timed 1 it is "
        "soonest over)"
    )


def matmul_rate() -> float:
    """Operations a second of a bfloat16 product of matrices on the CPU: the best of three of some milliseconds."""
    one, other = torch.ones(256, 2048, dtype=torch.bfloat16), torch.ones(2048, 2048, dtype=torch.bfloat16)
    best = 0.0
    for _ in range(3):
        started = time.perf_counter()
        one @ other
        best = max(best, 2 * 256 * 2048 * 2048 / (time.perf_counter() - started))
    return best


def _said(seconds: float) -> str:
    for size, unit in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} seconds"
