"""Which generations are being decoded now, and by whom: so that commands at the same work share it.

Each process has a file beside the cache, which lists what it is at. It is alive as long as it holds the lock on that
file, which ends with the process, and as long as the file changes: a process writes a count there every few seconds.
Whoever looks times that with a clock of its own that never jumps, and on one machine need not even wait. No time of
day is ever compared. Claims only save work: where they cannot be had, everything is free.
"""

import contextlib
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hexcli.files import LARGEST_FILE, read_file

if TYPE_CHECKING:
    from filelock import FileLock

LEASE_SECONDS = 60.0  # without a sign of life, after which claims are free
BEAT_SECONDS = 5.0
LOCK_SECONDS = 10.0  # to wait for the lock under which claims are made
DIGITS = 12  # of the count, on the first line
FOLDER = "claims"


class Claims:
    """What this process is at, and what others are at. A context manager; the first claim makes the file."""

    def __init__(
        self, directory: Path, *, clock: Callable[[], float] = time.monotonic, lease: float = LEASE_SECONDS
    ) -> None:
        self._directory = directory / FOLDER
        self._clock = clock
        self._lease = lease
        self._mine: set[str] = set()
        self._name = f"{machine()}.{uuid.uuid4().hex}"
        self._own: FileLock | None = None
        self._beats = 0
        self._seen: dict[str, tuple[bytes, float]] = {}  # other's file -> its count, and when that was new
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def take(self, key: str) -> bool:
        """Whether nobody else is at this key: then this process is. True where nothing can be found out."""
        if key in self._mine:
            return True
        try:
            with self._making():
                if key in self._others():
                    return False
                self._mine.add(key)
                self._write()
        except (OSError, TimeoutError, NotImplementedError):
            self._mine.add(key)
        return True

    def release(self, key: str) -> None:
        """This process is done with the key. The file says so at the next claim: who asks looks into the cache."""
        self._mine.discard(key)

    def close(self) -> None:
        """Give up all claims."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        if self._own is not None:
            with contextlib.suppress(OSError):
                self._file(self._name).unlink(missing_ok=True)
            self._own.release()
            with contextlib.suppress(OSError):
                Path(self._own.lock_file).unlink(missing_ok=True)
        self._mine.clear()

    def __enter__(self) -> "Claims":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _making(self) -> "FileLock":
        """The lock under which claims are made; the file of this process is there then."""
        import filelock

        if self._own is None:
            self._directory.mkdir(parents=True, exist_ok=True)
            own = filelock.FileLock(self._directory / f"{self._name}.lock", timeout=0)
            own.acquire()
            self._own = own
            thread = threading.Thread(target=self._beat, daemon=True)
            thread.start()  # before it is kept: Ctrl-C may come in between, and only one that was started is joined
            self._thread = thread
        return filelock.FileLock(self._directory / ".lock", timeout=LOCK_SECONDS)

    def _file(self, name: str) -> Path:
        return self._directory / f"{name}.txt"

    def _beat(self) -> None:
        """Say that it lives, in place: who reads the file in that moment sees all its keys."""
        while not self._ending.wait(BEAT_SECONDS):
            with contextlib.suppress(OSError), self._lock, self._file(self._name).open("r+b", buffering=0) as file:
                file.write(self._count())

    def _write(self) -> None:
        """Say what this process is at. Only under the lock: others read the file under it, too."""
        with self._lock:
            keys = "".join(f"{key}\n" for key in sorted(self._mine))
            self._file(self._name).write_bytes(self._count() + b"\n" + keys.encode())

    def _count(self) -> bytes:
        self._beats += 1
        return f"{self._beats:0{DIGITS}}".encode()

    def _others(self) -> set[str]:
        """The keys that others are at; the files of those that are no more are deleted."""
        found: set[str] = set()
        for file in self._directory.glob("*.txt"):
            name = file.stem
            if name == self._name:
                continue
            try:
                beat, *keys = read_file(file, LARGEST_FILE).splitlines()
            except (OSError, ValueError):  # it has just ended, or begins
                continue
            if self._alive(name, beat):
                found.update(key.decode(errors="replace") for key in keys)
            else:
                self._seen.pop(name, None)
                for leftover in (file, self._directory / f"{name}.lock"):
                    leftover.unlink(missing_ok=True)
        return found

    def _alive(self, name: str, beat: bytes) -> bool:
        known = self._seen.get(name)
        now = self._clock()
        if known is None or known[0] != beat:
            self._seen[name] = (beat, now)
        elif now - known[1] > self._lease:
            return False
        return not (name.startswith(f"{machine()}.") and self._let_go(name))

    def _let_go(self, name: str) -> bool:
        """Whether a process of this machine has ended: nobody holds its lock."""
        import filelock

        try:
            with filelock.FileLock(self._directory / f"{name}.lock", timeout=0):
                return True
        except filelock.Timeout:
            return False


def machine() -> str:
    """A name of this machine since it was started: locks of others need not be seen from here."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        import platform

        return platform.node() or "here"
