"""What the cache holds, what goes and what leaves it."""

import json
import time
from pathlib import Path

import pytest

from hexcli.store.store import GenerationStore, open_store
from hexcli.store.upkeep import chosen, export, stats, verify
from tests import samples
from tests.store.filling import check, execute, fill, prune


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
