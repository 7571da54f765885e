"""What a worker does between its messages, and what a run makes of it."""

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from hexcli.cli.main import run
from tests.workers.test_processes import rows, tokens
from tests.workers.threads import use_threads

COMMAND = ["decode", "--limit", "4", "-s", "16,32", "--gen-length", "32", "--steps", "8", "--temperature", "0.9"]
DECIDED = ["--until-decided", "--samples", "3"]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What one process makes of the command."""
    found: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(tmp_path_factory.mktemp("alone")):
        for name, more in {"all": [], "decided": DECIDED}.items():
            patch.setenv("HEX_CACHE_DIR", str(Path("cache", name).absolute()))
            assert run([*COMMAND, *more, "-o", name]) == 0
            found[name] = tokens(name)
        yield found


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path) -> Iterator[None]:
    with contextlib.chdir(tmp_path):
        yield


class Small:
    """A denoiser on a device that has memory for so many rows."""

    def __init__(self, denoiser: Any, rows: int) -> None:
        self.denoiser, self.rows = denoiser, rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self.denoiser, name)

    def features(self, ids: torch.Tensor, *others: Any) -> Any:
        return self.checked(len(ids), self.denoiser.features, ids, *others)

    def packed_features(self, ids: torch.Tensor, positions: torch.Tensor, *others: Any) -> Any:
        rows = int((positions == 0).sum())  # each begins at position 0
        return self.checked(rows, self.denoiser.packed_features, ids, positions, *others)

    def checked(self, rows: int, compute: Any, *inputs: Any) -> Any:
        if rows > self.rows:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return compute(*inputs)


def test_memory_that_runs_out_halves_the_batches_of_that_worker(
    alone: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use_threads(monkeypatch, lambda denoiser: Small(denoiser, 2))
    assert run([*COMMAND, "--workers", "2", "-o", "run", "--json"]) == 0
    said = capsys.readouterr()
    assert "worker 1 (cpu): out of memory: going on with batches of 2" in said.err
    assert json.loads(said.out)["decoded"] == len(rows("run")), "none is decoded twice"
    assert tokens("run") == alone["all"]


@pytest.mark.parametrize("size", [["--batch-size", "auto"], ["--batch-size", "4"]])
def test_memory_for_not_even_that_is_one_line(
    size: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use_threads(monkeypatch, lambda denoiser: Small(denoiser, 0))
    assert run([*COMMAND, *size, "--workers", "2", "-o", "run"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    batch = "1" if size[1] == "auto" else "4"
    assert last.startswith(f"hex: out of memory on cpu with a batch of {batch}: use a smaller --batch-size")


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("name", ["all", "decided"])
def test_any_number_of_workers_gives_the_same_generations(
    alone: dict[str, Any], count: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_threads(monkeypatch)
    more = DECIDED if name == "decided" else []
    assert run([*COMMAND, *more, "--workers", str(count), "-o", "run"]) == 0
    assert tokens("run") == alone[name]
    assert json.loads(Path("run/run.json").read_text())["complete"]


@pytest.mark.parametrize("count", [2, 4])
def test_a_sweep_spreads_over_workers(
    alone: dict[str, Any], count: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use_threads(monkeypatch)
    recipe = {"limit": 4, "schedules": [16, 32], "gen_length": 32, "steps": 8, "temperature": 0.9, "seed": [0, 1]}
    Path("both.yaml").write_text(json.dumps(recipe))
    assert run(["sweep", "both.yaml", "--workers", str(count), "--yes"]) == 0
    folders = sorted(path for path in Path("runs").iterdir() if path.is_dir())
    assert len(folders) == 2
    assert alone["all"] in [tokens(str(folder)) for folder in folders]


def test_a_clock_that_jumps_means_nothing(alone: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A day ahead and back, over the lease of every claim."""
    use_threads(monkeypatch)
    real, calls = time.time, iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: real() + (86400 if next(calls) % 2 else -86400))
    assert run([*COMMAND, "--workers", "2", "-o", "run", "--json"]) == 0
    assert tokens("run") == alone["all"]
