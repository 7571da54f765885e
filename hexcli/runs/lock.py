"""The lock of a run folder: one process at a time writes it."""

from pathlib import Path
from typing import TYPE_CHECKING

from hexcli.errors import HexError
from hexcli.files import why

if TYPE_CHECKING:
    from filelock import FileLock

LOCK = ".lock"


class RunBusyError(HexError):
    """Another process writes this run folder."""


def lock_run(path: Path, wait: float = 0.0) -> "FileLock":
    """The lock of a run folder, taken. Raises RunBusyError where another process has it, HexError without locks."""
    import filelock

    lock = filelock.FileLock(path / LOCK, timeout=wait)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise RunBusyError(f"run '{path}' is being written by another process") from None
    except NotImplementedError as error:
        raise HexError(f"cannot lock '{path}': {error}") from None
    except OSError as error:
        raise HexError(f"cannot write '{path / LOCK}': {why(error)}") from None
    return lock
