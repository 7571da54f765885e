"""What every test gets: a cache of its own, and no network."""

import gc
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.registries import left_as_found

# No test is about time: the machine may be busy. Nor about luck: examples are the same each time, but in `make fuzz`.
settings.register_profile("busy", deadline=None, derandomize="HEX_FUZZ" not in os.environ)
settings.load_profile("busy")

# As the command line does (hexcli.cli.main), and before anything imports torch: tests share their cores.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
if "PYTEST_XDIST_WORKER" in os.environ:  # a process a core: more threads would wait for each other
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def nothing_frozen() -> Iterator[None]:
    """What `hex vote` takes from the garbage collector until its process ends (cli.counting) is given back to it."""
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def chance_as_at_first() -> None:
    """What a test draws does not depend on those before it in its process."""
    random.seed(0)
    if (torch := sys.modules.get("torch")) is not None:
        torch.manual_seed(0)


@pytest.fixture(autouse=True)
def registries_as_found() -> Iterator[None]:
    """What a test registers, by a file of its own or a plug-in, is not there for the next one."""
    with left_as_found():
        yield


@pytest.fixture(autouse=True)
def isolated_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees or changes the user's cache, nor reaches a model hub, nor is as wide as somebody's terminal."""
    monkeypatch.setenv("HEX_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("COLUMNS", raising=False)  # which processes of pytest-xdist have
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
