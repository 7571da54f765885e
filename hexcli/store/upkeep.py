"""Looking after the generation cache: what is in it, is it sound, take rows out, write it all out."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.errors import plural
from hexcli.schedule import Schedule
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows of a cache, and what is lost with them: of which models, put when (seconds since 1970), the bytes that they
    take, and the seconds that decoding them took (of the sound ones; a damaged one does not tell)."""

    entries: Sequence[Entry]
    models: dict[str, int]
    first: float
    last: float
    seconds: float
    bytes: int


def chosen(
    store: GenerationStore,
    *,
    models: Collection[str] | None = None,
    before: float | None = None,
    damaged: bool = False,
    keys: Collection[str] | None = None,
    schedule: Callable[[Schedule], bool] | None = None,
) -> Part:
    """The rows to which all that is given applies. ValueError where nothing is: that would be all of them.

    models   decoded by one of these model identities
    before   put before this time (seconds since 1970)
    damaged  refused by `verify`
    keys     one of these
    schedule  decoded under one of which this is true; every row that all else applies to is read for it
    """
    if models is None and before is None and not damaged and keys is None and schedule is None:
        raise ValueError("prune needs a model, a time or damaged=True: it does not empty a cache by default")
    entries = [
        entry
        for entry in store.database.entries()
        if (models is None or entry.model in models)
        and (before is None or entry.stored < before)
        and (keys is None or entry.key in keys)
        and (not damaged or refusal(store, entry))
        and (schedule is None or ((under := schedule_of(store, entry)) is not None and schedule(under)))
    ]
    stored = [entry.stored for entry in entries]
    return Part(
        entries=entries,
        models=dict(Counter(entry.model for entry in entries).most_common()),
        first=min(stored, default=0.0),
        last=max(stored, default=0.0),
        seconds=sum(_seconds(store, entry) for entry in entries),
        bytes=sum(entry.bytes for entry in entries),
    )


def schedule_of(store: GenerationStore, entry: Entry) -> Schedule | None:
    """What a row was decoded under; None of one that cannot be trusted."""
    try:
        row = store.read(entry.key) if entry.key else None
        return None if row is None else Schedule.from_dict(row.about["schedule"])
    except (RowRefusedError, ValueError):
        return None


def delete(store: GenerationStore, part: Part) -> int:
    """Delete these rows, and say how many: the only way that rows ever go. One that was put again since stays."""
    return store.database.delete(part.entries)


def _seconds(store: GenerationStore, entry: Entry) -> float:
    try:
        row = store.read(entry.key) if entry.key else None
    except RowRefusedError:
        return 0.0
    return row.response.seconds if row else 0.0


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
        warn(f"left out of the cache: {plural(left_out, 'damaged row')} ('hex cache verify' names them)")
