"""Looking after the generation cache: what is in it, is it sound, take rows out, write it all out."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hexcli.store.cache import DBNAME
from hexcli.store.database import Entry
from hexcli.store.row import RowRefusedError
from hexcli.store.store import GenerationStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheStats:
    """What a cache holds; `models` is rows per model identity, most rows first."""

    directory: str
    rows: int
    bytes: int
    models: dict[str, int]


def stats(store: GenerationStore) -> CacheStats:
    """Counts of the cache, without reading the rows: damaged ones count too, `verify` tells them apart."""
    models = Counter(entry.model for entry in store.database.entries())
    return CacheStats(
        directory=str(store.directory),
        rows=models.total(),
        bytes=sum(file.stat().st_size for file in store.directory.glob(f"{DBNAME}*")),
        models=dict(models.most_common()),
    )


def verify(store: GenerationStore) -> Iterator[str]:
    """One line for everything wrong with the database or with a row; none = all is sound. No row is changed."""
    yield from (f"database: {finding}" for finding in store.database.findings())
    for entry in store.database.entries():
        if reason := refusal(store, entry):
            yield f"row {entry.key or entry.number}: {reason}"


def refusal(store: GenerationStore, entry: Entry) -> str | None:
    """Why this row cannot be trusted; None for a sound one."""
    if entry.key is None:
        return "its key is not one of ours"
    try:
        store.read(entry.key)
    except RowRefusedError as reason:
        return str(reason)
    return None


def prune(
    store: GenerationStore, *, model: str | None = None, before: float | None = None, damaged: bool = False
) -> int:
    """Delete the rows to which all that is given applies, and say how many: the only way that rows ever go.

    model    decoded by this model identity
    before   put before this time (seconds since 1970)
    damaged  refused by `verify`
    """
    if model is None and before is None and not damaged:
        raise ValueError("prune needs a model, a time or damaged=True: it does not empty a cache by default")
    return store.database.delete(
        entry
        for entry in store.database.entries()
        if (model is None or entry.model == model)
        and (before is None or entry.stored < before)
        and (not damaged or refusal(store, entry))
    )


def export(store: GenerationStore, *, warn: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Every sound row as a flat JSON object: key, model, dtype, prompt, schedule, and the response's fields."""
    left_out = 0
    for entry in store.database.entries():
        try:
            row = store.read(entry.key) if entry.key else None
        except RowRefusedError:
            row = None
        if row is None:
            left_out += 1
        else:
            yield row.to_dict()
    if left_out:
        warn(f"{left_out} damaged rows of the cache were left out ('hex cache verify' names them)")
