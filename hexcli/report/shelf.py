"""Run folders in a list, a line each: when they were made, what tells them apart, accuracy, size."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hexcli.errors import plural, sized
from hexcli.report.comma import csv_text
from hexcli.report.sheet import EDGES, GAP, NARROWEST_NAME, Column, Sheet
from hexcli.report.terminal import visible
from hexcli.runs.folders import RUNS, folder_name
from hexcli.runs.shelf import Kept
from hexcli.runs.traits import differing, phrase, unsaid

if TYPE_CHECKING:
    from rich.console import Group

WIDE = 100  # columns, from which on the minute is said of when a run was made
LEAST = 18  # columns for what tells a run from others
LONGEST = 24  # characters of its schedules

# Settings that are told in the line under the table where they are the same in all runs, T and samples in one word.
_SAID = ("task", "model", "schedules", "T", "samples")
# Traits that those tell already, or that say how many problems there are, as a column does.
_TOLD = {*_SAID, "limit", "steps"}


def shelf_table(found: Sequence[Kept], width: int) -> "Group":
    """A line a run; what is the same in every run, what goes without saying and the sums stand below.

    Runs in runs/ go by their bare names, which every command takes. `width` is the terminal's, in columns.
    """
    from rich.console import Group
    from rich.text import Text

    bare = all(Path(one.path).is_relative_to(RUNS) for one in found)
    wide = width >= WIDE
    same = _same(found)
    warm = len(found) > 1 and "T" not in same and any("T" in _said(one) for one in found)
    told = [list(_what(one, found, same)) for one in found]
    cells = [
        (
            visible(str(Path(one.path).relative_to(RUNS)) if bare else one.path),
            *(visible(text) for text in _made(one, found, wide)),
            *([visible(_said(one).get("T", ""))] if warm else []),
            str(one.problems or ""),
            _accuracy(one),
            sized(one.bytes),
        )
        for one in found
    ]
    heads = ("run", "made", *(["T"] if warm else []), "n", "maj. %\n(95 %)", "size")
    room = _room(heads, cells, width)
    columns = (Column("run"), Column("made", left=True), *([Column("T", left=True)] if warm else []))
    numbers = (Column("n"), Column("maj. %\n(95 %)", left=True), Column("size"))
    sheet = Sheet((*columns, Column("what", prose=True, least=room), *numbers))
    for own, cell in zip(told, cells, strict=True):
        before, after = cell[: len(columns)], cell[len(columns) :]
        sheet.add_row(*before, visible(", ".join(own)), *after)
    return Group(sheet, *(Text(visible(line), style="dim") for line in _below(found, same)))


def _made(one: Kept, found: Sequence[Kept], wide: bool) -> tuple[str]:
    """When a run was made, in this machine's time: with the year where several are listed, with the minute else."""
    made = _time(one)
    if made is None:
        return ("",)
    years = {other.year for other in map(_time, found) if other is not None}
    return (made.strftime("%Y-%m-%d" if len(years) > 1 else "%m-%d %H:%M" if wide else "%m-%d"),)


def _time(one: Kept) -> datetime | None:
    try:
        return datetime.fromisoformat(one.created or "").astimezone()
    except (ValueError, OverflowError, OSError):  # written by somebody else
        return None


def _accuracy(one: Kept) -> str:
    if one.accuracy is None or one.ci95 is None:
        return ""
    low, high = one.ci95
    return f"{100 * one.accuracy:.1f} ({100 * low:.0f}-{100 * high:.0f})"


