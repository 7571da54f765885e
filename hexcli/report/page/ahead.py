"""Texts made by a process of its own, while this one does something else: a large report is ready a quarter sooner."""

import contextlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Named = Iterable[tuple[str, str]]  # names and contents, neither with a tab or a line's end


@contextlib.contextmanager
def ahead(make: Callable[[], Named]) -> Iterator[Callable[[], Named]]:
    """Begin to `make` texts; what is yielded waits for them, and gives them as `make` does.

    `make` must be pure: it runs in a fork of this process, or here where there is no fork, where threads might hold a
    lock, or where the fork failed (so that its error is raised here). The fork does not outlive the block.
    """
    if not hasattr(os, "fork") or _threads() > 1:
        yield make
        return
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as file:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                file.writelines(f"{name}\t{content}\n" for name, content in make())
                file.flush()
                code = 0
            finally:
                os._exit(code)
        left = [child]

        def made() -> Named:
            _, status = os.waitpid(left.pop(), 0)
            if status:
                yield from make()
                return
            file.seek(0)
            for line in file:
                name, _, content = line.rstrip("\n").partition("\t")
                yield name, content

        try:
            yield made
        finally:
            for process in left:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _threads() -> int:
    """Threads of this process; those that no Python knows of, too, where the system tells (Linux)."""
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return threading.active_count() + ("torch" in sys.modules)
