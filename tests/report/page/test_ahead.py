"""Texts made ahead are the same texts, and no process is left behind."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hexcli.report.page.ahead import ahead

TEXTS = [("list-0", "abc"), ("texts-0-0", "é=" * 100_000)]

# In a process that has no threads, as `hex report` has none.
ALONE = """
import os, sys, time
from pathlib import Path
from hexcli.report.page.ahead import ahead

def make():
    yield "process", str(os.getpid())
    yield "text", "é=" * 100_000

def never():
    Path(sys.argv[1]).write_text(str(os.getpid()))
    time.sleep(60)
    yield "text", ""

def gone(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True

with ahead(make) as made:
    (_, process), text = made()
assert text == ("text", "é=" * 100_000)
assert int(process) != os.getpid() and gone(int(process))

with ahead(never):
    while not Path(sys.argv[1]).exists() or not Path(sys.argv[1]).read_text():
        time.sleep(0.01)
assert gone(int(Path(sys.argv[1]).read_text()))
"""


def test_another_process_makes_them_and_does_not_outlive_the_block(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", ALONE, str(tmp_path / "never")], check=True, timeout=50)


def test_where_there_are_threads_it_is_this_one() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with ahead(lambda: [("process", str(os.getpid())), *TEXTS]) as made:
            assert list(made()) == [("process", str(os.getpid())), *TEXTS]
    finally:
        done.set()
        thread.join()


def test_an_error_is_raised_here() -> None:
    def fails() -> Iterator[tuple[str, str]]:
        yield TEXTS[0]
        raise ValueError("no more")

    with ahead(fails) as made, pytest.raises(ValueError, match="no more"):
        list(made())
