"""Which comparisons nobody could decide, for whoever wants to know: counted where it is asked for, kept nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_pairs: ContextVar[set[tuple[str, str]] | None] = ContextVar("pairs that were not decided", default=None)


@contextmanager
def watched() -> Iterator[set[tuple[str, str]]]:
    """The pairs of answers that are not decided while this is open, each once."""
    token = _pairs.set(set())
    try:
        yield _pairs.get() or set()
    finally:
        _pairs.reset(token)


def note(a: str, b: str) -> None:
    """Say that a pair was not decided."""
    if (pairs := _pairs.get()) is not None:
        pairs.add((min(a, b), max(a, b)))
