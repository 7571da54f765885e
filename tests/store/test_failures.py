"""Folders and disks that do not let the cache work: said in one line, and what can be waited for is."""

import errno
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hexcli.errors import HexError
from hexcli.store import database as store_database
from hexcli.store import failures
from hexcli.store.store import GenerationStore, open_store
from tests import samples
from tests.store.filling import check, fill


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
import platformdirs, filelock, urllib.parse, zlib
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
    """Until the other process, which ends as soon as somebody says that he waits for it."""
    monkeypatch.setattr(failures, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(failures, "SAY_SECONDS", 0.2)
    holder: sqlite3.Connection | None = None

    def warn(line: str) -> None:
        lines.append(line)
        assert holder is not None
        holder.execute("COMMIT")

    with open_store(warn=warn) as store:
        holder = sqlite3.connect(store.directory / "cache.db", isolation_level=None)
        with closing(holder):
            holder.execute("BEGIN IMMEDIATE")
            fill(store, 1)
        check(store)
        assert store.get(samples.key(0)) == samples.response(0)
    assert lines == [f"cache '{store.directory}' is busy with another process; waiting for at most 60 s"]
