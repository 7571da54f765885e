"""Databases that are not ours, or were changed to do what ours does not: nothing outside the cache is touched."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hexcli.errors import HexError
from hexcli.store import failures
from hexcli.store.cache import Cache
from hexcli.store.store import GenerationStore, open_store
from hexcli.store.structure import SCHEMA, foreign
from hexcli.store.upkeep import chosen, delete, export, verify
from tests import samples


@pytest.fixture
def file() -> Iterator[Path]:
    """The database of a cache of three rows, closed."""
    with open_store(warn=pytest.fail) as store:
        for number in range(3):
            store.put(samples.key(number), samples.response(number), about=samples.about(number))
    yield store.directory / "cache.db"


def change(file: Path, *statements: str, parameters: tuple[object, ...] = ()) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement, parameters)


def all_there(store: GenerationStore) -> bool:
    return all(store.get(samples.key(number)) == samples.response(number) for number in range(3))


def test_the_schema_is_that_of_diskcache(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall())
        assert foreign(connection) is None
    assert {name: re.sub(r"\s+", " ", sql) for name, sql in made.items()} == {name: SCHEMA[name] for name in made}
    assert {"Cache", "Settings", "Cache_key_raw"} <= set(made)


SETTINGS = [
    "UPDATE Settings SET key = 'disk_pickle_protocom' WHERE key = 'disk_pickle_protocol'",
    "UPDATE Settings SET value = 'abc' WHERE key IN ('count', 'size')",
    "UPDATE Settings SET value = NULL WHERE key = 'count'",
    "UPDATE Settings SET value = 1e300 WHERE key = 'size'",
    "UPDATE Settings SET value = X'00' WHERE key = 'cull_limit'",
    "UPDATE Settings SET value = 'fastest' WHERE key = 'eviction_policy'",
    "INSERT INTO Settings VALUES ('sqlite_locking_mode', 'exclusive')",
    "INSERT INTO Settings VALUES ('sqlite_writable_schema', 1)",
    "INSERT INTO Settings VALUES ('sqlite_journal_mode; DROP TABLE Cache', 1)",
    "INSERT INTO Settings VALUES ('disk_directory', '/')",
    "INSERT INTO Settings VALUES ('get', 5)",
    "INSERT INTO Settings VALUES ('_con', 5)",
    "INSERT INTO Settings VALUES (CAST(X'ff' AS TEXT), 5)",
]
SCHEMAS = [
    "CREATE TRIGGER gone AFTER INSERT ON Cache BEGIN DELETE FROM Cache WHERE rowid <> NEW.rowid; END",
    "CREATE TABLE more (something)",
    "CREATE VIEW seen AS SELECT * FROM Cache",
    "DROP TRIGGER Settings_count_insert; ",
]


@pytest.mark.parametrize("statement", [*SETTINGS, *SCHEMAS[:3]])
def test_foreign_settings_and_schemas_are_set_aside_and_rebuilt(file: Path, statement: str, lines: list[str]) -> None:
    change(file, statement)
    with open_store(warn=lines.append) as store:
        assert all_there(store)
        assert list(verify(store)) == []
    assert len(lines) == 1
    assert "generations.damaged-1', starting a fresh one with what can be read of it, 3 generations" in lines[0]
    with open_store(warn=pytest.fail) as store:
        assert all_there(store)


def test_a_database_of_another_program_is_set_aside(lines: list[str], tmp_path: Path) -> None:
    directory = tmp_path / "c" / "generations"
    directory.mkdir(parents=True)
    change(directory / "cache.db", "CREATE TABLE Cache (something)", "INSERT INTO Cache VALUES (1)")
    with open_store(tmp_path / "c", warn=lines.append) as store:
        assert len(store) == 0
    assert len(lines) == 1
    with closing(sqlite3.connect(directory.with_name("generations.damaged-1") / "cache.db")) as aside:
        assert aside.execute("SELECT * FROM Cache").fetchall() == [(1,)]


def test_a_setting_that_diskcache_stumbles_over_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should `foreign` ever let one through."""
    import diskcache

    def stumble(*_: object, **__: object) -> None:
        raise AttributeError("no such attribute")

    monkeypatch.setattr(diskcache.Cache, "__init__", stumble)
    monkeypatch.setattr(Cache, "close", lambda self: None)
    with pytest.raises(sqlite3.DatabaseError, match="no such attribute"):
        Cache(tmp_path)


@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit_in_the_schema(file: Path, bit: int, lines: list[str]) -> None:
    content = bytearray(file.read_bytes())
    for statement in (b"CREATE TABLE Settings", b"CREATE TRIGGER Settings_count_insert"):
        content[content.find(statement) + 7 + bit] ^= 1 << bit
    file.write_bytes(content)
    with open_store(warn=lines.append) as store:
        assert all_there(store)
    assert len(lines) == 1


@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_a_row_that_names_a_file_never_touches_it(file: Path, tmp_path: Path, mode: int, lines: list[str]) -> None:
    """diskcache deletes the file of a row when its key is written again, wherever it is."""
    victim = tmp_path / "important.txt"
    victim.write_text("precious")
    names = [str(victim), f"../../../{victim.name}", str(victim)]
    for number, name in enumerate(names):
        change(
            file,
            "UPDATE Cache SET mode = ?, value = NULL, filename = ? WHERE key = ?",
            parameters=(mode, name, samples.key(number)),
        )
    with open_store(warn=lines.append) as store:
        assert store.get(samples.key(0)) is None
        assert list(export(store, warn=lines.append)) == []
        assert len(list(verify(store))) == 3
        store.put(samples.key(0), samples.response(0), about=samples.about(0))
        assert store.get(samples.key(0)) == samples.response(0)
        assert delete(store, chosen(store, damaged=True)) == 2
    assert victim.read_text() == "precious"
    assert "is damaged" in lines[0]


def test_a_lock_that_never_goes_is_given_up(file: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(failures, "SAY_SECONDS", 0.1)
    monkeypatch.setattr(failures, "GIVE_UP_SECONDS", 0.5)
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        holder.execute("UPDATE Settings SET value = value")
        with pytest.raises(HexError, match=r"another process has held it locked for 0.5 s; end that process"):
            open_store(warn=lines.append)
    assert [line.partition("; ")[2] for line in lines] == ["waiting for at most 0.5 s"]


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_a_database_that_is_no_file_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    import os

    directory = tmp_path / "c" / "generations"
    directory.mkdir(parents=True)
    name = directory / "cache.db"
    if kind == "pipe":
        os.mkfifo(name)
    elif kind == "folder":
        name.mkdir()
    else:
        name.symlink_to("/dev/zero")
    with pytest.raises(HexError, match=r"its cache.db is no file"):
        open_store(tmp_path / "c", warn=pytest.fail)
