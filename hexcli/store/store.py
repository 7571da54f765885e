"""The generation cache: every response ever decoded, kept for ever on disk.

A row is trusted only if it proves to be what was put (row.py), and nothing is ever unpickled. A damaged row is one
warning and a miss; a damaged database is one warning, moved aside, and a fresh one with what can be read of it
(rebuilding.py). Where nothing can be written, it is one warning, and what is there is read (cache.py). Any number of
processes may use one cache, and each may be killed at any time. Looking after it (stats, verify, prune, export) is
upkeep.py.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from operator import methodcaller
from pathlib import Path
from typing import Any, Self

from hexcli.errors import HexError
from hexcli.keys import key_of
from hexcli.records import Response
from hexcli.store.database import Database
from hexcli.store.row import RowRefusedError, StoredRow, pack, unpack

TOGETHER = 256  # rows that the database is asked for at a time


def cache_dir() -> Path:
    """Where the cache lives: $HEX_CACHE_DIR, else the platform's cache directory of this user."""
    if named := os.environ.get("HEX_CACHE_DIR"):
        return Path(os.path.expanduser(named))  # noqa: PTH111  pathlib raises on `~nobody`
    import platformdirs

    return Path(platformdirs.user_cache_dir("hexcli"))


def open_store(directory: Path | None = None, *, warn: Callable[[str], None]) -> "GenerationStore":
    """The generation cache in `directory` (default: `cache_dir()`), created if need be. The one way to open it.

    `warn` gets one line for whatever is damaged, now or later. Raises HexError where there can be no cache.
    """
    # One level down: a damaged database can be moved aside even if the cache directory is a mount point.
    return GenerationStore((directory or cache_dir()) / "generations", warn=warn)


class GenerationStore:
    """Key -> response. A context manager; `open_store` makes it. Every method may raise HexError."""

    def __init__(self, directory: Path, *, warn: Callable[[str], None]) -> None:
        self.directory = directory
        self.database = Database(directory, warn=warn)
        self._warn = warn
        self._reported: set[str] = set()
        self.database.run(lambda cache: None)  # a cache that cannot be used should fail before any decoding

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database. Whatever was put is already in it."""
        self.database.close()

    def get(self, key: str) -> Response | None:
        """The response put under `key`, or None; a damaged one is reported once and counts as None."""
        return self._trusted(key, lambda: self.read(key))

    def each(self, keys: Iterable[str]) -> Iterator[Response | None]:
        """What `get` gives for each of these keys, in their order; the database is asked for many at a time."""
        rest = iter(keys)
        while some := list(islice(rest, TOGETHER)):
            try:
                values: Mapping[str, bytes | None] = self.database.run(methodcaller("several", some))
            except RowRefusedError:  # one of them; which, is found out one by one
                values = dict.fromkeys(some)
            for key in some:
                if key not in values:
                    yield None
                elif (value := values[key]) is None:
                    yield self.get(key)
                else:
                    yield self._trusted(key, partial(unpack, key, value))

    def _trusted(self, key: str, read: Callable[[], StoredRow | None]) -> Response | None:
        try:
            row = read()
        except RowRefusedError as reason:
            if key not in self._reported:
                self._reported.add(key)
                self._warn(f"cache row {key[:11]}... is damaged ({reason}); it will be decoded again")
            return None
        return row.response if row else None

    def put(self, key: str, response: Response, *, about: Mapping[str, Any]) -> None:
        """Keep a response; once this returns, killing the process does not lose it.

        `about` is what keys.generation_about gave. Raises ValueError if `key` is not its key, or on a NaN.
        """
        if key_of(about) != key:
            raise ValueError(f"{key} is not the key of this generation")
        value = pack(StoredRow(about=about, response=response))
        self.database.run(lambda cache: cache.set(key, value, tag=about["model"]))

    def require_writable(self) -> None:
        """Raises HexError where nothing can be put: before anything is computed in vain."""
        if self.database.read_only is not None:
            raise HexError(
                f"cannot write the cache in '{self.directory}' ({self.database.read_only}), where all that is decoded "
                "goes: free or mend it, or set HEX_CACHE_DIR to a folder that can be written"
            )

    def __contains__(self, key: str) -> bool:
        """Whether `get` would return a response: it reads and checks the row, so a True can be relied on."""
        return self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        """The keys, in the order they were first put; the rows behind them are not checked."""
        return (entry.key for entry in self.database.entries() if entry.key)

    def __len__(self) -> int:
        return len(self.database.entries())

    def read(self, key: str) -> StoredRow | None:
        """The whole row, or None if there is none. Raises RowRefusedError where it cannot be trusted."""
        value = self.database.run(lambda cache: cache.get(key))
        return None if value is None else unpack(key, value)
