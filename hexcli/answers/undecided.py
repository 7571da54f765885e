"""Which comparisons nobody could decide: counted for whoever asks while they are made, and kept nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_pairs: ContextVar[set[tuple[str, str]] | None] = ContextVar("pairs that were not decided", default=None)


@contextmanager
def watched() -> Iterator[set[tuple[str, str]]]:
    """The pairs of answers that are not decided while this is open, each once."""
    pairs: set[tuple[str, str]] = set()
    token = _pairs.set(pairs)
    try:
        yield pairs
    finally:
        _pairs.reset(token)


def note(a: str, b: str) -> None:
    """Say that a pair was not decided."""
    if (pairs := _pairs.get()) is not None:
        pairs.add((min(a, b), max(a, b)))
