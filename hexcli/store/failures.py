"""What SQLite's errors mean for the generation cache: wait, mend, or tell the user."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hexcli.errors import HexError

BUSY_SECONDS = 5.0


def _code(error: BaseException) -> int:
    return getattr(error, "sqlite_errorcode", 0)


def busy(error: BaseException) -> bool:
    """Whether another process has the database: the same operation will work later."""
    return _code(error) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def undecodable(error: BaseException) -> bool:
    """Whether a row has text that is not text."""
    # Raised by Python's sqlite3, not by SQLite ("Could not decode to UTF-8 column"), hence without a code.
    return isinstance(error, sqlite3.OperationalError) and not _code(error)


def damaged(error: BaseException) -> bool:
    """Whether the database file may be at fault, rather than the disk or its permissions."""
    if isinstance(error, sqlite3.OperationalError):
        return _code(error) in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_IOERR_SHORT_READ)
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.ProgrammingError)


def sound(file: Path) -> bool:
    """Whether a database is whole; one that is not there is."""
    if not file.exists():
        return True
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
            return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])
    except sqlite3.DatabaseError as error:
        if damaged(error):
            return False
        raise


def unusable(directory: Path, error: BaseException) -> HexError:
    """The error for a directory that cannot hold the cache."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return HexError(
        f"cannot use the cache in '{directory}' ({reason}): "
        "free or mend it, or set HEX_CACHE_DIR to a folder that can be written"
    )
