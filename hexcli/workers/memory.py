"""Memory that runs out, as torch says it on a GPU and on a CPU, and Python itself."""

import gc

# torch on a CPU has no exception of its own for it: c10/core/impl/alloc_cpu.cpp.
_CPU = "DefaultCPUAllocator"


def ran_out(error: BaseException) -> bool:
    """Whether this says that memory ran out."""
    import torch

    return isinstance(error, torch.OutOfMemoryError | MemoryError) or _CPU in str(error)


def tidy() -> None:
    """Give back what nobody holds any more."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
