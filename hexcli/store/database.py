"""The SQLite database under the generation cache: diskcache without eviction, pickles, or fatal damage."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import diskcache

from hexcli.store.failures import BUSY_SECONDS, busy, damaged, sound, undecodable, unusable
from hexcli.store.row import RowRefusedError

T = TypeVar("T")

# Keep everything: diskcache's default deletes the oldest rows at 1 GiB. No mmap: if somebody truncates a mapped
# file, reading it kills the process instead of raising.
# Synchronous 2: a row outlasts a power cut too.
POLICY = {
    "eviction_policy": "none",
    "size_limit": 2**62,
    "cull_limit": 0,
    "sqlite_mmap_size": 0,
    "sqlite_synchronous": 2,
}
REPAIRS = 2  # of one operation, before we give up
DBNAME = diskcache.core.DBNAME
STORED = "COALESCE(CAST(store_time AS REAL), 0.0)"


class Entry(NamedTuple):
    """What the database says of a row without reading it: its number, key, model identity and time of storing.

    `key` is None where it is not one that we write.
    """

    number: int
    key: str | None
    model: str
    stored: float


class Disk(diskcache.Disk):  # type: ignore[misc]
    """Text keys and bytes values, all inside the database; never a pickle (CVE-2025-69872) nor a file."""

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
        return value


class Cache(diskcache.Cache):  # type: ignore[misc]
    """diskcache's Cache with our policy; it also closes its connection when it cannot open."""

    def __init__(self, directory: Path) -> None:
        try:
            super().__init__(directory, timeout=BUSY_SECONDS, disk=Disk, **POLICY)
        except BaseException:
            self.close()
            raise


class Database:
    """Runs operations on the Cache in a directory, which is opened, waited for, or replaced as that takes."""

    def __init__(self, directory: Path, *, warn: Callable[[str], None]) -> None:
        self.directory = directory
        self._warn = warn
        self._cache: Cache | None = None
        self._file = 0
        self._said_busy = False

    def close(self) -> None:
        """Close the connection; the next operation opens it again."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def run(self, operation: Callable[[Any], T]) -> T:
        """What `operation` returns for the Cache; it may be called more than once.

        Raises HexError, naming the directory, where it cannot be done, and RowRefusedError as `operation` does.
        """
        started, repairs = time.monotonic(), 0
        damage: BaseException | None = None
        while True:
            try:
                if damage is not None:
                    self._move_aside(damage)
                    damage = None
                return operation(self._current())
            except (diskcache.Timeout, sqlite3.DatabaseError, OSError) as failure:
                error: BaseException = failure
            # diskcache calls any failure to begin a Timeout, and a failed rollback hides why it was tried.
            while isinstance(error.__context__, sqlite3.Error):
                error = error.__context__
            if busy(error):
                if time.monotonic() - started > BUSY_SECONDS / 2 and not self._said_busy:
                    self._said_busy = True
                    self._warn(f"cache '{self.directory}' is busy with another process; waiting")
                time.sleep(0.01)
            elif undecodable(error):
                raise RowRefusedError("not the text it claims to be")
            elif damaged(error) and repairs < REPAIRS:
                repairs += 1
                damage = error
            else:
                raise unusable(self.directory, error) from error

    def entries(self) -> list[Entry]:
        """All rows, in the order they were first put, sound or not."""
        # As blobs, because text in a damaged row need not be text.
        sql = (
            "SELECT rowid, CASE WHEN raw = 1 AND typeof(key) = 'text' THEN CAST(key AS BLOB) END, "
            f"CAST(tag AS BLOB), {STORED} FROM Cache ORDER BY rowid"
        )

        def select(_: Cache) -> list[tuple[Any, ...]]:
            with closing(self._connect()) as connection:
                return connection.execute(sql).fetchall()

        return [
            Entry(number, key.decode() if key and key.isascii() else None, (tag or b"").decode(errors="replace"), at)
            for number, key, tag, at in self.run(select)
        ]

    def delete(self, entries: Iterable[Entry]) -> int:
        """Delete rows, all or none; how many that were. A row put again since `entries()` stays."""
        doomed = [(entry.number, entry.stored) for entry in entries]

        def execute(_: Cache) -> int:
            with closing(self._connect()) as connection, connection:
                return connection.executemany(f"DELETE FROM Cache WHERE rowid = ? AND {STORED} = ?", doomed).rowcount

        return self.run(execute)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.directory / DBNAME, timeout=BUSY_SECONDS)

    def _current(self) -> Cache:
        """The open Cache; opened again if its file was moved or deleted: rows would be written into the void."""
        if self._cache is not None and _file_number(self.directory) != self._file:
            self.close()
            self._warn(f"cache '{self.directory}' was moved or deleted by somebody else; opened again")
        if self._cache is None:
            self.directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.directory.mkdir(mode=0o700, exist_ok=True)
            self._cache = Cache(self.directory)
            self._file = _file_number(self.directory)
        return self._cache

    def _move_aside(self, error: BaseException) -> None:
        import filelock

        self.close()
        # Of two processes that meet the damage, the second finds the fresh database of the first.
        with filelock.FileLock(self.directory.with_name(self.directory.name + ".lock")):
            if sound(self.directory / DBNAME):
                return
            number = 1
            while (aside := self.directory.with_name(f"{self.directory.name}.damaged-{number}")).exists():
                number += 1
            self.directory.rename(aside)
        self._warn(f"cache '{self.directory}' is damaged ({error}); moved to '{aside}', starting a fresh one")


def _file_number(directory: Path) -> int:
    try:
        return os.stat(directory / DBNAME).st_ino  # noqa: PTH116 (on every get; twice as fast)
    except FileNotFoundError:
        return -1
