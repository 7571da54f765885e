"""Run folders, for reading: run.json and generations.jsonl, without torch, GPU or network.

run.json says what was run and whether it is complete; generations.jsonl has one Generation.to_row() a line.
run_writer.py writes them.
"""

import dataclasses
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from hexcli import __version__
from hexcli.errors import HexError, UsageError, plural
from hexcli.files import LARGEST_FILE, flaw, parse_json, read_file, why
from hexcli.records import Generation
from hexcli.runs.asked import Asked
from hexcli.runs.folders import folder_name
from hexcli.runs.halves import take_up, take_up_all
from hexcli.runs.joining import Joined, read_joint
from hexcli.runs.mistakes import NEW, file_instead, meant, runs_in
from hexcli.runs.rows import MANIFEST, read_rows
from hexcli.runs.shards import gaps
from hexcli.runs.sources import Source

FORMAT = 1

_LATER = ("data", "definition", "until_decided", "recipes", "prompts", "sources")  # fields that not every run.json has
_LISTED: dict[str, type[Asked] | type[Source]] = {"recipes": Asked, "sources": Source}
_UNTIL_DECIDED = {"certainty": (int, float), "not_needed": (int,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """run.json: what a run folder holds and how it came about.

    hexcli          the version that wrote it
    name            of the folder it was made in; a run is called by the folder it stands in (Run.name)
    created         when, as ISO 8601 text
    recipe          the settings that were asked for, the last time
    task_version    Task.version; scores of different versions do not compare
    model           the name that was asked for; model_identity is what it turned out to be
    hardware        where it ran, free-form
    expected        generations when all is done; generations = how many there were when this was written
    complete        whether all that was asked for is there
    data            hash of the data file that the problems are from; empty where they are the task's own
    definition      of a custom task, so that the folder alone is enough to vote and score; empty for the others
    until_decided   where votes were left out because their problem was decided without them: the `certainty` asked for
                    (see voting.deciding) and how many are `not_needed`: generations of the recipe that have no row; and
                    the `order` of the schedules, where the first in it is not the first in cast order
    prompts         the wordings of its prompts that are not the task's own, by name: what is said, and the examples
    sources         of a joint run: the runs that it is of (see runs.sources); its rows are theirs
    recipes         every recipe that was asked for, where there are several, or prompts of one's own; `asked` has it
                    in any case
    """

    hexcli: str = __version__
    name: str
    created: str
    recipe: Mapping[str, Any]
    task: str
    task_version: int
    model: str
    model_identity: str
    dtype: str
    hardware: Mapping[str, Any] = field(default_factory=dict)
    expected: int
    complete: bool = False
    generations: int = 0
    data: str = ""
    definition: Mapping[str, Any] = field(default_factory=dict)
    until_decided: Mapping[str, Any] = field(default_factory=dict)
    prompts: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    recipes: tuple[Asked, ...] = ()

    def require_own(self, path: Path, what: str) -> None:
        """Raises UsageError where the run is a joint one, which has no rows of its own: `what` is then said."""
        if self.sources:
            names = ", ".join(os.path.normpath(path / source.path) for source in self.sources)
            raise UsageError(f"'{path}' is a joint run: {what}; name a run that it is of: {names}")

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Every recipe that was asked of the folder, the last one last."""
        return self.recipes or (Asked(recipe=self.recipe, expected=self.expected, complete=self.complete),)

    @property
    def certainty(self) -> float | None:
        """What was asked of the votes of each problem, above 0.5 and at most 1; None where all were."""
        return self.until_decided.get("certainty")

    @property
    def not_needed(self) -> int:
        """Generations that were left out on purpose."""
        count: int = self.until_decided.get("not_needed", 0)
        return count

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of run.json."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        fields["recipes"] = [one.to_dict() for one in self.recipes]
        fields["sources"] = [one.to_dict() for one in self.sources]
        return {"format": FORMAT, **{name: value for name, value in fields.items() if value or name not in _LATER}}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The manifest in `fields`; other keys are ignored. Raises ValueError, with what is wrong."""
        version = fields.get("format")
        if not isinstance(version, int) or version < 1:
            raise ValueError(f"its format is {version!r}, not a number")
        if version > FORMAT:
            raise ValueError(f"its format {version} is newer than this hexcli's ({FORMAT}): upgrade dllm-hex")
        values = {}
        for f in dataclasses.fields(cls):
            if f.name not in fields and f.name in _LATER:
                continue
            if f.name not in fields:
                raise ValueError(f"no field '{f.name}'")
            values[f.name] = value = fields[f.name]
            if f.name in _LISTED:
                values[f.name] = tuple(map(_LISTED[f.name].from_dict, value if isinstance(value, list) else [None]))
                continue
            kind = Mapping if f.type == Mapping[str, Any] else f.type
            if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):  # type: ignore[arg-type]
                raise ValueError(f"field '{f.name}' is of the wrong type")
        for name, kinds in _UNTIL_DECIDED.items():
            value = values.get("until_decided", {}).get(name, 1)
            if not isinstance(value, kinds) or isinstance(value, bool):
                raise ValueError(f"field '{name}' of 'until_decided' is of the wrong type")
            if value < 0 or (name == "certainty" and value > 1):
                raise ValueError(f"field '{name}' of 'until_decided' is {value}")
        for name in ("expected", "generations"):
            if values[name] < 0:
                raise ValueError(f"field '{name}' is {values[name]}")
        return cls(**values)


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
    runs = shlex.join(os.path.normpath(path / source.path) for source in sources)
    return f"`hex vote {runs} --together{copy} -o {shlex.quote(str(path))}`"


def read_manifest(path: Path) -> Manifest:
    """The manifest of a run folder. Raises UsageError, in one line, where there is none to be had."""
    take_up(path)
    if not path.exists():
        raise UsageError(f"no such folder '{path}'{meant(path) or NEW}")
    if not path.is_dir():
        raise UsageError(f"'{path}' is a file, not a run folder{file_instead(path)}")
    file = path / MANIFEST
    if not file.is_file():
        raise UsageError(f"no {MANIFEST} in '{path}': not a run folder{runs_in(path) or NEW}")
    try:
        fields = parse_json(_read(file, LARGEST_FILE))
    except ValueError as error:
        raise UsageError(f"'{file}' is not JSON: {flaw(error)}") from None
    if not isinstance(fields, dict):
        raise UsageError(f"'{file}' is not a run's: no JSON object")
    try:
        return Manifest.from_dict(fields)
    except ValueError as error:
        raise UsageError(f"cannot read '{file}': {error}") from None


def find_runs(paths: Sequence[Path]) -> list[Path]:
    """The run folders among `paths` and, for a folder of runs, directly inside it. Raises UsageError if none."""
    found: dict[Path, Path] = {}
    for path in paths:
        try:
            runs = _runs_at(path)
        except OSError as error:
            raise HexError(f"cannot read '{path}': {error.strerror or error}") from None
        for run in runs:
            found.setdefault(run.resolve(), run)
    return list(found.values())


def _runs_at(path: Path) -> list[Path]:
    take_up(path)
    if not path.exists():
        raise UsageError(f"no such folder '{path}'{meant(path) or NEW}")
    if not path.is_dir():
        raise UsageError(f"'{path}' is a file, not a run folder{file_instead(path)}")
    if (path / MANIFEST).is_file():
        return [path]
    take_up_all(path)
    inside = [entry for entry in sorted(path.iterdir()) if not entry.name.startswith(".")]
    if not inside:
        raise UsageError(f"no runs in '{path}/': make one with 'hex decode'")
    runs = [entry for entry in inside if (entry / MANIFEST).is_file()]
    if not runs:
        raise UsageError(f"no {MANIFEST} in '{path}', nor in a folder in it: not a run folder{NEW}")
    return runs


def _read(file: Path, at_most: int | None = None) -> bytes:
    try:
        return read_file(file, at_most)
    except OSError as error:
        raise HexError(f"cannot read '{file}': {why(error)}") from None
