"""Run folders, for reading: run.json and generations.jsonl, without torch, GPU or network.

run.json says what was run and whether it is complete; generations.jsonl has one row.row_of() a line.
writing.py writes them.
"""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hexcli.errors import HexError, UsageError, plural
from hexcli.files import LARGEST_FILE, read_file, why
from hexcli.json_file import flaw, parse_json
from hexcli.records import Generation
from hexcli.runs.folders import folder_name, runs_below
from hexcli.runs.halves import take_up, take_up_all
from hexcli.runs.joining import Joined, read_joint
from hexcli.runs.manifest import Manifest
from hexcli.runs.mistakes import NEW, file_instead, meant, new, runs_in
from hexcli.runs.rows import GENERATIONS, MANIFEST, read_rows
from hexcli.runs.shards import gaps
from hexcli.runs.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run folder that was read.

    name     what tables call it: its folder
    foreign  it holds rows of another run, too: it is not complete, whatever its manifest says
    joined   of a joint run: which source has which of the generations
    """

    path: Path
    manifest: Manifest
    generations: tuple[Generation, ...]
    name: str = ""
    foreign: bool = False
    joined: Joined | None = None

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", folder_name(self.path))

    @classmethod
    def read(cls, path: Path, *, warn: Callable[[str], None], light: bool = False, name: str = "") -> Self:
        """Read a run folder; lines that cannot be read are left out with one warning. Raises UsageError.

        light  without the canvases, which voting does not need (see rows.Reader)
        name   what to call it, where its folder's name is not enough (folders.apart)
        """
        manifest = read_manifest(path)
        if manifest.sources:
            joined = read_joint(path, manifest.sources, again=joining(path, manifest.sources), warn=warn, light=light)
            generations = tuple(joined.generations.values())
            for gap in gaps(manifest.asked):
                warn(f"run '{path}': {gap}")
            return cls(path=path, name=name, manifest=manifest, generations=generations, joined=joined)
        rows = read_rows(path, light=light)
        if rows.damaged or rows.repeated:
            warn(f"run '{path}': {rows.left_out} left out; `hex sweep {shlex.quote(str(path))}` repairs it")
        elif rows.newer:
            warn(f"run '{path}': {rows.left_out} left out: upgrade dllm-hex")
        more = len(rows.generations) - manifest.generations if manifest.complete else 0
        if rows.mixed:
            many = f"{len(rows.mixed)} of its problems have two questions (first: {rows.mixed[0]})"
            warn(f"run '{path}': {many}: it holds rows of another run, and does not count as complete")
        elif more > 0:
            many = plural(more, "row")
            warn(f"run '{path}': {many} more than when it was complete: of another run? It does not count as such")
        foreign = bool(rows.mixed) or more > 0
        return cls(path=path, name=name, manifest=manifest, generations=rows.generations, foreign=foreign)


def joining(path: Path, sources: Sequence[Source]) -> str:
    """The command that makes a joint run anew."""
    copy = " --copy" if any(source.copy for source in sources) else ""
    runs = shlex.join(source.stands(path) for source in sources)
    return f"`hex vote {runs} --together{copy} -o {shlex.quote(str(path))}`"


def read_manifest(path: Path) -> Manifest:
    """The manifest of a run folder. Raises UsageError, in one line, where there is none to be had."""
    take_up(path)
    if not path.exists():
        raise UsageError(f"no such folder '{path}'{meant(path) or new(path)}")
    if not path.is_dir():
        raise UsageError(f"'{path}' is a file, not a run folder{file_instead(path)}")
    file = path / MANIFEST
    if not file.is_file():
        raise UsageError(f"no {MANIFEST} in '{path}': not a run folder{runs_in(path) or NEW}")
    try:
        fields = parse_json(_read(file, LARGEST_FILE))
    except ValueError as error:
        raise UsageError(f"'{file}' is not JSON: {flaw(error)}{_rescued(path)}") from None
    if not isinstance(fields, dict):
        raise UsageError(f"'{file}' is not a run's: no JSON object")
    try:
        return Manifest.from_dict(fields)
    except ValueError as error:
        raise UsageError(f"cannot read '{file}': {error}") from None


def _rescued(path: Path) -> str:
    """How the generations beside a broken manifest come into a run again."""
    rows = path / GENERATIONS
    way = f"copy '{rows}' to another folder, then hex import COPY --task TASK -o NEW"
    if not rows.is_file():
        return "; there are no generations beside it: remove the folder"
    return f"; its generations are in a file of their own: {way}"


def find_runs(paths: Sequence[Path], *, below: bool = False) -> list[Path]:
    """The run folders among `paths` and, for a folder of runs, directly inside it; `below`: also in the folders of runs
    in that. Raises UsageError if none."""
    found: dict[Path, Path] = {}
    for path in paths:
        try:
            runs = _runs_at(path, below)
        except OSError as error:
            raise HexError(f"cannot read '{path}': {error.strerror or error}") from None
        for run in runs:
            found.setdefault(run.resolve(), run)
    return list(found.values())


def _runs_at(path: Path, below: bool) -> list[Path]:
    take_up(path)
    if not path.exists():
        raise UsageError(f"no such folder '{path}'{meant(path) or new(path)}")
    if not path.is_dir():
        raise UsageError(f"'{path}' is a file, not a run folder{file_instead(path)}")
    if (path / MANIFEST).is_file():
        return [path]
    take_up_all(path)
    inside = [entry for entry in sorted(path.iterdir()) if not entry.name.startswith(".")]
    if not inside:
        raise UsageError(f"no runs in '{path}/': make one with 'hex decode'")
    all_below = runs_below(path)
    runs = all_below if below else [run for run in all_below if run.parent == path]
    if not runs and all_below:
        folders = ", ".join(dict.fromkeys(str(run.parent) for run in all_below))
        raise UsageError(f"no run is in '{path}' itself, but in {folders}: name that folder, or a run in it")
    if not runs:
        raise UsageError(f"no {MANIFEST} in '{path}', nor in a folder in it: not a run folder{NEW}")
    return runs


def _read(file: Path, at_most: int | None = None) -> bytes:
    try:
        return read_file(file, at_most)
    except OSError as error:
        raise HexError(f"cannot read '{file}': {why(error)}") from None
