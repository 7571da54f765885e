"""What SQLite's errors mean for the generation cache: wait, mend, only read, or tell the user."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from hexcli.errors import HexError
from hexcli.files import why

BUSY_SECONDS = 1.0  # that SQLite itself waits for a lock
SAY_SECONDS = 2.0  # until a lock that does not go is said
GIVE_UP_SECONDS = 60.0  # until it is given up

_NOT_TO_BE_WRITTEN = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT)
_MAIN = 0xFF  # the error itself, without what it was about


def _code(error: BaseException) -> int:
    return getattr(error, "sqlite_errorcode", 0)


def busy(error: BaseException) -> bool:
    """Whether another process has the database: the same operation will work later."""
    return _code(error) & _MAIN in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def undecodable(error: BaseException) -> bool:
    """Whether a row has text that is not text."""
    # Raised by Python's sqlite3, not by SQLite ("Could not decode to UTF-8 column"), hence without a code.
    return isinstance(error, sqlite3.OperationalError) and not _code(error)


def damaged(error: BaseException) -> bool:
    """Whether the database file may be at fault, rather than the disk or its permissions."""
    if isinstance(error, sqlite3.OperationalError):
        return _code(error) in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_IOERR_SHORT_READ)
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.ProgrammingError)


def unwritable(error: BaseException) -> bool:
    """Whether the disk, or its permissions, allow no writing: what is there may still be read."""
    if isinstance(error, OSError):
        return error.errno in _NOT_TO_BE_WRITTEN
    code = _code(error) & _MAIN
    return code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM) or (
        code == sqlite3.SQLITE_IOERR and _code(error) != sqlite3.SQLITE_IOERR_SHORT_READ
    )


def refused(error: BaseException, file: Path) -> bool:
    """Whether a database that could be written is read-only by what its header says: it is damaged."""
    writable = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    return writable and _code(error) & _MAIN == sqlite3.SQLITE_READONLY


def sound(file: Path) -> bool:
    """Whether a database is whole, built as ours and can be written; one that is not there is."""
    from hexcli.store.structure import foreign

    if not file.exists():
        return True
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            return whole and foreign(connection) is None
    except UnicodeDecodeError:  # of a message of SQLite, which quotes the damaged schema
        return False
    except sqlite3.DatabaseError as error:
        if damaged(error) or refused(error, file):
            return False
        raise


def reason(error: BaseException) -> str:
    """Why, in a few words."""
    if _code(error) & _MAIN == sqlite3.SQLITE_FULL:
        return "disk full"
    return why(error) if isinstance(error, OSError) else str(error)


def unusable(directory: Path, error: BaseException) -> HexError:
    """The error for a directory that cannot hold the cache."""
    return HexError(
        f"cannot use the cache in '{directory}' ({reason(error)}): "
        "free or mend it, or set HEX_CACHE_DIR to a folder that can be written"
    )


def locked(directory: Path) -> HexError:
    """The error for a lock that does not go."""
    return HexError(
        f"cannot use the cache in '{directory}': another process has held it locked for {GIVE_UP_SECONDS:g} s; "
        "end that process (or 'fuser' names it), or set HEX_CACHE_DIR to another folder"
    )
