"""The SQLite database under the generation cache, opened, waited for, rebuilt or only read as that takes."""

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import diskcache

from hexcli.errors import HexError
from hexcli.store import failures
from hexcli.store.cache import DBNAME, Cache, ReadOnlyCache, connect_read_only
from hexcli.store.failures import busy, damaged, reason, refused, undecodable, unusable, unwritable
from hexcli.store.rebuilding import rebuild, take_up
from hexcli.store.row import RowRefusedError
from hexcli.store.salvage import in_order
from hexcli.store.structure import foreign

T = TypeVar("T")

REPAIRS = 2  # of one operation, before we give up
STORED = "COALESCE(CAST(store_time AS REAL), 0.0)"


class Entry(NamedTuple):
    """What the database says of a row without reading it: its number, key, model identity, time of storing and size.

    `key` is None where it is not one that we write.
    """

    number: int
    key: str | None
    model: str
    stored: float
    bytes: int


class Database:
    """Runs operations on the Cache in a directory, which is opened, waited for, or replaced as that takes."""

    def __init__(self, directory: Path, *, warn: Callable[[str], None]) -> None:
        self.directory = directory
        self._warn = warn
        self.read_only: str | None = None  # why nothing can be written, where that is so
        self._cache: Cache | ReadOnlyCache | None = None
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
                    self.close()
                    rebuild(self.directory, damage, warn=self._warn)
                    damage = None
                return operation(self._current())
            except (diskcache.Timeout, sqlite3.DatabaseError, OSError) as failure:
                error: BaseException = failure
            except UnicodeDecodeError as failure:  # of a message of SQLite, which quotes the damaged schema
                error = sqlite3.DatabaseError(f"its schema is no text: {failure.reason}")
            error = _cause(error)
            if busy(error):
                self._wait(time.monotonic() - started)
            elif undecodable(error):
                raise RowRefusedError("not the text it claims to be")
            elif damaged(error) and repairs < REPAIRS:
                repairs += 1
                damage = error
            else:
                raise unusable(self.directory, error) from error

    def _wait(self, waited: float) -> None:
        """Leave another process a moment. Raises HexError where it has had its time."""
        if waited > failures.GIVE_UP_SECONDS:
            raise failures.locked(self.directory)
        if waited > failures.SAY_SECONDS and not self._said_busy:
            self._said_busy = True
            limit = failures.GIVE_UP_SECONDS
            self._warn(f"cache '{self.directory}' is busy with another process; waiting for at most {limit:g} s")
        time.sleep(0.01)

    def entries(self) -> list[Entry]:
        """All rows, in the order they were first put, sound or not."""
        # As blobs, because text in a damaged row need not be text.
        sql = (
            "SELECT rowid, CASE WHEN raw = 1 AND typeof(key) = 'text' THEN CAST(key AS BLOB) END, "
            f"CAST(tag AS BLOB), {STORED}, COALESCE(LENGTH(value), 0) FROM Cache ORDER BY rowid"
        )

        def select(_: Cache) -> list[tuple[Any, ...]]:
            with closing(self._connect()) as connection:
                return list(in_order(connection.execute(sql)))

        return [
            Entry(number, _text(key) if key and key.isascii() else None, _text(tag or b""), at, size)
            for number, key, tag, at, size in self.run(select)
        ]

    def delete(self, entries: Iterable[Entry]) -> int:
        """Delete rows, all or none; how many that were. A row put again since `entries()` stays."""
        doomed = [(entry.number, entry.stored) for entry in entries]

        def execute(_: Cache) -> int:
            with closing(self._connect()) as connection, connection:
                return connection.executemany(f"DELETE FROM Cache WHERE rowid = ? AND {STORED} = ?", doomed).rowcount

        return self.run(execute)

    def findings(self) -> list[str]:
        """What is wrong with the database itself, one line each; nothing is changed."""

        def check(_: Any) -> list[str]:
            with closing(self._connect()) as connection:
                found = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
                if found != ["ok"]:
                    return found
                ((rows,),) = connection.execute("SELECT COUNT(*) FROM Cache")
                counted = connection.execute("SELECT value FROM Settings WHERE key = 'count'").fetchall()
            told = counted[0][0] if counted else "no"
            return [] if told == rows else [f"it counts {told} rows, not {rows}"]

        return self.run(check)

    def _connect(self) -> sqlite3.Connection:
        file = self.directory / DBNAME
        return connect_read_only(file) if self.read_only else sqlite3.connect(file, timeout=failures.BUSY_SECONDS)

    def _current(self) -> "Cache | ReadOnlyCache":
        """The open Cache; opened again if its file was moved or deleted: rows would be written into the void."""
        if self._cache is not None and _file_number(self.directory) != self._file:
            self.close()
            self._warn(f"cache '{self.directory}' was moved or deleted by somebody else; opened again")
        if self._cache is None:
            self._cache = self._opened()
            self._file = _file_number(self.directory)
        return self._cache

    def _opened(self) -> "Cache | ReadOnlyCache":
        """The Cache, after a look at what the file is; one that is only read where it cannot be written."""
        self._require_file()
        try:
            take_up(self.directory)
            self.directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.directory.mkdir(mode=0o700, exist_ok=True)
            self._require_ours()
            return Cache(self.directory)
        except (sqlite3.DatabaseError, OSError) as failure:
            error = _cause(failure)
        if not unwritable(error) or not (self.directory / DBNAME).is_file():
            raise error
        if refused(error, self.directory / DBNAME):
            raise sqlite3.DatabaseError(f"{error}, by its own header")
        cache = ReadOnlyCache(self.directory, error)
        if self.read_only is None:
            self._warn(f"cache '{self.directory}' cannot be written ({reason(error)}): it is only read")
        self.read_only = reason(error)
        return cache

    def _require_file(self) -> None:
        """Raises HexError where a pipe, a device or a folder has the database's name: opening it may never end."""
        file = self.directory / DBNAME
        try:
            kind = file.stat().st_mode
        except OSError:  # it is not there, or cannot be reached: whoever opens it will say so
            return
        if not stat.S_ISREG(kind):
            raise HexError(f"cannot use the cache in '{self.directory}': its {DBNAME} is no file; move it away")

    def _require_ours(self) -> None:
        """Raises sqlite3.DatabaseError where the database is another's, or was changed to do what ours does not."""
        file = self.directory / DBNAME
        if file.exists():
            with closing(sqlite3.connect(file, timeout=failures.BUSY_SECONDS)) as connection:
                if (strange := foreign(connection)) is not None:
                    raise sqlite3.DatabaseError(strange)


def _text(told: bytes) -> str:
    return told.decode(errors="replace")


def _file_number(directory: Path) -> int:
    try:
        return os.stat(directory / DBNAME).st_ino  # noqa: PTH116 (on every get; twice as fast)
    except FileNotFoundError:
        return -1


def _cause(error: BaseException) -> BaseException:
    """What is behind it: diskcache calls any failure to begin a Timeout, and a failed rollback hides its reason."""
    while isinstance(error.__context__, sqlite3.Error):
        error = error.__context__
    return error