def _room(heads: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> int:
    """The columns that the others leave to what tells runs apart; long names give some of theirs."""
    from rich.cells import cell_len

    first, *others = (
        max(map(cell_len, [*head.split("\n"), *column]))
        for head, column in zip(heads, zip(*cells, strict=True), strict=True)
    )
    left = width - EDGES - sum(others) - GAP * len(heads)
    return max(left - first, min(LEAST, left - NARROWEST_NAME), 1)


def _said(one: Kept) -> dict[str, str]:
    """The settings that every run has: as they were asked for, or as they are in its generations."""
    asked = {"task": one.task, "model": one.model, "schedules": one.schedules, "T": one.temperature}
    found = {**asked, "samples": one.samples}
    several = " and "  # recipes were asked of it: what is there says it shorter
    known = {name: None if several in (value or "") else value for name, value in found.items()}
    return {name: value for name in _SAID if (value := known[name] or one.settings.get(name)) is not None}


def _same(found: Sequence[Kept]) -> dict[str, str]:
    """What several runs have in common."""
    said = [_said(one) for one in found if one.state != "unreadable"]
    if len(said) < 2:
        return {}
    return {name: value for name, value in said[0].items() if all(one.get(name) == value for one in said)}


def _what(one: Kept, found: Sequence[Kept], same: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a run, what it is of, and in what it differs from those of the same task and model."""
    if one.state == "unfinished" and one.missing:
        yield f"unfinished, {one.generations} of {one.expected - one.not_needed}"
    elif one.state != "complete":
        yield one.state + (f", {one.missing} missing" if one.missing else "")
    if one.failed:
        yield f"{one.failed} failed"
    if one.state == "unreadable":
        return
    if one.origin != "decoded":
        yield one.origin
    said = _said(one)
    tasks = (one.task, (one.task or "").rpartition(".py:")[2])  # as it is called, or in a Python file
    if not folder_name(Path(one.path)).startswith(tuple(f"{task}-{one.model}-" for task in tasks)):
        yield from (said[name] for name in ("task", "model") if name in said and name not in same)
    if "schedules" in said and "schedules" not in same:
        yield f"blocks {_short(said['schedules'], found)}"
    if "T" in said and said["T"] != "0" and len(found) == 1:
        yield phrase("T", said["T"])
    if "samples" in said and said["samples"] != "1" and "samples" not in same:
        yield phrase("samples", said["samples"])
    if "-" in one.settings.get("limit", ""):
        yield phrase("limit", one.settings["limit"])
    peers = _peers(one, found)
    usual = unsaid(peers)
    names = [*differing(peers), *(["steps"] if _odd_steps(one) else [])]
    for name in dict.fromkeys(names):
        value = one.settings.get(name)
        if (
            value is not None
            and value != usual.get(name)
            and (name not in _TOLD or (name == "steps" and _odd_steps(one)))
        ):
            yield phrase(name, value)


def _peers(one: Kept, found: Sequence[Kept]) -> list[Mapping[str, str]]:
    return [other.settings for other in found if other.settings and (other.task, other.model) == (one.task, one.model)]


def _odd_steps(one: Kept) -> bool:
    """Whether the steps are not half the canvas; nor, where tokens are added to those, all of it."""
    canvas = one.settings.get("canvas", "").split(",")
    usual = [",".join(dict.fromkeys(str(int(length) // 2) for length in canvas if length.isdecimal()))]
    if one.settings.get("shortcuts") != "none":
        usual.append(",".join(canvas))
    return one.settings.get("steps", "") not in ("", *usual)


def _short(schedules: str, found: Sequence[Kept]) -> str:
    """The schedules, of many the first ones, as long as that tells them from those of every other run."""
    short = _first(schedules)
    others = {said for one in found if (said := _said(one).get("schedules")) and said != schedules}
    return schedules if short in map(_first, others) else short


def _first(schedules: str) -> str:
    names = schedules.split(",")
    while len(names) > 1 and len(",".join(names)) > LONGEST:
        names.pop()
    more = len(schedules.split(",")) - len(names)
    return ",".join(names) + (f" +{more}" if more else "")


def _below(found: Sequence[Kept], same: Mapping[str, str]) -> Iterator[str]:
    """What is the same in every run, what is not said of those where it is usual, and the sums."""
    if said := ", ".join(_phrase(name, value) for name, value in same.items()):
        yield f"the same in every run: {said}"
    usual: dict[str, str] = {}
    for one in found:
        usual |= {
            name: value for name, value in unsaid(_peers(one, found)).items() if name not in {*_TOLD, "shortcuts"}
        }
    plain = {"samples": "1"} if "samples" not in same and len(found) > 1 else {}
    if told := ", ".join(phrase(name, value) for name, value in {**plain, **usual}.items()):
        yield f"where nothing else is said: {told}"
    readable = [one for one in found if one.state != "unreadable"]
    size = sized(sum(one.bytes for one in found))
    generations = plural(sum(one.generations for one in readable), "generation")
    more = f"more: hex runs show {found[0].path}" if len(found) == 1 else "one of them: hex runs show RUN, rename, rm"
    yield f"{plural(len(found), 'run')}, {generations}, {size}; {more}"
    if unscored := sum(one.accuracy is None for one in readable):
        yield f"{unscored} without accuracy: not scored since the last generation (hex score RUN), or no targets"


def _phrase(name: str, value: str) -> str:
    return f"blocks {value}" if name == "schedules" else phrase(name, value)


_CSV = (
    "path", "created", "state", "task", "model", "schedules", "temperature", "samples", "problems", "generations",
    "expected", "accuracy", "ci95_low", "ci95_high", "bytes",
)  # fmt: skip


def shelf_csv(found: Sequence[Kept]) -> str:
    """The runs for a spreadsheet; accuracies are shares, empty where a run is not scored."""
    lines: list[Sequence[object]] = [_CSV]
    for one in found:
        low, high = one.ci95 or (None, None)
        row = {**_said(one), **asdict(one), "ci95_low": low, "ci95_high": high}
        lines.append([row[name] for name in _CSV])
    return csv_text(lines)
