"""What tests of run folders share: where one is, and the lines that reading it warns with."""

from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "one"


@pytest.fixture
def lines() -> list[str]:
    return []
