"""How many rows to decode together, where nobody chose: from a careful start up to what the memory holds."""

from collections.abc import Callable
from typing import Any, Self

# Rows to begin with. On a CPU more rows do not run faster; a GPU wants many.
FIRST = {"cpu": 16, "cuda": 64}
MOST = 1024  # more rows do not run faster on a GPU either
FREE = 1 << 22  # tokens times width of a pass: a GPU computes fewer in the time it takes to launch them
FULL = 0.85  # of the memory, when all is counted: the rest is for what batches differ by


class AutoBatch:
    """A batch size that doubles while twice the rows would fit, and halves, for good, when memory runs out.

    memory  (bytes in use before any row, peak bytes so far, bytes there are); None: the size never grows
    """

    def __init__(self, first: int, memory: Callable[[], tuple[int, int, int]] | None = None) -> None:
        self.size = first
        self._most = max(MOST, first)
        self._memory = memory

    @classmethod
    def on(cls, device: str, chosen: int | None) -> Self:
        """The size that was chosen, and stays; None: what the device begins with, and grows from where it can.

        To be called when the model is loaded and no row decoded.
        """
        if chosen is not None:
            return cls(chosen)
        return cls(FIRST.get(device.partition(":")[0], FIRST["cpu"]), cuda_memory(device))

    def after_step(self, rows: int) -> int:
        """The size to go on with after a step of so many rows. Only a full batch tells what one takes."""
        if rows >= self.size and self.size * 2 <= self._most and self._memory is not None:
            before, peak, total = self._memory()
            if before + 2 * (peak - before) <= FULL * total:
                self.size *= 2
        return self.size

    def out_of_memory(self) -> bool:
        """Halve the size and never go back; False where one row is too much already."""
        if self.size == 1:
            return False
        self.size = self._most = self.size // 2
        return True


def cuda_memory(device: str) -> Callable[[], tuple[int, int, int]] | None:
    """What AutoBatch asks about a GPU, to be called when the model is loaded and no row decoded; None elsewhere."""
    if not device.startswith("cuda"):
        return None
    import torch

    before = torch.cuda.memory_allocated(device)
    total = torch.cuda.get_device_properties(device).total_memory
    torch.cuda.reset_peak_memory_stats(device)
    return lambda: (before, torch.cuda.max_memory_allocated(device), total)


def spare_rows(denoiser: Any, device: str, length: int) -> int:
    """Rows of so many tokens that a GPU computes in the time it takes to launch a pass: a row more is free.

    0 on a CPU, where no row is, and of a denoiser that does not tell its width.
    """
    config = getattr(denoiser, "config", None)
    if device.startswith("cpu") or config is None:
        return 0
    return int(FREE // (config.width * length))
