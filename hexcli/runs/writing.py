"""Run folders, for writing: a generation is on the disk before the next one; a run that died is taken up again."""

import contextlib
import dataclasses
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from hexcli.errors import HexError, UsageError
from hexcli.files import append_to, why
from hexcli.json_file import json_line, parse_json, write_json
from hexcli.records import Generation
from hexcli.runs.aside import ASIDE, set_aside
from hexcli.runs.asked import Asked, asked_anew, finished, meant
from hexcli.runs.halves import take_up
from hexcli.runs.lock import lock_run
from hexcli.runs.manifest import Manifest
from hexcli.runs.mistakes import changed, other_model
from hexcli.runs.reading import read_manifest
from hexcli.runs.row import row_of
from hexcli.runs.rows import GENERATIONS, MANIFEST, read_rows
from hexcli.voter import Voter

if TYPE_CHECKING:
    from filelock import FileLock

SAME = {
    "model_identity": "model",
    "dtype": "dtype",
    "task": "task",
    "task_version": "version of the task",
    "definition": "definition of the task",
    "data": "data file",
}


class RunWriter:
    """The one process that writes a run folder. A context manager; get it from `RunWriter.open`."""

    def __init__(self, path: Path, manifest: Manifest, lock: "FileLock", done: set[tuple[str, Voter]]) -> None:
        self.path = path
        self.manifest = manifest
        self.done = done  # (problem id, voter) of every generation in the folder
        self._lock = lock
        self._owed = False  # whether rows were written that the disk may not have yet
        self._file: BinaryIO = append_to(path / GENERATIONS, buffering=0)

    @classmethod
    def open(
        cls,
        path: Path,
        manifest: Manifest,
        *,
        warn: Callable[[str], None],
        wanted: Collection[tuple[str, Voter]] = (),
        wait: float = 0.0,
    ) -> Self:
        """Start a run in `path`, or take up the one that is there; `warn` gets a line if rows had to be dropped.

        `manifest` is of what is asked for now; `wanted` = its generations, by problem id and voter; `wait` = seconds
        to wait for another process that writes it.

        Raises RunBusyError if another process writes it, HexError if the disk does not allow it, and UsageError if the
        folder holds something else.
        """
        manifest = Manifest.from_dict(parse_json(json_line(manifest.to_dict())))  # as it will be read back
        with _disk_errors(path):
            if path.exists() and not path.is_dir():
                raise UsageError(f"'{path}' is a file: choose another -o")
            take_up(path)
            path.mkdir(parents=True, exist_ok=True)
            lock = lock_run(path, wait)
            try:
                return cls._open_locked(path, manifest, lock, warn, wanted)
            except BaseException:
                lock.release()
                raise

    @classmethod
    def _open_locked(
        cls,
        path: Path,
        manifest: Manifest,
        lock: "FileLock",
        warn: Callable[[str], None],
        wanted: Collection[tuple[str, Voter]],
    ) -> Self:
        if (path / MANIFEST).exists():
            before = read_manifest(path)
            before.require_own(path, "nothing is decoded or imported into it")
            require_same(path, before, manifest)
        elif any(not entry.name.startswith(".") for entry in path.iterdir()):
            raise UsageError(f"'{path}' is not empty and has no {MANIFEST}: choose another -o")
        else:
            before = manifest
        for leftover in path.glob(".*.tmp"):  # of a writer that was killed: nobody else holds the lock
            leftover.unlink()
        rows = read_rows(path, hold=False)
        if rows.mixed:
            warn(f"run '{path}': it holds rows of another run ({rows.mixed[0]} has two questions): choose another -o")
        if not rows.whole:
            set_aside(path)
        if rows.left_out:
            warn(f"run '{path}': {rows.left_out} set aside in {ASIDE}; what is missing will be decoded again")
        done = set(rows.names)
        asked, complete = _asked(before, manifest, rows.damaged + rows.newer)
        expected = max(manifest.expected, len({*done, *wanted}))
        now = dataclasses.replace(
            manifest,
            created=before.created,
            complete=complete,
            generations=len(done),
            expected=expected if before.complete else max(expected, before.expected),
            prompts={**before.prompts, **manifest.prompts},
            until_decided=before.until_decided if complete else manifest.until_decided,
            recipes=asked if len(asked) > 1 or asked[-1].problems else (),
        )
        write_json(path / MANIFEST, now.to_dict())
        return cls(path, now, lock, done)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, generation: Generation) -> None:
        """Add a generation; once this returns it is on the disk. One that is there already is left as it is.

        One of the cache is on the disk there: here it is with the next that is not, or when the folder is left. Raises
        HexError where the disk takes no more; the file then ends with the row before.
        """
        name = (generation.problem.id, generation.voter)
        if name in self.done:
            return
        line = json_line(row_of(generation))
        with _disk_errors(self.path):
            end = os.fstat(self._file.fileno()).st_size
            try:
                if self._file.write(line) != len(line):  # what a disk that is filling up does
                    raise OSError("the disk took only a part of the row")
                if not generation.cached:
                    os.fsync(self._file.fileno())
            except BaseException as stop:
                if isinstance(stop, OSError) or os.fstat(self._file.fileno()).st_size != end + len(line):
                    with contextlib.suppress(OSError):
                        os.ftruncate(self._file.fileno(), end)
                else:  # Ctrl-C while the disk was waited for: the row is whole, and `close` waits again
                    self._owed = True
                    self.done.add(name)
                raise
        self._owed = generation.cached
        self.done.add(name)

    def finish(self, not_needed: int = 0) -> None:
        """Say that all that was asked for last is there, but for so many generations that it did not take to decide."""
        asked = {**self.manifest.until_decided, "not_needed": not_needed} if not_needed else {}
        recipes = finished(self.manifest.recipes) if self.manifest.recipes else ()
        self._settle()
        self.manifest = dataclasses.replace(self.manifest, until_decided=asked, recipes=recipes)
        self._update(complete=all(one.complete for one in recipes))

    def close(self) -> None:
        """Leave the folder to others. Without `finish` the run stays as complete as it was."""
        if self._file.closed:
            return
        try:
            try:
                self._settle()
            finally:
                self._file.close()
            if self.manifest.generations != len(self.done):
                self._update(complete=self.manifest.complete)
        finally:
            self._lock.release()

    def _settle(self) -> None:
        if self._owed:
            with _disk_errors(self.path):
                os.fsync(self._file.fileno())
            self._owed = False

    def _update(self, *, complete: bool) -> None:
        count = len(self.done)
        there = count + self.manifest.not_needed
        expected = there if complete else self.manifest.expected
        self.manifest = dataclasses.replace(self.manifest, complete=complete, generations=count, expected=expected)
        with _disk_errors(self.path):
            write_json(self.path / MANIFEST, self.manifest.to_dict())


