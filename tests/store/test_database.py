"""One database and several processes: damaged, deleted, killed, forked, written at once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hexcli.store.store import cache_dir, open_store
from tests import samples
from tests.store.filling import check, fill

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
    assert f"); moved to '{aside}', starting a fresh one with what can be read of it, " in line
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
