"""Run folders as things on a shelf: what each holds, its name, and taking it away."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from hexcli.errors import HexError
from hexcli.files import why
from hexcli.json_file import read_json
from hexcli.runs.aside import ASIDE
from hexcli.runs.finding import VOTES
from hexcli.runs.lock import LOCK, lock_run
from hexcli.runs.manifest import Manifest
from hexcli.runs.reading import Run, read_manifest
from hexcli.runs.rows import GENERATIONS, MANIFEST, Name, read_rows
from hexcli.runs.traits import traits_of

SCORES, GRADED = "scores.json", "graded.jsonl"
# What hex writes into a run folder: all that `remove` takes away. In this order, so that what is left half way is no
# run, and never a run without its rows.
OURS = (MANIFEST, GENERATIONS, ASIDE, VOTES, SCORES, GRADED, LOCK)

COPY = r"source-[0-9a-f]{12}\.jsonl"  # of a joint run

State = Literal["complete", "unfinished", "damaged", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A run folder, in short.

    state        complete; unfinished: generations are missing; damaged: it has rows that cannot be read, or rows of
                 another run; unreadable: `reason` says why. The fields below are then empty
    origin       decoded here, imported, or joint: of other runs
    generations  that can be read, of `expected`; missing = those asked for that have no row, `not_needed` apart
    failed       rows that cannot be read
    bytes        of all its files
    accuracy     that of majority in scores.json, 0 to 1; None where it was not scored since the last generation
    ci95         its 95 % interval
    best         the best single schedule in hindsight there, and its accuracy
    problems     that have generations; `schedules` and `samples`: as they were asked for, in words; of an import, of
                 which nobody asked, as its generations have them
    temperature  those of its generations, as a schedule may have its own: `0,0.9`; as asked for where there are none
    settings     what its generations were decoded under (traits), in words; empty where there are none
    """

    path: str
    state: State
    bytes: int
    reason: str | None = None
    task: str | None = None
    model: str | None = None
    created: str | None = None
    origin: Literal["decoded", "imported", "joint"] = "decoded"
    generations: int = 0
    expected: int = 0
    missing: int = 0
    failed: int = 0
    not_needed: int = 0
    accuracy: float | None = None
    ci95: tuple[float, float] | None = None
    best: tuple[str, float] | None = None
    problems: int = 0
    schedules: str | None = None
    temperature: str | None = None
    samples: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> Self:
        """What the folder holds. Every row is read once, none is kept; nothing is raised for what is wrong with it."""
        size = sum(file.stat().st_size for file in _files(path))
        try:
            manifest = read_manifest(path)
            if manifest.sources:
                return cls._joint(path, manifest, size)
            rows = read_rows(path, hold=False)
        except HexError as error:
            return cls(path=str(path), state="unreadable", bytes=size, reason=str(error))
        there, failed = len(rows.names), rows.damaged + rows.newer
        missing = max(manifest.expected - there - manifest.not_needed, 0)
        whole = manifest.complete and there >= manifest.generations
        state: State = "damaged" if failed or rows.mixed else "complete" if whole else "unfinished"
        return cls(
            path=str(path),
            state=state,
            bytes=size,
            generations=there,
            expected=manifest.expected,
            missing=missing,
            failed=failed,
            not_needed=manifest.not_needed,
            **_about(path, manifest, rows.names),
        )

    @classmethod
    def _joint(cls, path: Path, manifest: Manifest, size: int) -> Self:
        """Of a joint run: its rows are those of its sources. Raises HexError where one of them is not to be had."""
        generations = Run.read(path, warn=lambda message: None, light=True).generations
        there = len(generations)
        return cls(
            path=str(path),
            state="complete" if manifest.complete and there >= manifest.generations else "unfinished",
            bytes=size,
            generations=there,
            expected=manifest.expected,
            missing=max(manifest.expected - there - manifest.not_needed, 0),
            not_needed=manifest.not_needed,
            **_about(path, manifest, dict.fromkeys((one.problem.id, one.voter) for one in generations)),
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `hex runs list --json`."""
        return {**asdict(self), "temperature": _numbers(self.temperature), "samples": _numbers(self.samples)}


def _numbers(text: str | None) -> float | list[float] | str | None:
    """What was asked for as numbers: one, or several in a list."""
    try:
        found = [float(part) if "." in part or "e" in part else int(part) for part in re.split(r",| and ", text or "")]
    except ValueError:  # nothing was asked for, or it is no number
        return text
    return found[0] if len(found) == 1 else found


def remove(path: Path) -> list[str]:
    """Take a run away: every file that hex wrote there, and the folder where it is then empty. The names left in it.

    Generations stay in the cache. Raises as `renaming.rename`.
    """
    if not (path / MANIFEST).is_file():
        read_manifest(path)  # says what it is instead
    copies = sorted(file.name for file in path.glob("source-*.jsonl") if re.fullmatch(COPY, file.name))
    lock = lock_run(path)
    try:
        try:
            return _emptied(path, copies)
        except KeyboardInterrupt:  # half a run would be none that could be removed
            _emptied(path, copies)
            raise
    except OSError as error:
        raise HexError(f"cannot remove '{path}': {why(error)}") from None
    finally:
        lock.release()


def _emptied(path: Path, copies: Iterable[str]) -> list[str]:
    """What is left of a folder without what hex writes there; the folder goes where that is nothing."""
    if not path.is_dir():
        return []
    for name in (*OURS[:1], *copies, *OURS[1:]):
        (path / name).unlink(missing_ok=True)
    left = sorted(entry.name for entry in path.iterdir())
    if not left:
        path.rmdir()
    return left


def forget_empty(path: Path) -> None:
    """Take away a run folder in which nothing was ever written but that it is one; any other stays."""
    if not (path / MANIFEST).is_file() or any(entry.name not in OURS for entry in path.iterdir()):
        return
    rows = path / GENERATIONS
    if not rows.is_file() or not rows.stat().st_size:
        remove(path)


def _asked(manifest: Manifest, name: str) -> str | None:
    """A setting of every recipe that was asked of a run, in words; None where none has it, as of an import."""
    said = [asked.recipe[name] for asked in manifest.asked if asked.recipe.get(name) is not None]
    return " and ".join(dict.fromkeys(map(_in_words, said))) or None


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _samples(manifest: Manifest) -> str | None:
    """How many samples were asked for; None too where schedules say their own, as the generations then tell."""
    own = re.search(r":(samples|n)=", _asked(manifest, "schedules") or "")
    return None if own else _asked(manifest, "samples")


def _about(path: Path, manifest: Manifest, names: Collection[Name]) -> dict[str, Any]:
    """What run.json and scores.json say of a run of these generations."""
    scored = _scored(path, len(names))
    singles = [(name, accuracy) for (kind, name), (accuracy, *_) in scored.items() if kind == "schedule"]
    accuracy, *ci95 = scored.get(("aggregator", "majority"), (None,))
    settings = traits_of(path, manifest, names)
    return {
        "task": manifest.task,
        "model": manifest.model,
        "created": manifest.created,
        "origin": "joint" if manifest.sources else "imported" if "import" in manifest.recipe else "decoded",
        "accuracy": accuracy,
        "ci95": tuple(ci95) or None,
        "schedules": _asked(manifest, "schedules") or settings.get("schedules"),
        "temperature": settings.get("T") or _asked(manifest, "temperature"),
        "samples": _samples(manifest) or settings.get("samples"),
        "problems": len({problem for problem, _ in names}),
        "settings": settings,
        "best": max(singles, key=lambda one: one[1], default=None),
    }


def _files(path: Path) -> Iterator[Path]:
    return (file for file in path.rglob("*") if file.is_file() and not file.is_symlink())


def _scored(path: Path, generations: int) -> dict[tuple[str, str], tuple[float, ...]]:
    """(kind, name) -> accuracy and its interval in the run's scores.json; empty where it is of others."""
    try:
        frame = read_json(path / SCORES)
        if frame["generations"] != generations:
            return {}
        return {(str(row["kind"]), str(row["name"])): _shares(row) for row in frame["rows"]}
    except (OSError, ValueError, TypeError, KeyError):  # not scored, or written by somebody else
        return {}


def _shares(row: Mapping[str, Any]) -> tuple[float, ...]:
    low, high = row["ci95"]
    return float(row["accuracy"]), float(low), float(high)
