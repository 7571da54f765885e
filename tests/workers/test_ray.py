"""Workers that are actors of a Ray cluster of this machine: the same run, whatever becomes of an actor."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hexcli.cli.main import run
from tests.driving import go_on, rows, start, wait_for_rows
from tests.workers.test_processes import COMMAND, linux, tokens

DECIDED = ["--until-decided", "--samples", "2"]
RAY = ["--engine", "ray", "--workers", "2"]
CLUSTER = """
import sys, ray
print(ray.init(address="local", num_cpus=4, include_dashboard=False, log_to_driver=False).address_info["gcs_address"])
sys.stdout.close()
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with what one process makes of the command."""
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(tmp_path_factory.mktemp("ray")):
        patch.setenv("HEX_CACHE_DIR", str(Path("cache").absolute()))
        assert run([*COMMAND, "-o", "alone"]) == 0
        assert run([*COMMAND, *DECIDED, "-o", "alone-decided"]) == 0
        yield Path().absolute()


@pytest.fixture(autouse=True)
def in_its_folder(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("HEX_CACHE_DIR", str(tmp_path / "cache"))
    with contextlib.chdir(here):
        yield


def test_actors_give_the_same_run_with_layers_on_several_devices() -> None:
    """And until the votes are decided."""
    driver = start(*COMMAND, *DECIDED, *RAY, "-M", "device_map=cpu,cpu", "-o", "spread", "--json")
    out, err = driver.communicate(timeout=280)
    assert driver.returncode == 0, err
    assert tokens("spread") == tokens("alone-decided")
    assert json.loads(out)["decoded"] == len(rows("alone-decided")) < 2 * len(rows("alone"))
    assert "Traceback" not in err and "WARNING" not in err


@pytest.fixture(scope="module")
def cluster(here: Path) -> Iterator[tuple[int, str]]:
    """A cluster with room for four actors, as others start one: the process that it belongs to, and its address."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"OMP_NUM_THREADS": "1", "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token"}.items():
            patch.setenv(name, value)
        with subprocess.Popen(
            [sys.executable, "-c", CLUSTER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        ) as owner:
            assert owner.stdout is not None
            address = owner.stdout.readline().strip()
            assert address, "no cluster"
            yield owner.pid, address
            import ray

            ray.shutdown()  # what this process has of it; the cluster ends with its owner, whose stdin is closed


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("more", [[], DECIDED], ids=["all", "until decided"])
def test_any_number_of_actors_of_a_cluster_gives_the_same_run(
    count: int,
    more: list[str],
    cluster: tuple[int, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from hexcli.workers.ray_actors import RayActors

    launched: list[Any] = []
    launch = RayActors.launch

    def counted(*given: Any) -> Any:
        launched.append(launch(*given))
        return launched[-1]

    monkeypatch.setattr(RayActors, "launch", counted)
    monkeypatch.setenv("RAY_ADDRESS", cluster[1])
    folder, alone = f"actors-{count}-{len(more)}", "alone-decided" if more else "alone"
    assert run([*COMMAND, *more, "--engine", "ray", "--workers", str(count), "-o", folder, "--json"]) == 0
    said = capsys.readouterr()
    assert tokens(folder) == tokens(alone)
    assert json.loads(said.out)["decoded"] == len(rows(alone)), "none is decoded twice"
    assert len(launched) == count
    assert "Traceback" not in said.err and "WARNING" not in said.err


def actors(driver: int) -> list[int]:
    """The processes of the actors of a driver's own cluster."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            if entry.name.isdecimal() and (entry / "cmdline").read_bytes().startswith(b"ray::Worker"):
                raylet = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if int(Path(f"/proc/{raylet}/stat").read_text().rpartition(")")[2].split()[1]) == driver:
                    found.append(int(entry.name))
    return found


@linux
def test_an_actor_that_is_killed_costs_nothing(cluster: tuple[int, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", cluster[1])
    before = actors(cluster[0])  # of another run, and about to end
    driver = start(*COMMAND, *RAY, "-o", "killed", "--json", at=1)
    wait_for_rows("killed", 1)
    own = set(actors(cluster[0])).difference(before)
    assert own
    os.kill(own.pop(), signal.SIGKILL)
    go_on()
    out, err = driver.communicate(timeout=280)
    assert driver.returncode == 0, err
    assert tokens("killed") == tokens("alone")
    assert json.loads(out)["decoded"] == len(rows("alone"))
    assert "started again" in err and "Traceback" not in err


def test_without_ray_one_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run([*COMMAND, "--engine", "ray", "-o", "none"]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "hex: --engine ray needs Ray, which is not installed: pip install 'dllm-hex[ray]'"


def test_a_cluster_that_does_not_answer_may_want_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise ConnectionError("Failed to connect")

    fake = SimpleNamespace(is_initialized=lambda: False, init=fail)
    monkeypatch.setitem(sys.modules, "ray", fake)
    monkeypatch.setenv("RAY_ADDRESS", "node:6379")
    said = []
    for mode in (None, "token"):
        monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
        if mode:
            monkeypatch.setenv("RAY_AUTH_MODE", mode)
        assert run([*COMMAND, "--engine", "ray", "-o", "none"]) == 1
        said.append(capsys.readouterr().err.splitlines()[-1])
    assert said == [
        "hex: no Ray cluster at node:6379: Failed to connect; if it runs and asks for a token (~/.ray/auth_token), "
        "set RAY_AUTH_MODE=token",
        "hex: no Ray cluster at node:6379: Failed to connect",
    ]


class Cluster:
    """What of Ray tells what a cluster has."""

    def __init__(self, **resources: float) -> None:
        self.resources = resources

    def cluster_resources(self) -> dict[str, float]:
        return self.resources


def seats(monkeypatch: pytest.MonkeyPatch, cluster: Cluster, device: str, device_map: str | None, **crew: Any) -> Any:
    from hexcli.models.options import ModelOptions
    from hexcli.workers import ray_actors
    from hexcli.workers.crew import Crew

    monkeypatch.setattr(ray_actors, "connect", lambda: cluster)
    spec: Any = SimpleNamespace(device=device, checkpoint=SimpleNamespace(options=ModelOptions(device_map=device_map)))
    notes: list[str] = []
    return ray_actors.RayActors(spec, notes.append).seats(Crew(engine="ray", **crew)), notes


def test_each_actor_gets_its_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    eight = Cluster(GPU=8, CPU=64)
    one_each, _ = seats(monkeypatch, eight, "cuda", None)
    assert [(seat.gpus, seat.device_map) for seat in one_each] == [(1, None)] * 8
    spread, _ = seats(monkeypatch, eight, "cuda", "auto", count=2)
    assert [(seat.gpus, seat.device_map) for seat in spread] == [(4, "auto")] * 2
    pairs, _ = seats(monkeypatch, eight, "cuda", None, gpus=2)
    assert [(seat.gpus, seat.device_map) for seat in pairs] == [(2, "auto")] * 4
    _, notes = seats(monkeypatch, eight, "cuda", None, count=9)
    assert notes == ["9 workers with 1 GPU each, and the Ray cluster has 8: some will wait for more"]
