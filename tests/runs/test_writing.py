"""Writing a run folder: no finished generation is lost, and nothing foreign is touched."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hexcli import __version__
from hexcli.errors import HexError, UsageError
from hexcli.runs.reading import Run, read_manifest
from hexcli.runs.writing import RunWriter
from tests import samples
from tests.runs.folder import make, names, problems, rows

WRITER = """
import sys
from pathlib import Path
from hexcli.runs.writing import RunWriter
from tests import samples
with RunWriter.open(Path(sys.argv[1]), samples.manifest(), warn=print) as run:
    print("open", flush=True)
    if sys.argv[2] == "wait":
        sys.stdin.readline()
    for number in range(100_000):
        if ("p%d" % number, samples.voter()) not in run.done:
            run.append(samples.generation(number))
            print(number, flush=True)
"""


def test_what_was_appended_is_read(path: Path) -> None:
    make(path)
    run = Run.read(path, warn=pytest.fail)
    assert run.generations == tuple(samples.generation(number) for number in range(3))
    assert run.manifest == samples.manifest(complete=True, generations=3)
    assert run.path == path
    assert names(path) == ["generations.jsonl", "run.json"]
    assert json.loads((path / "run.json").read_text()) == {
        "format": 1,
        "hexcli": __version__,
        "name": "sums-tiny",
        "created": "2025-01-02T03:04:05+00:00",
        "recipe": {"task": "sums", "schedules": ["2"]},
        "task": "sums",
        "task_version": 1,
        "model": "tiny",
        "model_identity": "sha256:0123",
        "dtype": "float32",
        "hardware": {"device": "cpu", "cores": 2},
        "expected": 3,
        "complete": True,
        "generations": 3,
    }


def test_a_generation_is_there_before_the_next(path: Path) -> None:
    with RunWriter.open(path, samples.manifest(), warn=pytest.fail) as run:
        assert Run.read(path, warn=pytest.fail).generations == ()
        for number in range(3):
            run.append(samples.generation(number))
            read = Run.read(path, warn=pytest.fail)
            assert len(read.generations) == number + 1
            assert not read.manifest.complete


def test_resume(path: Path) -> None:
    make(path, 2, finish=False)
    assert not read_manifest(path).complete
    assert read_manifest(path).generations == 2
    later = samples.manifest(created="2026-01-01", expected=4, recipe={"task": "sums", "schedules": ("2", "4")})
    with RunWriter.open(path, later, warn=pytest.fail) as run:
        assert run.done == {(f"p{number}", samples.voter()) for number in range(2)}
        run.append(samples.generation(1))
        run.append(samples.generation(1, seed=7))
        run.append(samples.generation(2))
        assert len(run.done) == 4
        run.finish()
    read = Run.read(path, warn=pytest.fail)
    assert problems(read) == ["p0", "p1", "p1", "p2"]
    assert read.manifest.created == samples.manifest().created
    assert read.manifest.recipe == {"task": "sums", "schedules": ["2", "4"]}
    assert (read.manifest.complete, read.manifest.generations, read.manifest.expected) == (True, 4, 4)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"model_identity": "sha256:4567"}, "another model, .* with other weights"),
        ({"dtype": "bfloat16"}, "another dtype"),
        ({"task": "gsm8k"}, "another task"),
        ({"task_version": 2}, r"another version of the task \(1, not 2\)"),
        ({"data": "sha256:89ab"}, r"another data file \(none, not sha256:89ab\)"),
        ({"definition": {"name": "sums"}}, "another definition of the task"),
    ],
)
def test_a_run_of_something_else_is_not_resumed(path: Path, fields: dict[str, Any], what: str) -> None:
    make(path)
    before = {name: (path / name).read_bytes() for name in names(path)}
    with pytest.raises(UsageError, match=f"holds {what}.*: choose another -o"):
        RunWriter.open(path, samples.manifest(**fields), warn=pytest.fail)
    assert {name: (path / name).read_bytes() for name in names(path)} == before
    make(path)  # and the lock is free again


def test_a_foreign_folder_is_not_written(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "thesis.tex").write_text("")
    with pytest.raises(UsageError, match=r"is not empty and has no run.json: choose another -o"):
        make(path)
    assert names(path) == ["thesis.tex"]


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file: choose another -o"):
        make(tmp_path / "file")
    with pytest.raises(HexError, match="cannot write the run"):
        make(tmp_path / "file" / "below")


def test_a_folder_left_by_a_start_that_was_killed(path: Path) -> None:
    path.mkdir(parents=True)
    (path / ".lock").write_text("")
    (path / ".run.json.123.tmp").write_text("{")
    make(path)
    assert names(path) == ["generations.jsonl", "run.json"]


def test_one_writer_at_a_time(path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path), "wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(HexError, match=r"run '.*' is being written by another process"):
            make(path)
        other.kill()
        other.communicate()
    make(path)
    with (
        RunWriter.open(path, samples.manifest(), warn=pytest.fail),
        pytest.raises(HexError, match="is being written"),
    ):
        make(path)


def test_sigkill_loses_no_generation(path: Path, lines: list[str]) -> None:
    finished: list[int] = []
    for _ in range(3):
        command = [sys.executable, "-c", WRITER, str(path), "go"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            printed = [process.stdout.readline() for _ in range(20)]
            process.send_signal(signal.SIGKILL)
            printed += process.stdout.read().splitlines()
        finished += [int(number) for number in printed]
        read = Run.read(path, warn=lines.append)
        assert set(problems(read)) >= {f"p{number}" for number in finished}
        assert not read.manifest.complete
    assert len(finished) == len(set(finished)), "nothing was done twice"


def test_a_row_that_was_written_in_part_is_taken_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(path)
    with RunWriter.open(path, samples.manifest(), warn=pytest.fail) as run:
        with monkeypatch.context() as patch, pytest.raises(HexError, match=r"cannot write the run .*: disk full"):
            patch.setattr("os.fsync", no_space)
            run.append(samples.generation(3))
        assert len(rows(path)) == 3
        run.append(samples.generation(4))
    assert problems(Run.read(path, warn=pytest.fail)) == ["p0", "p1", "p2", "p4"]


def test_ctrl_c_while_the_disk_is_waited_for_keeps_the_row_that_is_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync, synced = os.fsync, []

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    def counted(descriptor: int) -> None:
        synced.append(descriptor)
        sync(descriptor)

    with pytest.raises(KeyboardInterrupt), RunWriter.open(path, samples.manifest(), warn=pytest.fail) as run:
        try:
            with monkeypatch.context() as patch:
                patch.setattr("os.fsync", interrupted)
                run.append(samples.generation(0))
        finally:
            monkeypatch.setattr("os.fsync", counted)
    assert synced, "the row is on the disk when the folder is left"
    read = Run.read(path, warn=pytest.fail)
    assert (problems(read), read.manifest.generations, read.manifest.complete) == (["p0"], 1, False)


def test_rows_of_the_cache_are_on_the_disk_before_the_run_is_called_complete(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = [dataclasses.replace(samples.generation(number), cached=True) for number in range(3)]
    happened: list[object] = []
    sync, writing = os.fsync, RunWriter._update

    def synced(descriptor: int) -> None:
        happened.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    def told(run: RunWriter, *, complete: bool) -> None:
        happened.append(complete)
        writing(run, complete=complete)

    with RunWriter.open(path, samples.manifest(), warn=pytest.fail) as run:
        monkeypatch.setattr("os.fsync", synced)
        monkeypatch.setattr(RunWriter, "_update", told)
        for generation in cached:
            run.append(generation)
        assert happened == [], "the cache has them"
        run.finish()
        assert happened[:2] == ["generations.jsonl", True]
        happened.clear()
        run.append(samples.generation(3))
        assert happened == ["generations.jsonl"]
    assert len(Run.read(path, warn=pytest.fail).generations) == 4


def no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")
