"""A damaged database gives back the rows that can be read, and a kill on the way loses none."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from hexcli.store import rebuilding
from hexcli.store.store import GenerationStore, cache_dir, open_store
from hexcli.store.upkeep import verify
from tests import samples

ROWS = 120


@pytest.fixture
def file() -> Path:
    """The database of a cache of many rows, closed."""
    with open_store(warn=pytest.fail) as store:
        for number in range(ROWS):
            store.put(samples.key(number), samples.response(number), about=samples.about(number))
    return store.directory / "cache.db"


def found(store: GenerationStore) -> int:
    """How many rows are there. None is wrong."""
    rows = [(number, store.get(samples.key(number))) for number in range(ROWS)]
    assert all(row in (None, samples.response(number)) for number, row in rows)
    return sum(row is not None for _, row in rows)


def page_lost(content: bytes, page: int) -> bytes:
    return content[: page * 4096] + os.urandom(4096) + content[(page + 1) * 4096 :]


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], int]] = {
    "header": (lambda content: b"\0" * 100 + content[100:], ROWS),
    "first page": (lambda content: page_lost(content, 0), ROWS),
    "a page in the middle": (lambda content: page_lost(content, len(content) // 8192), ROWS // 2),
    "cut in half": (lambda content: content[: len(content) // 2 // 4096 * 4096], 10),
    "the last page": (lambda content: page_lost(content, len(content) // 4096 - 1), ROWS - 20),
    "no database": (lambda content: b"this is not a database\n" * 500, 0),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_can_be_read_comes_back(file: Path, kind: str) -> None:
    damage, least = DAMAGE[kind]
    ruined = damage(file.read_bytes())
    file.write_bytes(ruined)
    lines: list[str] = []
    with open_store(warn=lines.append) as store:
        for number in range(ROWS):  # what damage there is in the middle shows when it is met
            store.get(samples.key(number))
        list(store)
        assert found(store) >= least
        assert list(verify(store)) == [] or lines == []
    if lines:
        assert len(lines) == 1
        assert (cache_dir() / "generations.damaged-1" / "cache.db").read_bytes()[:4096] == ruined[:4096]
        assert {entry.name for entry in cache_dir().iterdir()} == {
            "generations", "generations.damaged-1", "generations.lock",
        }  # fmt: skip


def test_random_damage_returns_no_wrong_row_and_stops_nothing(file: Path) -> None:
    whole = file.read_bytes()
    chance = random.Random(17)
    for _ in range(25):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 30))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        for leftover in file.parent.iterdir():
            leftover.unlink()
        file.write_bytes(content)
        with open_store(warn=lambda line: None) as store:
            found(store)
            store.put(samples.key(999), samples.response(999), about=samples.about(999))
            assert store.get(samples.key(999)) == samples.response(999)


class KilledError(BaseException):
    """As if the process had ended here."""


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_kill_between_the_renames_loses_nothing(file: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_bytes(b"\0" * 100 + file.read_bytes()[100:])
    rename, done = Path.rename, []

    def rename_or_die(self: Path, target: Path) -> Path:
        done.append(target)
        if len(done) == step:
            raise KilledError
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename_or_die)
        with pytest.raises(KilledError):
            open_store(warn=pytest.fail)
    with open_store(warn=lambda line: None) as store:
        assert found(store) == ROWS


def test_a_process_that_meets_mended_damage_leaves_it(file: Path) -> None:
    lines: list[str] = []
    rebuilding.rebuild(file.parent, ValueError("seen before"), warn=lines.append)
    assert lines == []
    assert not file.parent.with_name("generations.damaged-1").exists()
