"""Real processes: the same command gives the same run folder, whatever the count of workers, and whatever ends one."""

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hexcli.cli.main import run
from hexcli.store.store import open_store
from tests.driving import go_on, rows, start, wait_for, wait_for_rows

COMMAND = ["decode", "--limit", "6", "-s", "16,32", "--steps", "16", "--temperature", "0.9", "--batch-size", "2"]
GOES_ON = "the same command goes on from there (or `hex sweep run`)"
BEGINS = "hex: interrupted before the first generation was finished: the same command begins again"
Token = dict[tuple[str, str, int], tuple[int, ...]]

pytestmark = pytest.mark.usefixtures("in_a_folder_of_its_own")


def tokens(folder: str) -> Token:
    found = {(row["problem_id"], row["schedule_label"], row["seed"]): tuple(row["token_ids"]) for row in rows(folder)}
    assert len(found) == len(rows(folder)), "nothing is there twice"
    return found


def keys() -> set[str]:
    with open_store(warn=print) as store:
        return set(store)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What one process makes of the command."""
    found: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(tmp_path_factory.mktemp("alone")):
        for name, more in {"all": [], "decided": ["--until-decided", "--samples", "3"]}.items():
            patch.setenv("HEX_CACHE_DIR", str(Path("cache", name).absolute()))
            assert run([*COMMAND, *more, "-o", name]) == 0
            found[name] = (tokens(name), keys(), json.loads(Path(name, "run.json").read_text()))
        yield found


@pytest.mark.parametrize(
    ("count", "name", "more"),
    [(2, "all", []), (4, "all", []), (2, "decided", ["--until-decided", "--samples", "3"])],
)
def test_any_number_of_workers_gives_the_same_run(
    alone: dict[str, Any], count: int, name: str, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    threads = threading.active_count()
    assert run([*COMMAND, *more, "--workers", str(count), "-o", "run", "--json"]) == 0
    assert threading.active_count() == threads
    said = json.loads(capsys.readouterr().out)
    wanted, stored, manifest = alone[name]
    assert tokens("run") == wanted
    assert keys() == stored
    assert said["decoded"] == len(wanted)
    unlike = {"created", "name"}
    now = json.loads(Path("run/run.json").read_text())
    assert {key: now[key] for key in now if key not in unlike} == {
        key: manifest[key] for key in manifest if key not in unlike
    }


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for_workers(driver: int) -> list[int]:
    """Two, as soon as they are there."""
    wait_for(lambda: len(children(driver)) == 2, "two workers")
    return children(driver)


linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks /proc who is whose child")


@linux
@pytest.mark.parametrize("while_it", ["loads its model", "decodes"])
def test_a_worker_that_is_killed_costs_nothing(while_it: str, alone: dict[str, Any]) -> None:
    at = 1 if while_it == "decodes" else 0
    driver = start(*COMMAND, "--workers", "2", "-o", "run", "--json", at=at)
    wait_for_rows("run", at)
    os.kill(wait_for_workers(driver.pid)[0], signal.SIGKILL)
    go_on()
    out, err = driver.communicate(timeout=120)
    assert driver.returncode == 0, err
    assert tokens("run") == alone["all"][0]
    assert json.loads(out)["decoded"] == len(alone["all"][0]), "none is decoded twice"
    assert "ended (killed, perhaps for memory (SIGKILL)): started again" in err
    assert "Traceback" not in err


@linux
def test_a_driver_that_is_killed_takes_its_workers_along(
    alone: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    driver = start(*COMMAND, "--workers", "2", "-o", "run", at=2)
    wait_for_rows("run", 2)
    workers = wait_for_workers(driver.pid)
    driver.kill()
    driver.communicate(timeout=60)
    wait_for_the_end(workers)
    assert run([*COMMAND, "-o", "run", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["in_run"] == 2
    assert said["decoded"] + said["from_cache"] + 2 == len(alone["all"][0])
    assert tokens("run") == alone["all"][0]


def wait_for_the_end(workers: list[int]) -> None:
    """Of the command that they work for; one that is just being started ends by itself."""
    deadline = time.monotonic() + 60
    while any(state(one) != "Z" for one in workers):
        assert time.monotonic() < deadline, "a worker lives on"
        time.sleep(0.05)


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


@linux
@pytest.mark.parametrize(
    ("how", "times", "rows_first"), [("SIGINT", 5, 1), ("SIGINT", 2, 0), ("SIGTERM", 1, 1), ("SIGHUP", 1, 0)]
)
def test_signals_end_driver_and_workers_in_one_line(
    how: str, times: int, rows_first: int, alone: dict[str, Any]
) -> None:
    """While they decode, and while they start."""
    driver = start(*COMMAND, "--workers", "2", "-o", "run", at=rows_first)
    workers = wait_for_workers(driver.pid)
    wait_for_rows("run", rows_first)
    for _ in range(times):
        os.killpg(driver.pid, getattr(signal, how))
        time.sleep(0.01)
    _, err = driver.communicate(timeout=60)
    assert driver.returncode == 130
    assert "Traceback" not in err
    said = f"hex: interrupted; what is finished is saved in run: {GOES_ON}" if rows_first else BEGINS
    assert [line for line in err.splitlines() if "interrupted" in line] == err.splitlines()[-1:] == [said]
    wait_for_the_end(workers)
    found = tokens("run")
    assert (len(found), found.items() <= alone["all"][0].items()) == (rows_first, True)


def test_two_drivers_on_one_run_folder_share_its_work(alone: dict[str, Any]) -> None:
    """Each with workers of its own: four together."""
    first = start(*COMMAND, "--workers", "2", "-o", "run", "--json", at=1)
    wait_for_rows("run", 1)
    shared = "is being written by another process: its work is shared"
    with Path("second").open("w") as err:
        drivers = [first, start(*COMMAND, "--workers", "2", "-o", "run", "--json", err=err)]
    wait_for(lambda: shared in Path("second").read_text(), "word of the second")
    go_on()
    said = [driver.communicate(timeout=200) for driver in drivers]
    assert [driver.returncode for driver in drivers] == [0, 0], said
    results = [json.loads(out) for out, _ in said]
    assert sum(result["decoded"] for result in results) == len(alone["all"][0]), "none is decoded twice"
    assert {result["generations"] for result in results} == {len(alone["all"][0])}
    assert tokens("run") == alone["all"][0]
    assert json.loads(Path("run/run.json").read_text())["complete"]
    assert shared not in said[0][1]


def test_commands_started_together_decode_nothing_twice(alone: dict[str, Any]) -> None:
    """Each in a folder of its own, until the vote is decided."""
    more = ["--until-decided", "--samples", "3"]
    drivers = [start(*COMMAND, *more, "-o", "run0", "--json", at=1)]
    wait_for_rows("run0", 1)
    drivers.append(start(*COMMAND, *more, "-o", "run1", "--json"))
    wait_for_rows("run1", 5)  # more than the first one was at
    go_on()
    said = [driver.communicate(timeout=200) for driver in drivers]
    assert [driver.returncode for driver in drivers] == [0, 0], said
    results = [json.loads(out) for out, _ in said]
    assert sum(result["decoded"] for result in results) == len(keys()), "each was decoded once"
    assert all(result["decoded"] for result in results), "both did some"
    found = [tokens(f"run{number}") for number in range(2)]
    for name, ids in alone["decided"][0].items():  # more votes may be there: who decodes does not wait for the others
        assert all(one.get(name, ids) == ids for one in found)
    assert all(json.loads(Path(f"run{number}/run.json").read_text())["complete"] for number in range(2))


@linux
def test_what_a_killed_command_was_at_is_done_by_the_other(alone: dict[str, Any]) -> None:
    first = start(*COMMAND, "-o", "run", "--json", at=1)
    wait_for_rows("run", 1)
    second = start(*COMMAND, "-o", "run", "--json")
    wait_for(lambda: len(keys()) >= 5, "what the second one decodes")
    assert len(rows("run")) == 1, "the first one stands still, and has others claimed"
    first.kill()
    first.communicate(timeout=60)
    out, err = second.communicate(timeout=200)
    assert second.returncode == 0, err
    assert tokens("run") == alone["all"][0]
    assert json.loads(out)["generations"] == len(alone["all"][0])
