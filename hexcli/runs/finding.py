"""One problem of a run, found without reading the rows of the others."""

import difflib
import mmap
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from hexcli.errors import UsageError, plural
from hexcli.files import LARGEST_FILE, open_file, why
from hexcli.json_file import parse_json
from hexcli.records import Generation
from hexcli.runs.folders import run_folder
from hexcli.runs.joining import Joined, cast_by
from hexcli.runs.manifest import Manifest
from hexcli.runs.reading import Run, joining, read_manifest
from hexcli.runs.rows import GENERATIONS, MANIFEST, Reader
from hexcli.runs.sources import Source
from hexcli.voter import Voter

VOTES = "votes.jsonl"
# A row begins with its problem's id (row.row_of, and the rows of votes.jsonl).
_LONGEST = 512  # bytes of a row's beginning that its id is looked for in
_ID = re.compile(rb'\{"problem_id": ?("(?:[^"\\]|\\.)*")')


class Place(NamedTuple):
    """The bytes of a row in its file, without the line's end."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The generations of one problem of a run. `index`: its place among all `problems`, sorted by id, from 0."""

    run: Run
    index: int
    problems: int


def find_problem(path: Path, wanted: str, *, warn: Callable[[str], None]) -> Found:
    """The problem that `wanted` names: its id, the beginning of one id alone, or its index from 0 (`7` or `#7`).

    Raises UsageError where the run cannot be read or has no such problem.
    """
    manifest = read_manifest(path)
    files = _files(path, manifest, warn)
    places = [(source, file, _together(source, _places_by_problem(file))) for source, file in files]
    ids = sorted({problem for _, _, own in places for problem in own})
    problem = _named(wanted, ids, path)
    joined, damaged = Joined(), 0
    for source, file, own in places:
        within = [place for place in own.get(problem, ()) if source is None or place.stop <= source.bytes]
        generations, bad = _generations(_lines(file, within))
        damaged += bad
        joined.add(generations if source is None else map(cast_by(source), generations))
    if damaged:
        warn(f"run '{path}': {plural(damaged, 'damaged row')} of {problem} left out")
    if not joined.generations:
        raise UsageError(f"{path} has no row of {problem} that can be read")
    run = Run(path=path, manifest=manifest, generations=tuple(joined.generations.values()))
    return Found(run=run, index=ids.index(problem), problems=len(ids))


def _files(path: Path, manifest: Manifest, warn: Callable[[str], None]) -> list[tuple[Source | None, Path]]:
    """The files of a run's rows: its own, or those of each source of a joint run."""
    if not manifest.sources:
        return [(None, path / GENERATIONS)]
    again = joining(path, manifest.sources)
    return [(source, source.find(path, again=again, warn=warn)) for source in manifest.sources]


def _together(source: Source | None, own: dict[str, list[Place]]) -> dict[str, list[Place]]:
    """The places under the ids that the problems of a source have in the joint run."""
    ids = dict(source.ids) if source is not None else {}
    return {ids.get(problem, problem): places for problem, places in own.items()} if ids else own


def kept_votes(path: Path, problem: str) -> dict[str, dict[str, Any]]:
    """What the run's votes.jsonl keeps of a problem: its rows by aggregator; empty where there is none."""
    file = path / VOTES
    if not file.is_file():
        return {}
    rows, _ = _parsed(_lines(file, _places_by_problem(file).get(problem, [])))
    return {row["aggregator"]: row for row in rows if isinstance(row.get("aggregator"), str)}


def _generations(lines: list[bytes]) -> tuple[list[Generation], int]:
    """The generations in these lines, each voter's once, and how many lines could not be read."""
    reader, damaged = Reader(), 0
    found: dict[Voter, Generation] = {}
    for line in lines:
        try:
            generation = reader.read(line)
        except ValueError:
            damaged += 1
        else:
            found.setdefault(generation.voter, generation)
    return list(found.values()), damaged


def _parsed(lines: list[bytes]) -> tuple[list[dict[str, Any]], int]:
    rows, damaged = [], 0
    for line in lines:
        try:
            row = parse_json(line)
        except ValueError:
            damaged += 1
            continue
        rows.append(row)
    return rows, damaged


