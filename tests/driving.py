"""Commands in processes of their own that stand still in a chosen moment: what a test does then never comes late."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.ending import ENDING

GO = "go"  # the file that lets them go on
_STILL = f"""
import os, sys, time
from hexcli.cli.starting import main

rows, sys.argv = int(sys.argv[1]), ["hex", *sys.argv[2:]]
parent = os.getppid()

def stand_still():
    while not os.path.exists({GO!r}):
        if os.getppid() != parent:  # the test is over
            os._exit(1)
        time.sleep(0.01)

if rows:
    from hexcli.runs.writing import RunWriter
    append = RunWriter.append
    def appended(run, generation):
        append(run, generation)
        if len(run.done) >= rows:
            stand_still()
    RunWriter.append = appended
else:
    from hexcli.workers.pool import Pool
    hear = Pool._hear
    def heard(pool):
        stand_still()
        return hear(pool)
    Pool._hear = heard
main()
"""


def still(rows: int) -> list[str]:
    """In the place of `hex`: a command that stands still once so many rows are written; with 0 once its workers are
    started, and none was heard. It takes signals then, and goes on once there is a file GO."""
    return [sys.executable, "-c", _STILL, str(rows)]


def as_in_a_terminal() -> None:
    """Signals are not ignored there; tests that run in the background or under nohup inherit some that are."""
    for name in ENDING:
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def start(*arguments: str, at: int | None = None, err: Any = subprocess.PIPE) -> "subprocess.Popen[str]":
    """A command; `at`: it stands still there, see `still`."""
    return subprocess.Popen(
        [*([sys.executable, "-m", "hexcli"] if at is None else still(at)), *arguments],
        stdout=subprocess.PIPE,
        stderr=err,
        text=True,
        start_new_session=True,
        preexec_fn=as_in_a_terminal,
    )


def go_on() -> None:
    """Those that stand still in this folder go on."""
    Path(GO).touch()


def wait_for(condition: Callable[[], Any], what: str) -> None:
    """Until the condition holds."""
    deadline = time.monotonic() + 200
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain for {what}")
        time.sleep(0.02)


def lines(folder: str) -> int:
    """Whole rows in a run folder."""
    file = Path(folder, "generations.jsonl")
    return file.read_bytes().count(b"\n") if file.exists() else 0


def wait_for_rows(folder: str, count: int) -> None:
    """Until the run folder has so many."""
    wait_for(lambda: lines(folder) >= count, f"{count} rows in {folder}")


def rows(folder: str) -> list[dict[str, Any]]:
    """The rows of a run folder."""
    return [json.loads(line) for line in Path(folder, "generations.jsonl").read_text().splitlines()]
