"""What tests of real processes share: a folder of their own, and the run that nothing disturbed."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hexcli.cli.main import run
from tests.workers.test_processes import COMMAND, Token, tokens


@pytest.fixture(scope="session")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Token:
    """What the command gives where nothing comes between, and nothing goes wrong."""
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(tmp_path_factory.mktemp("wanted")):
        patch.setenv("HEX_CACHE_DIR", str(Path("cache").absolute()))
        assert run([*COMMAND, "-o", "run"]) == 0
        return tokens("run")


@pytest.fixture
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    with contextlib.chdir(tmp_path):
        yield
