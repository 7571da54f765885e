"""What is in a cache by task, run or schedule: `hex cache stats --by`."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hexcli.cli.identities import called
from hexcli.labels import names
from hexcli.runs.folders import RUNS
from hexcli.schedule import Schedule

if TYPE_CHECKING:
    from hexcli.report.held import Held
    from hexcli.store.store import GenerationStore

STRAY = "in no run of {runs}/"


def held_by(store: "GenerationStore", by: str) -> "list[Held]":
    """The rows of a cache by `task` (and model), `run` or `schedule`, most rows first, those of no group last.

    Tasks and runs are told by the run folders in runs/, whose rows are read; schedules by every row of the cache.
    """
    from hexcli.report.held import Held

    entries = [entry for entry in store.database.entries() if entry.key is not None]
    groups = _by_schedule(store) if by == "schedule" else _by_run(by)
    sizes = {str(entry.key): entry.bytes for entry in entries}
    groups = {name: keys & sizes.keys() for name, keys in groups.items()}
    times = Counter(key for keys in groups.values() for key in keys)
    found = [
        Held(
            name=name,
            rows=len(keys),
            bytes=sum(sizes[key] for key in keys),
            alone=sum(times[key] == 1 for key in keys),
        )
        for name, keys in groups.items()
        if keys
    ]
    found.sort(key=lambda one: -one.rows)
    for model, keys in _strays(store, set(times)).items():
        about = STRAY.format(runs=RUNS) if by != "schedule" else "damaged"
        size = sum(sizes[key] for key in keys)
        found.append(Held(name=f"{about}, {model}", rows=len(keys), bytes=size, alone=len(keys)))
    return found


def _strays(store: "GenerationStore", known: set[str]) -> dict[str, set[str]]:
    """The keys that no group has, by model."""
    found: dict[str, set[str]] = {}
    for entry in store.database.entries():
        if entry.key is not None and entry.key not in known:
            found.setdefault(called(entry.model), set()).add(entry.key)
    return found


def _by_run(by: str) -> dict[str, set[str]]:
    from hexcli.runs.owning import owners

    found: dict[str, set[str]] = {}
    for owner in owners():
        name = str(owner.path.relative_to(RUNS)) if by == "run" else f"{owner.task}, {owner.model}"
        found.setdefault(name, set()).update(owner.keys)
    return found


def _by_schedule(store: "GenerationStore") -> Mapping[str, set[str]]:
    from hexcli.store.upkeep import schedule_of

    found: dict[Schedule, set[str]] = {}
    for entry in store.database.entries():
        if entry.key is not None and (schedule := schedule_of(store, entry)) is not None:
            found.setdefault(schedule.with_seed(0), set()).add(entry.key)
    usual = {"gen_length": max((len(keys), one.gen_length) for one, keys in found.items())[1]} if found else {}
    return {f"block {name}": found[one] for one, name in names(found, usual).items()}
