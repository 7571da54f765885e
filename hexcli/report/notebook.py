"""How the work goes, in a notebook: one line that changes in place, where a bar of a terminal would be many."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TextIO

from hexcli.report.progress import Meter
from hexcli.report.terminal import visible

INTERVAL = 0.5  # seconds between two states of the line
_BAR = 20  # characters


class LineMeter(Meter):
    """A line, written over itself: a notebook shows what stands behind the last carriage return."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, clock)
        self._shown = -INTERVAL + self.started
        self._length = 0

    def note(self, message: str) -> None:
        """See Watcher: a line of its own."""
        self._over("")
        self._length = 0
        print(f"\r{visible(message)}", file=self.stream, flush=True)

    def loading(self, share: float) -> None:
        """See Watcher."""
        self._now_and_then(f"reading the model: {share:.0%}", last=share >= 1)

    def show(self) -> None:
        """Bring the line up to date, twice a second; the last state ends it."""
        if not self.nfe_wanted:
            return
        done = self.generations == self.total
        full = _BAR if done else int(_BAR * min(self.nfe / self.nfe_wanted, 1))
        self._now_and_then(f"{'█' * full}{'░' * (_BAR - full)} {self.line}", last=done)

    def _now_and_then(self, text: str, *, last: bool) -> None:
        if last or self.clock() - self._shown >= INTERVAL:
            self._shown = self.clock()
            self._over(visible(text))
            if last:
                self._length = 0
                print(file=self.stream, flush=True)

    def _over(self, text: str) -> None:
        if text or self._length:
            print(f"\r{text.ljust(self._length)}", end="", file=self.stream, flush=True)
        self._length = len(text)


def notebook_meter(stream: TextIO) -> AbstractContextManager[Meter]:
    """The meter of a notebook, to be used in a `with`."""
    return nullcontext(LineMeter(stream))
