"""Damaged rows: reported once, never believed, never run, and decoded again."""

import hashlib
import json
import os
import pickle
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hexcli.keys import GENERATION, canonical_json, key_of
from hexcli.store.row import RowRefusedError, StoredRow, pack, unpack
from hexcli.store.store import GenerationStore
from hexcli.store.upkeep import export, stats, verify
from tests import samples
from tests.store.filling import check, execute, fill, prune, set_value, value_of


def signed(content: object) -> bytes:
    packed = zlib.compress(json.dumps(content).encode())
    return hashlib.sha256(packed).digest() + packed


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


@pytest.mark.parametrize("prompt", ["plain", ',"response":{', '"},"response":{"text":"x"', '{"about":{}', "\\", "π\0"])
def test_a_row_is_its_key_s_whatever_its_prompt_spells_and_however_it_is_spaced(prompt: str) -> None:
    row = StoredRow(about={**samples.about(1), "prompt": prompt}, response=samples.response(1))
    spaced = signed({"response": row.response.to_dict(), "about": dict(row.about)})
    for value in (pack(row), spaced):
        assert unpack(key_of(row.about), value) == row
        with pytest.raises(RowRefusedError, match="another key"):
            unpack(samples.key(1), value)


def test_a_row_with_more_than_an_identity_is_refused() -> None:
    content = {"about": {**samples.about(1), "more": 1}, "response": samples.response(1).to_dict()}
    packed = zlib.compress(canonical_json(content))
    key = GENERATION + hashlib.sha256(canonical_json(content["about"])).hexdigest()
    with pytest.raises(RowRefusedError, match="identified by"):
        unpack(key, hashlib.sha256(packed).digest() + packed)


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
    assert "left out of the cache: 3 damaged rows" in lines[-1]
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
