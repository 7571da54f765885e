"""Ctrl-C in a chosen moment: after the n-th call that changes something on the disk."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CALLS = ("fsync", "replace", "rename", "ftruncate", "unlink", "remove", "rmdir", "mkdir")
CHANGING = ("BEGIN", "COMMIT", "DELETE")


class Moments:
    """Counts the moments after each such call of the main thread; KeyboardInterrupt in the `chosen` one."""

    def __init__(self, chosen: int | None = None) -> None:
        self.chosen = chosen
        self.count = 0
        self.struck = ""

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        """What the call returns."""
        found = call()
        self.moment(name)
        return found

    def moment(self, name: str) -> None:
        """Strikes where it is the chosen one."""
        if threading.current_thread() is threading.main_thread():
            self.count += 1
            if self.count == self.chosen:
                self.struck = name
                raise KeyboardInterrupt


@contextmanager
def interrupted_at(chosen: int | None) -> Iterator[Moments]:
    """Inside, the chosen moment (from 1) is Ctrl-C; with None they are counted only."""
    moments = Moments(chosen)

    class Watched(sqlite3.Connection):
        """A connection whose changes are moments too."""

        def execute(self, sql: str, *given: Any) -> Any:
            return self._around(sql, lambda: super(Watched, self).execute(sql, *given))

        def executemany(self, sql: str, *given: Any) -> Any:
            return self._around(sql, lambda: super(Watched, self).executemany(sql, *given))

        def _around(self, sql: str, call: Callable[[], Any]) -> Any:
            word = sql.split(None, 1)[0].upper()
            return moments.around(word, call) if word in CHANGING else call()

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given, **more: moments.around(call.__name__, lambda: call(*given, **more))

    connect = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, watched(getattr(os, name)))
        patch.setattr(sqlite3, "connect", lambda *given, **more: connect(*given, factory=Watched, **more))
        yield moments
