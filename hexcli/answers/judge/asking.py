r"""Whether two expressions are equal, asked of sympy at arm's length.

It cannot be interrupted in one long operation (`9^{9^9}`), so it runs in processes that can be killed, with a limit
on their memory and on the processor's time, as many as there are threads asking and cores. They start with the
first question (about a second) and stay for the next ones. Nothing here imports sympy.
"""

import atexit
import os
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

from hexcli.answers.judge.worker import SECONDS
from hexcli.errors import HexError

WALL_SECONDS = 20.0  # of the clock, should the processor not be had, or not be measured (Windows)
TRIES = 2
_START_SECONDS = 60.0
_LONGEST = 20_000  # characters of a question
_SCRIPT = Path(__file__).with_name("worker.py")


def equal_expressions(question: str) -> bool:
    """The answer to a question (answers.math.question): are these values equal? Each is asked once.

    Raises TimeoutError for what was not decided: it takes more than 0.6 s of processor time, twice, or 1 GiB, or
    sympy cannot tell. Raises HexError where sympy cannot be started.
    """
    equal = _asked(question) if len(question) <= _LONGEST else None
    if equal is None:
        raise TimeoutError(f"not decided within {SECONDS:g} s of processor time")
    return equal


@lru_cache(maxsize=1 << 16)
def _asked(question: str) -> bool | None:
    return _pool(os.getpid()).ask(question)


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
            raise HexError(f"sympy, which grades math, does not start: {ready or 'the process ended'}")

    @property
    def alive(self) -> bool:
        return not self.killed and self._process.poll() is None

    def ask(self, question: str) -> str:
        """Its reply; empty where it took too long, or died of it."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # then there is no reply either
            print(question, file=self._process.stdin, flush=True)
        return self._reply(WALL_SECONDS)

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

    def ask(self, question: str) -> bool | None:
        """What a worker says; a question that ended one is asked once more. None: not decided."""
        with self._slots:
            for _ in range(TRIES):
                if reply := self._reply(question):
                    return {"1": True, "0": False}.get(reply)
            return None

    def _reply(self, question: str) -> str:
        worker = self._worker()
        try:
            reply = worker.ask(question)
        except BaseException:  # Ctrl-C half-way: its next reply would be to this question
            worker.close()
            raise
        if reply and worker.alive:
            self._idle.append(worker)
        else:
            worker.close()
        return reply

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
