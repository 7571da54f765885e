"""A damaged or hostile file is read, or is one HexError: no parser lets another error through.

`HEX_FUZZ=2000 python -m pytest tests/fuzz` (make fuzz) tries more than the few examples of every day.
"""

import ast
import gzip
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hexcli.errors import HexError
from hexcli.keys import key_of
from hexcli.store.row import RowRefusedError, StoredRow, pack, unpack
from hexcli.store.store import open_store
from hexcli.store.transfer import take
from tests.fuzz.damage import damaged
from tests.fuzz.parsers import PARSERS, heard
from tests.fuzz.readers import READERS, READS
from tests.samples import RESPONSE, about

HEXCLI = Path(__file__).parents[2] / "hexcli"
EXAMPLES = int(os.environ.get("HEX_FUZZ", "20"))
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


def reads(source: str) -> set[str]:
    """The calls in a module that read something that is not ours."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        mode = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in READS or (name == "open" and any(one in ("r", "rb", "r+b") for one in mode)):
            found.add(name)
    return found


def test_every_module_that_reads_a_file_is_tried_or_says_why_not() -> None:
    reading = {
        str(path.relative_to(HEXCLI)): found
        for path in HEXCLI.rglob("*.py")
        if (found := reads(path.read_text(encoding="utf-8")))
    }
    assert reading.keys() == READERS.keys(), "a new reader goes into tests/fuzz/readers.py, its files into PARSERS"
    tried = {name for names in READERS.values() if isinstance(names, tuple) for name in names}
    here = {"cache row", "cache export", "packed export", "cache database"}
    assert tried == PARSERS.keys() | here, "each parser is of a module"


@pytest.mark.parametrize("name", PARSERS)
def test_a_damaged_file_is_read_or_is_one_line(name: str, tmp_path: Path) -> None:
    parser = PARSERS[name]
    parser.make(tmp_path)
    file = tmp_path / parser.file
    sound = file.read_bytes()
    parser.read(tmp_path)  # as it was, it is read

    @fuzzed
    @given(damaged(sound))
    def tried(content: bytes) -> None:
        file.write_bytes(content)
        try:
            parser.read(tmp_path)
        except HexError as error:
            assert str(error).strip() and "\n" not in str(error)

    tried()


def stored() -> StoredRow:
    return StoredRow(about=about(3), response=RESPONSE)


@fuzzed
@given(damaged(pack(stored())))
def test_a_damaged_cache_row_is_refused(value: bytes) -> None:
    key = key_of(stored().about)
    try:
        assert unpack(key, value) == stored()
    except RowRefusedError as reason:
        assert str(reason)


EXPORT = json.dumps(stored().to_dict()).encode() + b"\n"


@fuzzed
@given(damaged(EXPORT) | damaged(gzip.compress(EXPORT, mtime=0)))
def test_a_damaged_export_is_taken_row_by_row(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "e.jsonl").write_bytes(content)
    with open_store(tmp_path / "cache", warn=heard) as store:
        try:
            take(store, tmp_path / "e.jsonl")
        except HexError as error:
            assert "\n" not in str(error)


def settings_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM Settings ORDER BY key")]


@settings(parent=fuzzed, max_examples=max(EXAMPLES // 2, 5))
@given(data=st.data())
def test_damaged_settings_and_pages_of_a_cache_lose_no_command(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder, row = tmp_path_factory.mktemp("cache"), stored()
    with open_store(folder, warn=heard) as store:
        store.put(key_of(row.about), row.response, about=row.about)
    file = folder / "generations" / "cache.db"
    if data.draw(st.booleans()):
        name = data.draw(st.sampled_from(settings_of(file)))
        value = data.draw(st.sampled_from([None, "", "abc", -1, 2**62, b"\xff", 0.5, "exclusive", "off"]))
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE Settings SET value = ? WHERE key = ?", (value, name))
    else:
        content = bytearray(file.read_bytes())
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
            content[place] ^= 1 << data.draw(st.integers(0, 7))
        file.write_bytes(bytes(content))
    try:
        with open_store(folder, warn=heard) as store:
            found = store.get(key_of(row.about))
            assert found in (None, row.response), "no row that was not put"
            store.put(key_of(row.about), row.response, about=row.about)
    except HexError as error:
        assert "\n" not in str(error)