def _places_by_problem(file: Path) -> dict[str, list[Place]]:
    """Where the rows of each problem stand in a JSONL file; a row that does not begin with its id is parsed for it."""
    places: dict[str, list[Place]] = {}
    known: dict[bytes, str] = {}
    try:
        with open_file(file) as descriptor:
            if not os.fstat(descriptor).st_size:
                return places
            with _mapped(descriptor) as content:
                start, end = 0, len(content)
                while start < end:
                    stop = content.find(b"\n", start)
                    stop = end if stop < 0 else stop
                    if (problem := _problem_of(content, Place(start, stop), known)) is not None:
                        places.setdefault(problem, []).append(Place(start, stop))
                    start = stop + 1
    except OSError as error:
        raise UsageError(f"cannot read '{file}': {why(error)}") from None
    return places


def _mapped(descriptor: int) -> mmap.mmap:
    """The file in memory, read ahead where the system can: four times as fast as a page at a time."""
    if sys.platform == "linux":
        return mmap.mmap(descriptor, 0, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE, prot=mmap.PROT_READ)
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


def _lines(file: Path, places: Iterable[Place]) -> list[bytes]:
    lines = []
    with file.open("rb") as stream:
        for start, stop in places:
            stream.seek(start)
            lines.append(stream.read(stop - start))
    return lines


def _problem_of(content: mmap.mmap, place: Place, known: dict[bytes, str]) -> str | None:
    begin = _ID.match(content[place.start : min(place.stop, place.start + _LONGEST)])
    try:
        if place.stop - place.start > LARGEST_FILE:
            return None
        if begin is None:
            line = content[place.start : place.stop]
            row = parse_json(line) if line.strip() else None
            problem = row.get("problem_id") if isinstance(row, dict) else None
            return problem if isinstance(problem, str) else None
        if begin[1] not in known:
            known[begin[1]] = parse_json(begin[1])
    except ValueError:
        return None
    return known[begin[1]]


def _named(wanted: str, ids: list[str], path: Path) -> str:
    if not ids:
        raise UsageError(f"{path} has no generations: finish it with `hex sweep {shlex.quote(str(path))}`")
    if wanted in ids:
        return wanted
    _refuse_other(wanted, ids, path)
    if (number := wanted.removeprefix("#")).isascii() and number.isdigit():
        if int(number) < len(ids):
            return ids[int(number)]
        raise UsageError(f"{path} has {plural(len(ids), 'problem')}, 0 to {len(ids) - 1}: there is no {wanted}")
    beginning = [problem for problem in ids if problem.startswith(wanted)]
    if len(beginning) == 1:
        return beginning[0]
    if beginning:
        some = ", ".join(beginning[:4])
        many = plural(len(beginning), "problem")
        raise UsageError(f"'{wanted}' begins the ids of {many} of {path} ({some}, ...): give one whole id")
    there = ", ".join(ids) if len(ids) <= 3 else f"{ids[0]} to {ids[-1]}"
    of = plural(len(ids), "problem")
    hint = "" if _stem(wanted) in set(map(_stem, ids)) else _near(wanted, ids)  # another number is no slip for it
    raise UsageError(f"{path} has no problem '{wanted}'{hint}: it has {of}, {there}, or by index 0 to {len(ids) - 1}")


def _refuse_other(wanted: str, ids: Sequence[str], path: Path) -> None:
    """Raises UsageError on what is no name of a problem: several, all, a run, another spelling."""
    run = shlex.quote(str(path))
    if re.fullmatch(r"#?\d+([-,:]#?\d*)+|all", wanted) and not any(one.startswith(wanted) for one in ids):
        first = "0" if wanted == "all" else re.split(r"[-,:]", wanted)[0]
        answers = f"a line each is hex vote {run} --answers"
        raise UsageError(f"one problem is shown, not {wanted}: hex show {run} {first}; {answers}")
    if (run_folder(Path(wanted)) / MANIFEST).is_file():
        raise UsageError(f"'{wanted}' is a run, no problem: two runs are compared by hex compare {run} {wanted}")
    if same := [one for one in ids if one.lower() == wanted.lower()]:
        raise UsageError(f"{path} has no problem '{wanted}': did you mean '{same[0]}'?")


def _stem(problem: str) -> str:
    """An id without the number at its end."""
    return problem.rstrip("0123456789")


def _near(wanted: str, ids: Sequence[str]) -> str:
    near = difflib.get_close_matches(wanted, ids, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
