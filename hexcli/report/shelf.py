"""Run folders in a list, and one of them in words."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hexcli.errors import plural
from hexcli.report.sheet import Column, Sheet
from hexcli.report.terminal import visible
from hexcli.runs.folders import RUNS, folder_name
from hexcli.runs.manifest import Manifest
from hexcli.runs.shelf import Kept
from hexcli.runs.traits import differing, phrase

if TYPE_CHECKING:
    from rich.console import Group

LEAST = 22  # columns for what a run is of

# Settings that are said of every run, where they are not the same in all.
_SAID = ("task", "model", "blocks", "T", "samples", "problems")
# Traits that those tell already.
_TOLD = {"task", "model", "schedules", "T", "samples", "limit"}


def shelf_table(found: Sequence[Kept]) -> "Group":
    """A line a run: what is there, what it scored, and what tells it from others; what is the same in all stands below.

    Runs in runs/ go by their bare names, which every command takes.
    """
    from rich.console import Group
    from rich.text import Text

    bare = all(Path(one.path).parent == RUNS for one in found)
    columns = (Column("run"), Column("made", left=True), Column("what", prose=True, least=LEAST), Column("there"))
    sheet = Sheet((*columns, Column("maj.\n%"), Column("best\n%"), Column("MiB", with_last=True)))
    same = _same(found)
    for one in found:
        shares = (one.accuracy, None if one.best is None else one.best[1])
        sheet.add_row(
            visible(Path(one.path).name if bare else one.path),
            visible((one.created or "")[5:16].replace("T", " ")),
            visible(", ".join(_what(one, found, same))),
            "" if one.state == "unreadable" else str(one.generations),
            *("" if share is None else f"{100 * share:.1f}" for share in shares),
            f"{one.bytes / 2**20:.1f}",
        )
    said = ", ".join([*(_phrase(name, value) for name, value in same.items())])
    return Group(sheet, *([Text(visible(f"the same in every run: {said}"), style="dim")] if said else []))


def _said(one: Kept) -> dict[str, str]:
    """The settings that are said of every run, those that it has."""
    values = (one.task, one.model, one.schedules, one.temperature, one.samples, str(one.problems))
    return {name: value for name, value in zip(_SAID, values, strict=True) if value is not None}


def _same(found: Sequence[Kept]) -> dict[str, str]:
    """What several runs have in common."""
    said = [_said(one) for one in found if one.state != "unreadable"]
    if len(said) < 2:
        return {}
    return {name: value for name, value in said[0].items() if all(one.get(name) == value for one in said)}


def _what(one: Kept, found: Sequence[Kept], same: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a run, what it is of, and in what else it differs from those of the same task and model."""
    if one.state != "complete":
        yield one.state
    if one.missing:
        yield f"{one.missing} missing"
    if one.failed:
        yield f"{one.failed} failed"
    if one.state == "unreadable":
        return
    for name, value in _said(one).items():
        if name not in same:
            yield _phrase(name, value)
    peers = [other.settings for other in found if other.settings and (other.task, other.model) == (one.task, one.model)]
    for name in differing(peers):
        if name not in _TOLD and name in one.settings:
            yield phrase(name, one.settings[name])


def _phrase(name: str, value: str) -> str:
    if name == "problems":
        return plural(int(value), "problem")
    return phrase(name, value) if name != "samples" or value.isdecimal() else f"samples {value}"


def run_facts(manifest: Manifest, kept: Kept) -> Iterator[tuple[str, str]]:
    """What a run holds and how it came about."""
    named = "" if manifest.name == folder_name(Path(kept.path)) else f" as {manifest.name}"
    yield "run", f"{kept.path}; made {manifest.created}{named} by hex {manifest.hexcli}"
    numbers = f"{plural(kept.generations, 'generation')} of {plural(kept.problems, 'problem')} there"
    gaps = f"{kept.missing} missing, {kept.failed} cannot be read, {kept.not_needed} not needed"
    yield "state", f"{kept.state}; {numbers}, {gaps}; {kept.bytes / 2**20:.1f} MiB"
    yield "task", f"{manifest.task}; version {manifest.task_version}"
    yield "model", f"{manifest.model}; {manifest.dtype}, {manifest.model_identity}"
    yield "machine", ", ".join(f"{name} {value}" for name, value in manifest.hardware.items()) or "unknown"
    for source in manifest.sources:
        where = f"a copy in {source.copy}" if source.copy else f"at {os.path.normpath(Path(kept.path) / source.path)}"
        yield (
            "joined",
            f"{source.name}; {plural(source.rows, 'row')}, {where}"
            + (f"; votes as {source.who}" if source.who else ""),
        )
    for asked in manifest.asked:
        yield "asked", ", ".join(f"{name} {_plain(value)}" for name, value in asked.recipe.items() if value is not None)
    if kept.accuracy is not None:
        best = "" if kept.best is None else f"; best schedule {kept.best[0]}: {100 * kept.best[1]:.1f} %"
        yield "scores", f"majority {100 * kept.accuracy:.1f} %{best}"


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
