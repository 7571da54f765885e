"""The cache: what was put is there, whatever happens; what is damaged is never believed and never fatal."""

import dataclasses
import errno
import hashlib
import json
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hexcli.errors import HexError
from hexcli.store import database as store_database
from hexcli.store import failures
from hexcli.store.cache import POLICY
from hexcli.store.row import StoredRow, pack
from hexcli.store.store import GenerationStore, cache_dir, open_store
from hexcli.store.upkeep import chosen, delete, export, stats, verify
from tests import samples

WRITER = """
import sys
from hexcli.store.store import open_store
from tests import samples
first, count = int(sys.argv[1]), int(sys.argv[2])
with open_store(warn=print) as store:
    for number in range(first, first + count):
        store.put(samples.key(number), samples.response(number), about=samples.about(number))
        print(number, flush=True)
"""


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def store(lines: list[str]) -> Iterator[GenerationStore]:
    with open_store(warn=lines.append) as opened:
        yield opened


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


def signed(content: object) -> bytes:
    packed = zlib.compress(json.dumps(content).encode())
    return hashlib.sha256(packed).digest() + packed


def test_what_was_put_is_there(store: GenerationStore, lines: list[str]) -> None:
    fill(store)
    check(store)
    for number in range(3):
        assert store.get(samples.key(number)) == samples.response(number)
        assert samples.key(number) in store
    assert store.get(samples.key(3)) is None
    assert samples.key(3) not in store
    assert list(store) == [samples.key(number) for number in range(3)]
    assert len(store) == 3
    store.close()
    with open_store(warn=lines.append) as again:
        assert again.get(samples.key(1)) == samples.response(1)
    assert lines == []


def test_putting_again_replaces(store: GenerationStore) -> None:
    fill(store)
    store.put(samples.key(1), samples.response(99), about=samples.about(1))
    check(store)
    assert store.get(samples.key(1)) == samples.response(99)
    assert len(store) == 3


def test_the_key_must_be_the_key(store: GenerationStore) -> None:
    with pytest.raises(ValueError, match="is not the key of this generation"):
        store.put(samples.key(1), samples.response(2), about=samples.about(2))
    assert len(store) == 0


@pytest.mark.parametrize("field", ["first_step_logprob", "seconds"])
def test_nan_is_refused(store: GenerationStore, field: str) -> None:
    broken = dataclasses.replace(samples.response(1), **{field: float("nan")})
    with pytest.raises(ValueError, match="JSON compliant"):
        store.put(samples.key(1), broken, about=samples.about(1))
    assert samples.key(1) not in store


def test_nothing_is_ever_evicted(store: GenerationStore) -> None:
    """diskcache's own policy deletes the oldest rows at 1 GiB."""
    cache = store.database.run(lambda cache: cache)
    in_force = dict(cache._sql("SELECT key, value FROM Settings").fetchall())
    assert {name: in_force[name] for name in POLICY} == POLICY
    assert POLICY["size_limit"] > 2**60
    assert cache._sql("PRAGMA synchronous").fetchall() == [(2,)]
    with closing(sqlite3.connect(store.directory / "cache.db")) as connection, connection:
        connection.execute("UPDATE Settings SET value = ? WHERE key = 'size'", (2**40,))
    fill(store, 30)
    assert len(store) == 30
    assert cache.cull() == 0


def test_a_cache_with_other_settings_gets_ours(tmp_path: Path) -> None:
    import diskcache

    with diskcache.Cache(tmp_path / "c" / "generations", size_limit=1, eviction_policy="least-recently-used"):
        pass
    with open_store(tmp_path / "c", warn=pytest.fail) as store:
        fill(store, 20)
        assert len(store) == 20


def test_the_directory_is_private(store: GenerationStore) -> None:
    assert store.directory.parent == cache_dir()
    assert store.directory.stat().st_mode & 0o777 == 0o700
    assert store.directory.parent.stat().st_mode & 0o777 == 0o700


