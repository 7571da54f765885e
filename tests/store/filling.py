"""Rows put into a cache, changed behind its back, and looked over."""

import sqlite3
from contextlib import closing
from typing import Any

from hexcli.store.store import GenerationStore
from hexcli.store.upkeep import chosen, delete, verify
from tests import samples


def fill(store: GenerationStore, count: int = 3) -> None:
    for number in range(count):
        store.put(samples.key(number), samples.response(number), about=samples.about(number))


def check(store: GenerationStore) -> None:
    """Everything holds together: the rows, SQLite's pages, and diskcache's own counts."""
    assert list(verify(store)) == []


def execute(store: GenerationStore, sql: str, *parameters: object) -> None:
    with closing(sqlite3.connect(store.directory / "cache.db")) as connection, connection:
        assert connection.execute(sql, parameters).rowcount == 1


def set_value(store: GenerationStore, number: int, value: object, mode: int = 1) -> None:
    execute(store, "UPDATE Cache SET value = ?, mode = ? WHERE key = ?", value, mode, samples.key(number))


def value_of(store: GenerationStore, number: int) -> bytes:
    value = store.database.run(lambda cache: cache.get(samples.key(number)))
    assert isinstance(value, bytes)
    return value


def prune(store: GenerationStore, **which: Any) -> int:
    return delete(store, chosen(store, **which))
