"""The cache: what was put is there, and nothing but a prune takes it away."""

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hexcli.store.cache import POLICY
from hexcli.store.store import GenerationStore, cache_dir, open_store
from tests import samples
from tests.store.filling import check, fill, set_value, value_of


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


def test_several_are_read_as_one_by_one(
    store: GenerationStore, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 8)
    set_value(store, 1, b"damaged")
    set_value(store, 2, "text")
    set_value(store, 3, value_of(store, 3), mode=4)
    set_value(store, 4, value_of(store, 5))
    set_value(store, 6, value_of(store, 6) + bytes(2 << 20))
    keys = [samples.key(number) for number in (7, 0, 1, 2, 99, 3, 4, 5, 6, 0)]
    monkeypatch.setattr("hexcli.store.store.TOGETHER", 4)
    found = list(store.each(iter(keys)))
    assert [response is not None for response in found] == [True, True, *[False] * 5, True, False, True]
    said = list(lines)
    assert len(said) == 5
    assert found == [store.get(key) for key in keys] and lines == said
    with GenerationStore(store.directory, warn=lines.append) as again:
        assert [again.get(key) for key in keys] == found
    assert sorted(lines) == sorted(2 * said), "with the same reasons"


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
