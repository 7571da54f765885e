"""Full disks, memory that runs out, models without numbers: with workers nothing is lost, and nothing done twice."""

import errno
import io
import json
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from hexcli.json_file import write_json
from hexcli.models.checkpoint.checkpoint import EMBEDDED
from hexcli.records import Generation
from hexcli.runs.writing import RunWriter
from tests.driving import go_on, rows, start, wait_for_rows
from tests.workers.test_processes import COMMAND, Token, children, linux, tokens

WORKERS = ["--workers", "2"]

pytestmark = pytest.mark.usefixtures("in_a_folder_of_its_own")


def goes_on(wanted: Token, capsys: pytest.CaptureFixture[str], folder: str = "run") -> None:
    """The same command finishes the run: what was finished is not decoded again, and the tokens are those."""
    saved = len(rows(folder)) if Path(folder, "generations.jsonl").exists() else 0
    assert run([*COMMAND, "-o", folder, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["in_run"] == saved
    assert said["decoded"] <= len(wanted) - saved
    assert tokens(folder) == wanted
    assert json.loads(Path(folder, "run.json").read_text())["complete"]


@linux
def test_a_file_that_cannot_grow_ends_in_one_line(wanted: Token, capsys: pytest.CaptureFixture[str]) -> None:
    """A quota, as the system has it for each process: cache and run folder are beyond it."""
    driver = start(*COMMAND, *WORKERS, "-o", "run", at=1)
    wait_for_rows("run", 1)
    resource.prlimit(driver.pid, resource.RLIMIT_FSIZE, (1000, 1000))
    go_on()
    _, err = driver.communicate(timeout=120)
    assert driver.returncode == 1
    assert err.splitlines()[-1].startswith("hex: cannot ")
    assert "Traceback" not in err
    goes_on(wanted, capsys)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", "size=16k", "none", str(disk))
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def mount(*arguments: str) -> None:
    """The test is skipped where this is not allowed."""
    allowed = shutil.which("mount") and os.geteuid() == 0
    if not allowed or subprocess.run(["mount", *arguments], check=False).returncode:
        pytest.skip("only root can mount a disk that is full, or can only be read")


def test_a_full_disk_under_the_run_folder_costs_no_generation(
    wanted: Token, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*COMMAND, *WORKERS, "-o", str(small_disk / "run")]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == f"hex: cannot write the run '{small_disk / 'run'}': disk full"
    saved = rows(str(small_disk / "run"))
    assert 0 < len(saved) < len(wanted)
    shutil.copytree(small_disk / "run", "run")
    goes_on(wanted, capsys)


@pytest.mark.parametrize("what", ["cache", "run folder"])
def test_a_disk_that_can_only_be_read_is_said_before_workers_start(
    what: str, small_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    if what == "cache":
        monkeypatch.setenv("HEX_CACHE_DIR", str(small_disk / "cache"))
    assert run([*COMMAND, *WORKERS, "-o", "run" if what == "cache" else str(small_disk / "run")]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert "Read-only file system" in last
    assert last.startswith("hex: cannot use the cache" if what == "cache" else "hex: cannot write the run")


class ReadOnly(io.FileIO):
    """The file of rows on a disk that can be read only, from a row on."""

    rows = 0

    def write(self, line: Any) -> int:
        self.rows += 1
        if self.rows > 2:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return super().write(line)


def test_a_run_folder_that_becomes_read_only_loses_nothing(
    wanted: Token, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While workers decode, as the system makes a disk after an error of its own; run.json cannot be written then."""

    def refuse(path: Path, value: Any) -> None:
        if value["generations"]:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        write_json(path, value)

    with monkeypatch.context() as patch:
        patch.setattr("hexcli.runs.writing.append_to", lambda path, **_: ReadOnly(path, "ab"))
        patch.setattr("hexcli.runs.writing.write_json", refuse)
        assert run([*COMMAND, *WORKERS, "-o", "run"]) == 1
    said = capsys.readouterr().err
    assert [line for line in said.splitlines() if line.startswith("hex: ")] == [
        "hex: cannot write the run 'run': Read-only file system"
    ]
    assert "Traceback" not in said
    assert len(rows("run")) == 2
    goes_on(wanted, capsys)


def test_a_run_folder_mounted_anew_read_only_keeps_every_row(
    wanted: Token, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file of rows stays open, as files do; run.json cannot say any more that the run is complete."""
    Path("run").mkdir()
    mount("--bind", "run", "run")  # whether it may
    subprocess.run(["umount", "run"], check=True)
    append = RunWriter.append

    def mount_at_the_second(self: RunWriter, generation: Generation) -> None:
        append(self, generation)
        if len(self.done) == 2:
            mount("--bind", "run", "run")
            mount("-o", "remount,bind,ro", "run")

    with monkeypatch.context() as patch:
        patch.setattr(RunWriter, "append", mount_at_the_second)
        try:
            assert run([*COMMAND, *WORKERS, "-o", "run"]) == 1
        finally:
            subprocess.run(["umount", "run"], check=True)
    said = capsys.readouterr().err
    assert said.splitlines()[-1] == "hex: cannot write the run 'run': Read-only file system"
    assert "Traceback" not in said
    assert len(rows("run")) == len(wanted)
    goes_on(wanted, capsys)


@linux
def test_memory_that_runs_out_in_a_worker_loses_nothing(wanted: Token, capsys: pytest.CaptureFixture[str]) -> None:
    """A limit on the memory of one worker, as a container has it; whether it goes on is up to the limit."""
    driver = start(*COMMAND, *WORKERS, "-o", "run", at=1)
    wait_for_rows("run", 1)
    worker = children(driver.pid)[0]
    used = int(Path(f"/proc/{worker}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.prlimit(worker, resource.RLIMIT_AS, (used, used))
    go_on()
    _, err = driver.communicate(timeout=120)
    assert driver.returncode in (0, 1), err
    assert "Traceback" not in err
    goes_on(wanted, capsys)


def test_a_model_without_numbers_for_one_problem(capsys: pytest.CaptureFixture[str]) -> None:
    broken = without_numbers(Path("broken"), *COMMAND)
    assert run([*COMMAND, *WORKERS, "--model", str(broken), "-o", "run", "--json"]) == 1
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert (result["failed"], result["decoded"]) == (2, 10), "both of one problem"
    assert "2 generations of run failed: the model's output is not finite" in said.err
    assert not json.loads(Path("run/run.json").read_text())["complete"]
    assert run([*COMMAND, *WORKERS, "--model", str(broken), "-o", "run", "--json", "--retry-failed"]) == 1
    again = json.loads(capsys.readouterr().out)
    assert (again["failed"], again["decoded"], again["in_run"]) == (2, 0, 10)


def without_numbers(folder: Path, *command: str) -> Path:
    """The embedded model, whose embedding of a token that one problem of the command has alone is not a number."""
    from safetensors.torch import load_file, save_file

    from hexcli.engine.plan import plan_run
    from hexcli.recipe.recipe import Recipe

    plan = plan_run(Recipe(limit="6", schedules=("32",)), dtype="float32")
    counts: dict[int, list[int]] = {}
    for number, job in enumerate(plan.jobs):
        for token in set(job.prompt_ids):
            counts.setdefault(token, []).append(number)
    alone = next(token for token, numbers in counts.items() if len(numbers) == 1)
    shutil.copytree(EMBEDDED / "tiny", folder)
    weights = load_file(folder / "model.safetensors")
    name = next(name for name in weights if "embed" in name or "wte" in name)
    weights[name][alone] = float("nan")
    save_file(weights, folder / "model.safetensors")
    return folder
