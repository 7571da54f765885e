"""What ends a command early, and how it is told."""

import atexit
import contextlib
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED = 130
ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
PATIENCE = 5.0  # seconds for what is being saved, after which a second signal ends a command at once
AT_ONCE = b"hex: interrupted again: it ended at once; nothing that was saved is lost\n"
_SOON = 0.02  # seconds, by which a finalizer is through


class Ending:
    """SIGTERM and SIGHUP end a command as Ctrl-C does; and once is enough: what is being saved is saved.

    What Python drops, because it came inside a finalizer, is told again; who asks again after PATIENCE is obeyed.
    """

    def __init__(self) -> None:
        self._first: float | None = None
        self._number = 0

    def watch(self) -> None:
        """From here on, but for signals that are ignored, as by nohup."""
        for name in ENDING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._end)
        sys.unraisablehook = self._dropped

    def _end(self, number: int, frame: FrameType | None) -> None:
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
        again = threading.Timer(_SOON, _tell, [self._number])
        again.daemon = True
        again.start()


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