def require_same(path: Path, before: Manifest, now: Manifest) -> None:
    """Raises UsageError unless the run folder's manifest and a new one may share the folder."""
    for name, what in SAME.items():
        old, new = getattr(before, name), getattr(now, name)
        if old != new:
            values = "" if isinstance(old, Mapping) else f" ({old or 'none'}, not {new or 'none'})"
            said = changed(path, name, before.recipe, now.recipe)
            if name == "model_identity":
                said = other_model(path, before.model, now.model)
            raise UsageError(said or f"run '{path}' holds another {what}{values}: choose another -o")
    for name, wording in now.prompts.items():
        if before.prompts.get(name, wording) != wording:
            raise UsageError(
                f"run '{path}' holds another wording, or other examples, of prompt {name}: choose another -o"
            )
    if before.until_decided and meant(before.recipe) != meant(now.recipe):
        raise UsageError(
            f"run '{path}' stopped where its own votes decided, and those of another recipe would be counted with "
            "them: choose another -o"
        )


def _asked(before: Manifest, now: Manifest, damaged: int) -> tuple[tuple[Asked, ...], bool]:
    """Every recipe of the folder with the one that is asked for now, and whether all of it is there already."""
    (latest,) = now.asked
    earlier = [dataclasses.replace(one, complete=one.complete and not damaged) for one in before.asked]
    asks = (meant(latest.recipe), latest.problems)
    same = any((meant(one.recipe), one.problems) == asks and one.complete for one in earlier)
    there = same and _asks_no_more(before, now)
    asked = asked_anew(earlier, dataclasses.replace(latest, complete=there))
    return asked, all(one.complete for one in asked)


def _asks_no_more(before: Manifest, now: Manifest) -> bool:
    if before.expected < now.expected:
        return False
    return before.certainty is None or (now.certainty is not None and now.certainty <= before.certainty)


@contextlib.contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HexError(f"cannot write the run '{path}': {why(error)}") from error
