"""Full disks, memory that runs out, models without numbers: with workers nothing is lost, and nothing done twice."""

import contextlib
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
from hexcli.models.checkpoint.checkpoint import EMBEDDED
from tests.workers.test_processes import COMMAND, children, linux, rows, start, tokens, wait_for_rows

WORKERS = ["--workers", "2"]


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Any]:
    """What the command gives where nothing goes wrong."""
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(tmp_path_factory.mktemp("wanted")):
        patch.setenv("HEX_CACHE_DIR", str(Path("cache").absolute()))
        assert run([*COMMAND, "-o", "run"]) == 0
        return tokens("run")


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    with contextlib.chdir(tmp_path):
        yield


def goes_on(wanted: dict[Any, Any], capsys: pytest.CaptureFixture[str], folder: str = "run") -> None:
    """The same command finishes the run: what was finished is not decoded again, and the tokens are those."""
    saved = len(rows(folder)) if Path(folder, "generations.jsonl").exists() else 0
    assert run([*COMMAND, "-o", folder, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["in_run"] == saved
    assert said["decoded"] <= len(wanted) - saved
    assert tokens(folder) == wanted
    assert json.loads(Path(folder, "run.json").read_text())["complete"]


@linux
def test_a_file_that_cannot_grow_ends_in_one_line(wanted: dict[Any, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """A quota, as the system has it for each process: cache and run folder are beyond it."""
    driver = start(*COMMAND, *WORKERS, "-o", "run")
    wait_for_rows("run", 1)
    resource.prlimit(driver.pid, resource.RLIMIT_FSIZE, (1000, 1000))
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
    mounted = shutil.which("mount") and os.geteuid() == 0
    done = mounted and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", str(disk)], check=False)
    if not done or done.returncode:
        pytest.skip("only root can mount a disk that is full")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_under_the_run_folder_costs_no_generation(
    wanted: dict[Any, Any], small_disk: Path, capsys: pytest.CaptureFixture[str]
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


@linux
def test_memory_that_runs_out_in_a_worker_loses_nothing(
    wanted: dict[Any, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """A limit on the memory of one worker, as a container has it; whether it goes on is up to the limit."""
    driver = start(*COMMAND, *WORKERS, "-o", "run")
    wait_for_rows("run", 1)
    worker = children(driver.pid)[0]
    used = int(Path(f"/proc/{worker}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.prlimit(worker, resource.RLIMIT_AS, (used, used))
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
