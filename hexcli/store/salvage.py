"""The rows of a damaged database that can still be read: each proves to be what was put, or is left."""

import itertools
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from hexcli.store.row import RowRefusedError, unpack

Found = tuple[str, bytes, str]  # key, value, model

_TOGETHER = 1000  # rows a transaction
_PAGE = 4096
_LEAST = 100  # bytes that a row takes, with its checksum
_COUNT_AT = slice(28, 32)  # of the pages, in the header (sqlite.org/fileformat2.html, section 1.3)
_ERRORS = (sqlite3.Error, UnicodeDecodeError)  # the latter of a message of SQLite, which quotes a damaged schema
_SELECT = (
    "SELECT rowid, CASE WHEN typeof(key) = 'text' THEN CAST(key AS BLOB) END, "
    "CASE WHEN typeof(value) = 'blob' THEN value END FROM Cache"
)


def salvage(damaged: Path, fresh: Path, put: Callable[[list[Found]], None]) -> int:
    """Bring the rows that can be read in the database `damaged` to `put`, some at a time; how many.

    `fresh` is an empty database of ours: its first page, which says where the tables begin, stands in for that of the
    damaged one in a copy beside `fresh`. Nothing in `damaged` is changed or believed.
    """
    seen: set[str] = set()
    waiting: list[Found] = []

    def take(rows: Iterator[tuple[Any, ...]]) -> None:
        for _, raw, value in rows:
            key = bytes(raw).decode("ascii", "replace") if raw else ""
            if key in seen or value is None:
                continue
            with suppress(RowRefusedError):
                waiting.append((key, value, str(unpack(key, value).about["model"])))
                seen.add(key)
            if len(waiting) >= _TOGETHER:
                put(waiting)
                waiting.clear()

    take(_rows(damaged))
    if not _whole(damaged):
        copy = fresh.with_name("first-page-replaced.db")
        try:
            if _with_first_page(damaged, fresh, copy):
                take(_rows(copy))
        finally:
            for name in (copy, *_beside(copy)):
                name.unlink(missing_ok=True)
    if waiting:
        put(waiting)
    return len(seen)


def _whole(file: Path) -> bool:
    """Whether every page can be read: only what the database says of itself is damaged."""
    with suppress(*_ERRORS), closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        return opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return False


def _rows(file: Path) -> Iterator[tuple[Any, ...]]:
    """Every row that can be read: from the front up to the first bad page, from the back, and one by one between."""
    with suppress(*_ERRORS), closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        opened.execute("PRAGMA writable_schema = ON")  # read on where a part of the schema cannot be
        first = last = None
        with suppress(*_ERRORS):
            for row in in_order(opened.execute(f"{_SELECT} ORDER BY rowid")):
                first = row[0]
                yield row
            return
        with suppress(*_ERRORS):
            for row in in_order(opened.execute(f"{_SELECT} ORDER BY rowid DESC"), down=True):
                last = row[0]
                yield row
        most = file.stat().st_size // _LEAST
        for number in itertools.islice(_between(opened, first or 0, last, most), most):
            with suppress(*_ERRORS):
                yield from opened.execute(f"{_SELECT} WHERE rowid = ?", (number,)).fetchall()


def in_order(rows: Iterable[tuple[Any, ...]], *, down: bool = False) -> Iterator[tuple[Any, ...]]:
    """Rows that begin with their number, as long as these go up (or down).

    Raises sqlite3.DatabaseError where they do not: a page that leads back to one before it would be read for ever.
    """
    before: int | None = None
    for row in rows:
        if before is not None and (row[0] >= before if down else row[0] <= before):
            raise sqlite3.DatabaseError("its rows are out of order")
        before = row[0]
        yield row


def _between(opened: sqlite3.Connection, first: int, last: int | None, most: int) -> Iterator[int]:
    """The numbers of the rows that neither end reached; where these are too many, those that the index knows."""
    if last is not None and last - first <= most:
        yield from range(first + 1, last)
        return
    for order in ("", " DESC"):
        with suppress(*_ERRORS):
            for (number,) in opened.execute(f"SELECT rowid FROM Cache INDEXED BY Cache_key_raw ORDER BY key{order}"):
                yield number


def _with_first_page(damaged: Path, fresh: Path, copy: Path) -> bool:
    """Make `copy` of the damaged database with the first page of the fresh one; whether that can be."""
    size = damaged.stat().st_size
    if size < 2 * _PAGE:
        return False
    with fresh.open("rb") as file:
        page = bytearray(file.read(_PAGE))
    page[_COUNT_AT] = (size // _PAGE).to_bytes(4, "big")
    page[92:96] = page[24:28]  # the page count is valid for this change counter
    shutil.copyfile(damaged, copy)
    with copy.open("r+b") as file:
        file.truncate(size - size % _PAGE)
        file.write(page)
    for source, target in zip(_beside(damaged)[:1], _beside(copy)[:1], strict=True):
        if source.is_file():
            shutil.copyfile(source, target)  # the log may hold the first page, whole
    return True


def _beside(file: Path) -> list[Path]:
    return [file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-shm")]
