"""A bound on what strangers' code may take of this process: processor seconds and memory."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

SECONDS = 2.0
MEMORY = 1 << 29


class TooMuchError(Exception):
    """It took more than it may; the text says of what."""


@contextlib.contextmanager
def bounded(seconds: float | None = None, memory: int | None = None) -> Iterator[None]:
    """What runs inside may take SECONDS of processor time and MEMORY bytes more than are in use, or those said.

    Raises TooMuchError. Time is bounded in the main thread only, where the system has such a clock; memory on Linux.
    """
    seconds, memory = seconds or SECONDS, memory or MEMORY
    with _time(seconds), _memory(memory):
        try:
            yield
        except MemoryError:
            raise TooMuchError(f"more than {memory >> 20} MB") from None


@contextlib.contextmanager
def _time(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "ITIMER_VIRTUAL"):
        yield
        return

    over = False

    def stop(number: int, frame: FrameType | None) -> None:
        if not over:  # else it struck while the clock is being stopped, and nothing would put things back
            raise TooMuchError(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    # Again and again: an error that is raised inside a finalizer is swallowed.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.1)
    try:
        yield
    finally:
        over = True
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextlib.contextmanager
def _memory(extra: int) -> Iterator[None]:
    if sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = in_use + extra if soft == resource.RLIM_INFINITY else min(soft, in_use + extra)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
