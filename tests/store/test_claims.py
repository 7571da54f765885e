"""Claims: two processes are never at one generation, and a process that is no more claims nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hexcli.store.claims import DIGITS, FOLDER, LEASE_SECONDS, Claims, machine


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def made(tmp_path: Path) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def another_process(folder: Path) -> "subprocess.Popen[str]":
    """A process of this machine that is at the key `a`."""
    code = f"""import time
from pathlib import Path
from hexcli.store.claims import Claims
claims = Claims(Path({str(folder)!r}))
assert claims.take("a")
print("has it", flush=True)
time.sleep(99)"""
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None and other.stdout.readline() == "has it\n"
    return other


def files(folder: Path) -> list[str]:
    return sorted(file.suffix for file in (folder / FOLDER).iterdir() if file.name != ".lock")


def test_a_key_is_one_processes(tmp_path: Path, made: ExitStack) -> None:
    one, two = (made.enter_context(Claims(tmp_path)) for _ in range(2))
    assert one.take("a") and one.take("a"), "its own stays its own"
    assert not two.take("a")
    assert two.take("b") and not one.take("b")
    one.release("a")
    assert one.take("c"), "which says what it is at"
    assert two.take("a")


def test_closing_leaves_nothing(tmp_path: Path) -> None:
    with Claims(tmp_path) as one:
        assert one.take("a")
        assert files(tmp_path) == [".lock", ".txt"]
    assert files(tmp_path) == []
    with Claims(tmp_path):
        pass
    with Claims(tmp_path) as two:
        assert two.take("a")


def test_a_killed_process_loses_its_claims_at_once(tmp_path: Path, made: ExitStack) -> None:
    other = another_process(tmp_path)
    here = made.enter_context(Claims(tmp_path))
    assert not here.take("a")
    other.kill()
    other.communicate()
    assert here.take("a")
    assert files(tmp_path) == [".lock", ".txt"], "what it left is swept up"


def foreign(folder: Path, beat: int, *keys: str) -> Path:
    """The file of a process on another machine, whose locks are not seen from here."""
    (folder / FOLDER).mkdir(exist_ok=True)
    file = folder / FOLDER / "elsewhere.1234.txt"
    file.write_text("\n".join([f"{beat:0{DIGITS}}", *keys]) + "\n")
    return file


def test_elsewhere_no_sign_of_life_for_a_minute_is_an_end(tmp_path: Path, made: ExitStack) -> None:
    clock = Clock()
    here = made.enter_context(Claims(tmp_path, clock=clock))
    foreign(tmp_path, 1, "a")
    assert not here.take("a")
    clock.now += LEASE_SECONDS - 1
    assert not here.take("a")
    foreign(tmp_path, 2, "a")
    clock.now += LEASE_SECONDS - 1
    assert not here.take("a"), "it lives: its count has moved"
    clock.now += LEASE_SECONDS + 1
    assert here.take("a")


@pytest.mark.parametrize("when", [0, 2**40])
def test_the_time_of_day_means_nothing(tmp_path: Path, made: ExitStack, when: int) -> None:
    """A machine whose clock is years off, or jumps while we look."""
    clock = Clock()
    here = made.enter_context(Claims(tmp_path, clock=clock))
    os.utime(foreign(tmp_path, 1, "a"), (when, when))
    assert not here.take("a")
    clock.now += 1
    os.utime(foreign(tmp_path, 2, "a"), (2**40 - when, 2**40 - when))
    assert not here.take("a")


def test_a_stopped_process_keeps_its_claims_for_the_lease(tmp_path: Path, made: ExitStack) -> None:
    other = another_process(tmp_path)
    other.send_signal(signal.SIGSTOP)
    clock = Clock()
    here = made.enter_context(Claims(tmp_path, clock=clock))
    assert not here.take("a")
    clock.now += LEASE_SECONDS + 1
    assert here.take("a")
    other.kill()
    other.communicate()


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00", b"no count\n\xff\n"])
def test_a_damaged_file_of_claims_is_no_claim(tmp_path: Path, made: ExitStack, content: bytes) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / f"{machine()}.1234.txt").write_bytes(content)
    assert made.enter_context(Claims(tmp_path)).take("a")


def test_a_pipe_among_the_claims_is_no_claim_and_is_not_waited_for(tmp_path: Path, made: ExitStack) -> None:
    (tmp_path / FOLDER).mkdir()
    os.mkfifo(tmp_path / FOLDER / f"{machine()}.1234.txt")
    assert made.enter_context(Claims(tmp_path)).take("a")


def test_where_no_claim_can_be_made_everything_is_free(tmp_path: Path, made: ExitStack) -> None:
    (tmp_path / FOLDER).write_text("no folder")
    one, two = (made.enter_context(Claims(tmp_path)) for _ in range(2))
    assert one.take("a") and two.take("a")


def test_signs_of_life_are_given(tmp_path: Path, made: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hexcli.store.claims.BEAT_SECONDS", 0.01)
    here = made.enter_context(Claims(tmp_path))
    assert here.take("a")
    (file,) = (tmp_path / FOLDER).glob("*.txt")
    before = file.read_bytes()
    deadline = time.monotonic() + 30
    while file.read_bytes() in (before, b""):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert file.read_bytes().splitlines()[1:] == [b"a"]
