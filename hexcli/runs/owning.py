"""Which generations of the cache run folders are of: their keys, worked out from what the rows tell."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hexcli.errors import HexError
from hexcli.keys import generation_key
from hexcli.runs.folders import RUNS
from hexcli.runs.reading import Run, find_runs, read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A run folder and the cache keys of its generations. A copy of them is in the folder, whatever becomes of the
    cache."""

    path: Path
    task: str
    model: str
    keys: frozenset[str]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Every row is read. Raises UsageError on what is no run, and on a joint run, whose rows are its sources'."""
        manifest = read_manifest(path)
        manifest.require_own(path, "its generations are those of its sources")
        rows = Run.read(path, warn=lambda message: None, light=True).generations
        about = {"model": manifest.model_identity, "dtype": manifest.dtype}
        keys = (generation_key(**about, prompt=one.prompt, schedule=one.schedule) for one in rows)
        return cls(path=path, task=manifest.task, model=manifest.model, keys=frozenset(keys))


def owners(folders: Iterable[Path] = (RUNS,), *, but: Collection[Path] = ()) -> list[Owner]:
    """The runs directly in these folders, of runs/ also those in folders of it, without those that cannot be read,
    joint ones, and `but`."""
    left_out, found = {path.resolve() for path in but}, dict[Path, Owner]()
    for folder in folders:
        for path in _runs_in(folder):
            if path.resolve() in {*left_out, *found}:
                continue
            try:
                found[path.resolve()] = Owner.of(path)
            except (HexError, ValueError):  # no run of ours to name
                continue
    return list(found.values())


def _runs_in(folder: Path) -> Sequence[Path]:
    try:
        return find_runs([folder], below=folder == RUNS)
    except HexError:  # it has none
        return []
