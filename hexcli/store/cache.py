"""diskcache's Cache without eviction, pickles or files; and one that is only read, where nothing can be written."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import diskcache

from hexcli.store import failures
from hexcli.store.row import RowRefusedError

# Keep everything: diskcache's default deletes the oldest rows at 1 GiB. No mmap: if somebody truncates a mapped
# file, reading it kills the process instead of raising.
# Synchronous 2: a row outlasts a power cut too.
POLICY = {
    **diskcache.core.DEFAULT_SETTINGS,
    "eviction_policy": "none",
    "size_limit": 2**62,
    "cull_limit": 0,
    "sqlite_mmap_size": 0,
    "sqlite_synchronous": 2,
}
DBNAME: str = diskcache.core.DBNAME


# Bytes of a row that is not read together with others, of which no one knows how large they are.
LARGE = 1 << 20
_SEVERAL = "SELECT key, mode, filename, CASE WHEN length(value) <= ? THEN value END FROM Cache WHERE raw = 1"


class Disk(diskcache.Disk):  # type: ignore[misc]
    """Text keys and bytes values, all inside the database; never a pickle (CVE-2025-69872) nor a file.

    What is put in otherwise is a bug, a TypeError; what is found otherwise a RowRefusedError.
    """

    def put(self, key: object) -> tuple[str, int]:
        if not isinstance(key, str):
            raise TypeError(f"a key is text, not {type(key).__name__}")
        return key, 1

    def get(self, key: object, raw: int) -> str:
        if not raw or not isinstance(key, str):
            raise RowRefusedError("its key is not one of ours")
        return key

    def store(self, value: object, read: bool, key: object = None) -> tuple[int, int, None, bytes]:
        if read or not isinstance(value, bytes):
            raise TypeError(f"a value is bytes, not {type(value).__name__}")
        return 0, diskcache.core.MODE_RAW, None, value

    def fetch(self, mode: int, filename: str | None, value: object, read: bool) -> object:
        if mode != diskcache.core.MODE_RAW:
            raise RowRefusedError("pickled" if mode == diskcache.core.MODE_PICKLE else "not one of ours")
        if filename is not None:
            raise RowRefusedError("it names a file")
        return value

    def remove(self, file_path: object) -> None:
        """Leave the file alone: no row of ours has one, and what another's names may be anybody's."""


class Cache(diskcache.Cache):  # type: ignore[misc]
    """diskcache's Cache with our policy; it also closes its connection when it cannot open."""

    def __init__(self, directory: Path) -> None:
        try:
            super().__init__(directory, timeout=failures.BUSY_SECONDS, disk=Disk, **POLICY)
        except (TypeError, ValueError, KeyError, AttributeError, AssertionError, OverflowError) as error:
            self.close()
            raise sqlite3.DatabaseError(f"its settings are none of ours: {error}") from None
        except BaseException:
            self.close()
            raise

    def several(self, keys: Sequence[str]) -> dict[str, bytes | None]:
        """The values of those keys that are there; None of one that is odd or large, which `get` is for."""
        select = f"{_SEVERAL} AND (expire_time IS NULL OR expire_time > ?) AND key IN ({','.join('?' * len(keys))})"
        return _plain(self._sql(select, (LARGE, time.time(), *keys)))

    @property
    def _sql_retry(self) -> Callable[..., Any]:
        """No waiting of its own, a minute without a word: Database waits, and says so."""
        execute: Callable[..., Any] = self._sql
        return execute


class ReadOnlyCache:
    """What is needed of a Cache where nothing can be written, for the reason `error`."""

    def __init__(self, directory: Path, error: BaseException) -> None:
        self._directory = directory
        self._error = error
        self._connection = connect_read_only(directory / DBNAME)

    def get(self, key: str) -> object:
        """The value under `key`, or None. Raises RowRefusedError as Cache.get."""
        select = "SELECT mode, filename, value FROM Cache WHERE key = ? AND raw = 1"
        for mode, filename, value in self._connection.execute(select, (key,)):
            return Disk.fetch(self, mode, filename, value, False)  # type: ignore[arg-type]
        return None

    def several(self, keys: Sequence[str]) -> dict[str, bytes | None]:
        """As Cache.several."""
        select = f"{_SEVERAL} AND key IN ({','.join('?' * len(keys))})"
        return _plain(self._connection.execute(select, (LARGE, *keys)))

    def set(self, key: str, value: bytes, tag: str | None = None) -> None:
        """Raises HexError: why nothing can be written."""
        raise failures.unusable(self._directory, self._error)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _plain(rows: Iterable[tuple[str, int, str | None, object]]) -> dict[str, bytes | None]:
    """key -> value, None where that is not as ours are."""
    sound = diskcache.core.MODE_RAW
    return {
        key: value if mode == sound and filename is None and isinstance(value, bytes) else None
        for key, mode, filename, value in rows
    }


def connect_read_only(file: Path) -> sqlite3.Connection:
    """A connection that writes nothing, not even beside the file where that cannot be.

    Raises sqlite3.DatabaseError where the file cannot be read.
    """
    uri = f"{file.absolute().as_uri()}?mode=ro"
    for way in (uri, f"{uri}&immutable=1"):
        connection = sqlite3.connect(way, uri=True, timeout=failures.BUSY_SECONDS, check_same_thread=False)
        try:
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
            return connection
        except sqlite3.OperationalError as error:
            connection.close()
            failure = error
    raise failure
