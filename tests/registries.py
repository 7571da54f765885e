"""The registries, for tests that add to them: each is left as it was found, or another test meets what is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hexcli.models.registry import FAMILIES
from hexcli.remasking import OFFERED
from hexcli.tasks.registry import TASKS
from hexcli.voting.aggregators import AGGREGATORS


@contextmanager
def left_as_found() -> Iterator[None]:
    registries: tuple[dict[str, Any], ...] = (AGGREGATORS, TASKS, FAMILIES, OFFERED)
    kept = [(registry, dict(registry)) for registry in registries]
    try:
        yield
    finally:
        for registry, before in kept:
            registry.clear()
            registry.update(before)
