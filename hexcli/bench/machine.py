"""What a measurement ran on, and how much memory it took."""

import contextlib
import os
import platform
from pathlib import Path
from typing import Any

import torch

from hexcli.models.loading.loading import device_name
from hexcli.models.loading.placement import pick_device
from hexcli.models.network.float8 import why_not
from hexcli.version import VERSION


def hardware(device: str) -> dict[str, Any]:
    """CPU, its cores and the threads torch uses of them; the GPU where `device` is one."""
    return {
        "device": device,
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "gpu": device_name(device) if on_gpu(device) else None,
    }


def versions() -> dict[str, str]:
    """Of what computed."""
    return {"python": platform.python_version(), "torch": str(torch.__version__), "hexcli": VERSION}


def on_gpu(device: str) -> bool:
    """Whether the device is an NVIDIA or AMD GPU."""
    return torch.device(device).type == "cuda"


def has_float8(device: str) -> bool:
    """Whether the device multiplies 8-bit floats."""
    return why_not(pick_device(device)) is None


def synchronize(device: str) -> None:
    """Wait until the device has done all it was given: a clock read after that tells the truth."""
    if on_gpu(device):
        torch.cuda.synchronize(device)


def reset_peak(device: str) -> bool:
    """Start counting peak memory anew; whether the system can."""
    if on_gpu(device):
        torch.cuda.reset_peak_memory_stats(device)
        return True
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # Linux: resets VmHWM (man proc_pid_clear_refs)
        return True
    return False


def peak_bytes(device: str) -> int | None:
    """Peak memory since `reset_peak`, weights included: what torch allocated on a GPU, else resident memory of the
    whole process; None where the system does not say."""
    if on_gpu(device):
        return torch.cuda.max_memory_allocated(device)
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    return None


def _cpu_name() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
