"""Workers as processes of this machine, started afresh (never forked: torch's threads do not survive that)."""

import dataclasses
import json
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from hexcli.errors import HexError
from hexcli.files import why
from hexcli.workers.crew import Seat
from hexcli.workers.links import Hear
from hexcli.workers.messages import Message
from hexcli.workers.spec import Spec

_ROOT = Path(__file__).parents[2]
# -P: files of the working folder are not importable; the package is the driver's, wherever that has it from.
_CODE = f"""import sys
sys.path[:0] = [] if {str(_ROOT)!r} in sys.path else [{str(_ROOT)!r}]
from hexcli.workers.process import main
main()"""
_COMMAND = [sys.executable, "-P", "-c", _CODE]
_KEPT = 2000  # characters of what it last said on stderr


class Processes:
    """A Launcher of processes that decode with one model."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec

    def launch(self, seat: Seat, hear: Hear) -> "Process":
        """See Launcher."""
        return Process(seated(self._spec, seat), hear)

    def close(self) -> None:
        """See Launcher: each is killed through its link."""


class Process:
    """A Link to a process. Threads of its own hear it."""

    def __init__(self, spec: Spec, hear: Hear) -> None:
        pipe = subprocess.PIPE
        try:
            # A session of its own: a terminal's Ctrl-C and hang-up are for the driver, which ends its workers.
            self._process = subprocess.Popen(
                _COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace",
                start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise HexError(f"cannot start a worker: {why(error)}") from None
        self._hear = hear
        self._said = ""
        # In this order: the second one waits for the first, and a process that was killed at once is through by now.
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._listen_stderr, self._listen)]
        for thread in self._threads:
            thread.start()
        self.send(spec.to_dict())

    def send(self, message: Message) -> None:
        """See Link."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # it has ended, and says so
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def kill(self) -> None:
        """See Link."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        with suppress(OSError):  # what it did not read any more
            self._process.stdin.close()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            for line in stdout:
                if line.endswith("\n"):
                    self._hear(json.loads(line))
        code = self._process.wait()
        self._threads[0].join()
        self._hear({"ended": self._why(code)})

    def _listen_stderr(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stderr:
            for line in stderr:
                self._said = (self._said + line)[-_KEPT:]

    def _why(self, code: int) -> str:
        if code == -getattr(signal, "SIGKILL", 9):
            return "killed, perhaps for memory (SIGKILL)"
        if code < 0:
            return f"killed by {signal.Signals(-code).name}"
        last = next((line for line in reversed(self._said.splitlines()) if line.strip()), "it said nothing")
        return f"exit code {code}: {last.strip()}"


def seated(spec: Spec, seat: Seat) -> Spec:
    """The spec of a worker on this seat."""
    checkpoint = spec.checkpoint
    if seat.device_map is not None:
        options = dataclasses.replace(checkpoint.options, device_map=seat.device_map)
        checkpoint = dataclasses.replace(checkpoint, options=options)
    return dataclasses.replace(spec, checkpoint=checkpoint, device=seat.device, threads=seat.threads)
