"""What ends a command early, and how it is told."""

import atexit
import contextlib
import os
import signal
import sys
import threading
import time
from types import CodeType, FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED = 130
ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
PATIENCE = 5.0  # seconds for what is being saved, after which a second signal ends a command at once
AT_ONCE = b"hex: interrupted again: it ended at once; nothing that was saved is lost\n"
_SOON = 0.02  # seconds, by which a finalizer is through


def heeded() -> list[int]:
    """The signals of ENDING that this system has and nobody ignores, as nohup does."""
    numbers = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    return [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]


class Ending:
    """SIGTERM and SIGHUP end a command as Ctrl-C does; and once is enough: what is being saved is saved.

    What Python drops, because it came inside a finalizer, is told again; who asks again after PATIENCE is obeyed.
    """

    def __init__(self) -> None:
        self._first: float | None = None
        self._number = 0

    def watch(self) -> None:
        """From here on."""
        for number in heeded():
            signal.signal(number, self._end)
        sys.unraisablehook = self._dropped

    def done(self) -> None:
        """The command has done what it was asked: its exit code stands, whatever signal comes while Python ends."""
        for number in heeded():
            signal.signal(number, signal.SIG_IGN)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if _inside(frame, Ending._dropped.__code__):
            return  # what is raised there is dropped as well: `_again` goes on telling
        if self._first is None:
            self._first, self._number = time.monotonic(), number
            raise KeyboardInterrupt
        if time.monotonic() - self._first >= PATIENCE:
            with contextlib.suppress(OSError):
                os.write(2, AT_ONCE)
            os._exit(INTERRUPTED)

    def _dropped(self, what: "UnraisableHookArgs") -> None:
        if not issubclass(what.exc_type, KeyboardInterrupt) or self._first is None:
            sys.__unraisablehook__(what)
            return
        self._first = None
        threading.Thread(target=self._again, daemon=True).start()

    def _again(self) -> None:
        """Tell it, until it is heard."""
        while self._first is None:
            time.sleep(_SOON)
            _tell(self._number)


def _inside(frame: FrameType | None, code: CodeType) -> bool:
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    return frame is not None


def _tell(number: int) -> None:
    """A signal for this process, which wakes its main thread; where there are none, at its next step."""
    if hasattr(signal, "pthread_kill"):
        os.kill(os.getpid(), number)
    else:
        import _thread

        _thread.interrupt_main(signal.Signals(number))


def leave_at_once() -> NoReturn:
    """Python itself would end by SIGINT, not by the exit code, where Ctrl-C went through an extension's own code."""
    atexit._run_exitfuncs()
    os._exit(INTERRUPTED)