def test_default_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEX_CACHE_DIR")
    assert cache_dir().name == "hexcli"


def flipped(value: bytes) -> bytes:
    middle = len(value) // 2
    return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]


DAMAGE: dict[str, tuple[Callable[[bytes], object], str]] = {
    "bit flip": (flipped, "checksum"),
    "cut off": (lambda value: value[:-5], "checksum"),
    "nearly empty": (lambda value: value[:10], "checksum"),
    "empty": (lambda value: b"", "checksum"),
    "text": (lambda value: "hello", "not bytes"),
    "number": (lambda value: 7, "not bytes"),
    "another row": (
        lambda value: pack(StoredRow(about=samples.about(2), response=samples.response(2))),
        "it belongs to another key",
    ),
    "not compressed": (lambda value: hashlib.sha256(b"{}").digest() + b"{}", "not a generation: Error -3"),
    "a list": (lambda value: signed([1]), "not a generation"),
    "no response": (lambda value: signed({"about": samples.about(1), "response": {}}), "no field 'text'"),
    "NaN": (
        lambda value: signed({"about": samples.about(1), "response": {"nfe": float("nan")}}),
        "NaN is not JSON",
    ),
    "deep": (lambda value: hashlib.sha256(d := zlib.compress(b"[" * 100_000)).digest() + d, "not a generation"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_row_is_reported_once_and_decoded_again(store: GenerationStore, lines: list[str], kind: str) -> None:
    fill(store)
    damage, reason = DAMAGE[kind]
    set_value(store, 1, damage(value_of(store, 1)))
    key = samples.key(1)
    assert store.get(key) is None
    assert key not in store
    assert len(lines) == 1
    assert "\n" not in lines[0]
    assert lines[0].startswith(f"cache row {key[:11]}... is damaged (")
    assert lines[0].endswith("); it will be decoded again")
    assert reason in lines[0]
    [problem] = verify(store)
    assert problem.startswith(f"row {key}: ")
    store.put(key, samples.response(1), about=samples.about(1))
    assert store.get(key) == samples.response(1)
    assert store.get(samples.key(0)) == samples.response(0)
    check(store)


class Bomb:
    """A pickle whose loading writes a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.target),)


def test_a_pickle_is_refused_and_does_not_run(store: GenerationStore, lines: list[str], tmp_path: Path) -> None:
    """CVE-2025-69872: whoever can write the cache must not be able to run code in it."""
    fill(store)
    bomb = pickle.dumps(Bomb(tmp_path / "exploded"))
    set_value(store, 1, bomb, mode=4)
    (store.directory / "bomb.val").write_bytes(bomb)
    execute(
        store,
        "UPDATE Cache SET value = NULL, mode = 4, filename = 'bomb.val' WHERE key = ?",
        samples.key(2),
    )
    execute(store, "INSERT INTO Cache(key, raw, store_time, mode, value) VALUES (?, 0, 1, 1, ?)", bomb, b"x")
    assert store.get(samples.key(1)) is None
    assert store.get(samples.key(2)) is None
    assert [line.partition("... ")[2] for line in lines] == 2 * ["is damaged (pickled); it will be decoded again"]
    assert len(list(verify(store))) >= 3
    assert list(store) == [samples.key(number) for number in range(3)]
    assert [row["key"] for row in export(store, warn=lines.append)] == [samples.key(0)]
    assert "3 damaged rows of the cache were left out" in lines[-1]
    (store.directory / "bomb.val").unlink()
    assert prune(store, damaged=True) == 3
    check(store)
    assert store.get(samples.key(0)) == samples.response(0)
    assert not (tmp_path / "exploded").exists()
    pickle.loads(bomb)
    assert (tmp_path / "exploded").exists(), "the bomb of this test is a dud"


def test_a_row_that_points_to_a_file_is_refused(store: GenerationStore, lines: list[str]) -> None:
    fill(store)
    execute(store, "UPDATE Cache SET mode = 2, filename = '/dev/zero' WHERE key = ?", samples.key(1))
    assert store.get(samples.key(1)) is None
    assert "not one of ours" in lines[0]


def test_text_that_is_not_text(store: GenerationStore, lines: list[str]) -> None:
    """One flipped bit in a key or a value of type text makes Python's sqlite3 raise OperationalError."""
    fill(store, 4)
    execute(store, "UPDATE Cache SET value = CAST(X'ff' AS TEXT) WHERE key = ?", samples.key(1))
    execute(store, "UPDATE Cache SET key = CAST(X'67ff' AS TEXT) WHERE key = ?", samples.key(2))
    execute(store, "UPDATE Cache SET tag = CAST(X'ff' AS TEXT), store_time = 'x' WHERE key = ?", samples.key(3))
    assert store.get(samples.key(1)) is None
    assert store.get(samples.key(2)) is None
    assert list(store) == [samples.key(number) for number in (0, 1, 3)]
    assert len(list(verify(store))) == 3
    assert stats(store).rows == 4
    assert prune(store, damaged=True) == 3
    check(store)


DATABASE_DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "not a database": lambda content: b"this is not a database\n" * 500,
    "header": lambda content: b"\0" * 100 + content[100:],
    "pages": lambda content: content[:4096] + os.urandom(len(content) - 4096),
    "cut in half": lambda content: content[: len(content) // 2],
}


@pytest.mark.parametrize("kind", DATABASE_DAMAGE)
@pytest.mark.parametrize("when", ["before opening", "while open"])
def test_a_damaged_database_is_moved_aside(lines: list[str], kind: str, when: str) -> None:
    with open_store(warn=lines.append) as store:
        fill(store, 200)
    file = store.directory / "cache.db"
    ruined = DATABASE_DAMAGE[kind](file.read_bytes())
    if when == "before opening":
        file.write_bytes(ruined)
        store = open_store(warn=lines.append)
    else:
        store = open_store(warn=lines.append)
        file.write_bytes(ruined)
    with store:
        len(store)  # SQLite has some pages in memory and need not notice before it opens the file again
        for number in range(200):
            if store.get(samples.key(number)) is None:
                store.put(samples.key(number), samples.response(number), about=samples.about(number))
        assert len(store) == 200
        check(store)
    [line] = lines
    aside = store.directory.with_name("generations.damaged-1")
    assert line.startswith(f"cache '{store.directory}' is damaged (")
    assert f"); moved to '{aside}', starting a fresh one with the " in line
    assert "\n" not in line
    assert (aside / "cache.db").read_bytes()[:50] == ruined[:50], "nothing is deleted"


def test_a_second_damaged_database_gets_another_name(lines: list[str]) -> None:
    for _ in range(2):
        with open_store(warn=lines.append) as store:
            fill(store)
        (store.directory / "cache.db").write_bytes(b"ruined" * 999)
    with open_store(warn=lines.append):
        pass
    names = {entry.name for entry in cache_dir().iterdir()} - {"generations.lock"}
    assert names == {"generations", "generations.damaged-1", "generations.damaged-2"}


def test_two_processes_that_meet_the_damage_move_it_once(lines: list[str]) -> None:
    with open_store(warn=lines.append) as one, open_store(warn=lines.append) as other:
        fill(one)
        other.close()
        one.close()
        (one.directory / "cache.db").write_bytes(b"ruined" * 999)
        fill(one)
        fill(other)
        assert len(one) == len(other) == 3
        check(one)
    assert [line for line in lines if "moved to" in line] == lines
    assert len(lines) == 1


def test_a_cache_that_was_deleted_in_use_is_opened_again(lines: list[str], tmp_path: Path) -> None:
    """An open database follows its file: rows would go where nobody finds them."""
    with open_store(warn=lines.append) as store:
        fill(store)
        store.directory.rename(tmp_path / "elsewhere")
        store.put(samples.key(5), samples.response(5), about=samples.about(5))
        assert list(store) == [samples.key(5)]
    assert lines == [f"cache '{store.directory}' was moved or deleted by somebody else; opened again"]


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_directory_that_cannot_be_made(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HexError, match=r"cannot use the cache in '.*/file.*' \(.*\): .* HEX_CACHE_DIR") as raised:
        open_store(tmp_path / name, warn=pytest.fail)
    assert "\n" not in str(raised.value)


READ_ONLY = """
import os, sys
from pathlib import Path
from hexcli.errors import HexError
from hexcli.store.store import open_store
from hexcli.store.upkeep import export, stats, verify
from tests import samples
import platformdirs, filelock, zlib
if os.getuid() == 0:
    os.setuid(65534)  # permissions do not bind root; what is imported is read before, since it may be root's alone
try:
    with open_store(Path(sys.argv[1]), warn=print) as store:
        print(len(list(export(store, warn=print))), stats(store).rows, list(verify(store)))
        store.require_writable()
except HexError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize("state", ["new", "existing"])
def test_a_read_only_directory(tmp_path_factory: pytest.TempPathFactory, state: str) -> None:
    import shutil
    import tempfile

    directory = Path(tempfile.mkdtemp())  # pytest's own are closed to other users
    try:
        if state == "existing":
            with open_store(directory, warn=pytest.fail) as store:
                fill(store)
            (directory / "generations" / "cache.db").chmod(0o444)
            (directory / "generations").chmod(0o555)
        directory.chmod(0o555)
        shown = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(directory)], capture_output=True, text=True, check=True
        ).stdout
    finally:
        for folder in (directory, directory / "generations"):
            if folder.exists():
                folder.chmod(0o755)
        shutil.rmtree(directory)
    if state == "new":
        assert shown.startswith(f"cannot use the cache in '{directory / 'generations'}' (")
        assert "HEX_CACHE_DIR" in shown
        assert shown.count("\n") == 1
        return
    warning, found, error = shown.splitlines()
    assert warning.startswith(f"cache '{directory / 'generations'}' cannot be written (")
    assert found == "3 3 []"
    assert error.startswith("cannot write the cache in ")


def test_a_full_disk(store: GenerationStore) -> None:
    fill(store)
    pages = store.database.run(lambda cache: cache._sql("PRAGMA page_count").fetchall()[0][0])
    store.database.run(lambda cache: cache._sql(f"PRAGMA max_page_count = {pages}").fetchall())
    with pytest.raises(HexError, match=r"\(disk full\): .*HEX_CACHE_DIR"):
        fill(store, 300)
    store.close()
    assert store.get(samples.key(0)) == samples.response(0)
    check(store)


def test_a_disk_that_fails_on_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store_database, "Cache", fail)
    with pytest.raises(HexError, match=r"cannot use the cache in .* \(disk full\)"):
        open_store(warn=pytest.fail)


def test_a_busy_database_is_waited_for(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(failures, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(failures, "SAY_SECONDS", 0.2)
    with open_store(warn=lines.append) as store:
        holder = sqlite3.connect(store.directory / "cache.db", isolation_level=None, check_same_thread=False)
        with closing(holder):
            holder.execute("BEGIN IMMEDIATE")
            release = threading.Timer(0.6, holder.execute, ["COMMIT"])
            release.start()
            started = time.monotonic()
            fill(store, 1)
            release.join()
        assert time.monotonic() - started > 0.4
        check(store)
        assert store.get(samples.key(0)) == samples.response(0)
    assert lines == [f"cache '{store.directory}' is busy with another process; waiting for at most 60 s"]


def writer(first: int, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_write_at_once(lines: list[str]) -> None:
    """They start on no cache at all, and half of their rows are the same ones."""
    running = [writer(first, 80) for first in (0, 40, 80)]
    for process in running:
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        assert len(output.splitlines()) == 80, "nothing but the numbers: no warnings"
    with open_store(warn=lines.append) as store:
        assert sorted(store) == sorted(samples.key(number) for number in range(160))
        check(store)
    assert lines == []


def test_sigkill_loses_nothing_that_was_put(lines: list[str]) -> None:
    for first in (0, 1000, 2000):
        with writer(first, 100_000) as process:
            assert process.stdout is not None
            put = [int(process.stdout.readline()) for _ in range(20)]
            process.send_signal(signal.SIGKILL)
            put += [int(line) for line in process.stdout.read().splitlines()]
            process.communicate()
        with open_store(warn=lines.append) as store:
            assert all(store.get(samples.key(number)) == samples.response(number) for number in put)
            check(store)
    assert lines == []


FORK = """
import os, sys
from hexcli.store.store import open_store
from hexcli.store.upkeep import verify
from tests import samples
with open_store(warn=print) as store:
    store.put(samples.key(0), samples.response(0), about=samples.about(0))
    child = os.fork()
    for number in range(1, 60):
        number = number if child else -number
        store.put(samples.key(number), samples.response(number), about=samples.about(number))
    if not child:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert all(samples.key(number) in store for number in range(-59, 60))
    assert list(verify(store)) == []
    print("fine")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_an_open_cache_survives_a_fork() -> None:
    done = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("fine\n", 0), done.stderr


def prune(store: GenerationStore, **which: Any) -> int:
    return delete(store, chosen(store, **which))


def test_what_would_go_is_told_with_what_it_took(store: GenerationStore) -> None:
    fill(store)
    part = chosen(store, models={"model-a"})
    assert part.models == {"model-a": 3} and len(part.entries) == len(store) == 3
    assert part.seconds == pytest.approx(sum(samples.response(number).seconds for number in range(3)))
    assert 0 < part.first <= part.last <= time.time()


def test_stats_and_prune(store: GenerationStore) -> None:
    fill(store)
    for number in (1, 2, 3, 4):
        key, about = samples.key(number, model="model-b"), samples.about(number, model="model-b")
        store.put(key, samples.response(number), about=about)
    found = stats(store)
    assert (found.rows, found.models) == (7, {"model-b": 4, "model-a": 3})
    assert found.bytes > 0
    assert found.directory == str(store.directory)
    with pytest.raises(ValueError, match="does not empty a cache by default"):
        prune(store)
    assert prune(store, before=time.time() - 3600) == 0
    assert prune(store, models={"model-c"}) == 0
    execute(store, "UPDATE Cache SET store_time = 5 WHERE key = ?", samples.key(1))
    assert prune(store, before=time.time() - 3600, models={"model-b"}) == 0
    assert prune(store, before=time.time() - 3600) == 1
    check(store)
    assert prune(store, models={"model-b"}) == 4
    check(store)
    assert list(store) == [samples.key(0), samples.key(2)]


def test_prune_leaves_a_row_that_was_mended_meanwhile(store: GenerationStore) -> None:
    fill(store)
    entries = store.database.entries()
    store.put(samples.key(1), samples.response(1), about=samples.about(1))
    assert store.database.delete(entries) == 2
    assert list(store) == [samples.key(1)]


def test_verify_sees_what_diskcache_counts(store: GenerationStore) -> None:
    fill(store)
    execute(store, "UPDATE Settings SET value = 17 WHERE key = 'count'")
    assert [problem.partition(":")[0] for problem in verify(store)] == ["database"]


def test_export_is_all_that_is_needed_to_put_again(store: GenerationStore, tmp_path: Path) -> None:
    fill(store)
    rows = json.loads(json.dumps(list(export(store, warn=pytest.fail))))
    assert [row["key"] for row in rows] == [samples.key(number) for number in range(3)]
    with open_store(tmp_path / "other", warn=pytest.fail) as other:
        for row in rows:
            about = {name: row[name] for name in ("model", "dtype", "prompt", "schedule")}
            other.put(row["key"], type(samples.RESPONSE).from_dict(row), about=about)
        assert other.get(samples.key(2)) == samples.response(2)
