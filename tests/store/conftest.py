"""What tests of the cache share: an open one, and the lines that it warns with."""

from collections.abc import Iterator

import pytest

from hexcli.store.store import GenerationStore, open_store


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def store(lines: list[str]) -> Iterator[GenerationStore]:
    with open_store(warn=lines.append) as opened:
        yield opened
