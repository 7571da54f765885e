"""What every test of the Python API gets: a folder of its own, and registries that nobody else sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registries import left_as_found


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    with left_as_found():
        yield
