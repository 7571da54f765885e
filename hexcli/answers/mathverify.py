r"""Whether two single expressions are equal, asked of math-verify (huggingface/Math-Verify) at arm's length.

Its own time limit is an alarm: it fails outside the main thread, and cannot interrupt `9^{9^9}`, which is one long
operation. So it runs in processes that can be killed, with a memory limit, as many as there are threads asking and
cores. They start with the first question (about a second) and stay for the next ones. Nothing here imports sympy.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

from hexcli.errors import HexError

SECONDS = 2.0  # for one comparison; a longer one counts as not equal
_START_SECONDS = 60.0
_LONGEST = 300  # characters of an expression; no answer is longer, and parsing goes with the square of it
_SCRIPT = Path(__file__).with_name("mathverify_worker.py")


def equal_expressions(a: str, b: str) -> bool:
    r"""Whether math-verify finds two expressions in LaTeX equal, each as the other's gold.

    What does not parse or needs more than 1 GiB is not equal. Not for words, lists, intervals or decimals: it takes
    `\text{east}` for `seat`, and `\sqrt{2}` for `1.414214`. A pair is asked once.

    Raises TimeoutError for what takes more than 2 seconds, HexError where math-verify cannot be started.
    """
    if max(len(a), len(b)) > _LONGEST:
        return False
    equal = _asked(*sorted((a, b)))
    if equal is None:
        raise TimeoutError(f"{a} and {b} could not be compared in {SECONDS:g} s")
    return equal


@lru_cache(maxsize=1 << 16)
def _asked(a: str, b: str) -> bool | None:
    return _pool(os.getpid()).ask(a, b)


class _Worker:
    """One process, one question at a time."""

    def __init__(self) -> None:
        self.killed = False
        # -P: the modules beside the script are not importable; -W: whatever the caller's filters, sympy warns.
        command = [sys.executable, "-P", "-W", "ignore", str(_SCRIPT)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, encoding="utf-8")
        ready = self._reply(_START_SECONDS)
        if ready != "ready":
            self.close()
            raise HexError(f"math-verify, which grades math, does not start: {ready or 'the process ended'}")

    @property
    def alive(self) -> bool:
        return not self.killed and self._process.poll() is None

    def ask(self, a: str, b: str) -> bool | None:
        """None where it took too long, or more memory than there is."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # then there is no reply either
            print(json.dumps([a, b]), file=self._process.stdin, flush=True)
        return {"1": True, "0": False}.get(self._reply(SECONDS))

    def close(self) -> None:
        self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()  # waits, and closes the pipes

    def _reply(self, seconds: float) -> str:
        """Its next line; empty where it ended, or was killed after so many seconds."""
        assert self._process.stdout is not None
        timer = threading.Timer(seconds, self._kill)
        timer.daemon = True
        timer.start()
        try:
            return self._process.stdout.readline().strip()
        finally:
            timer.cancel()
            timer.join()  # from here on it does not kill

    def _kill(self) -> None:
        self.killed = True
        self._process.kill()


class _Pool:
    """Workers for the threads of one process."""

    def __init__(self) -> None:
        self._slots = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._idle: list[_Worker] = []  # its append and pop are atomic
        self._owner = os.getpid()
        atexit.register(self._close)

    def ask(self, a: str, b: str) -> bool | None:
        with self._slots:
            worker = self._worker()
            try:
                equal = worker.ask(a, b)
            except BaseException:  # Ctrl-C half-way: its next reply would be to this question
                worker.close()
                raise
            if worker.alive:
                self._idle.append(worker)
            else:
                worker.close()
            return equal

    def _worker(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            worker.close()
        return _Worker()

    def _close(self) -> None:
        while self._idle and self._owner == os.getpid():  # a fork has no say in its parent's workers
            self._idle.pop().close()


@cache
def _pool(process: int) -> _Pool:
    """The pool of a process: a forked one starts its own."""
    return _Pool()
