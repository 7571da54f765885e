"""Run folders in a list, and one of them in words."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from hexcli.errors import plural
from hexcli.report.sheet import Column, Sheet
from hexcli.report.terminal import visible
from hexcli.runs.folders import folder_name
from hexcli.runs.reading import Manifest
from hexcli.runs.shelf import Kept
from hexcli.runs.traits import differing, phrase

# Settings that have a column of their own.
_COLUMNS = {"task", "model", "schedules", "T", "samples"}


def shelf_table(found: Sequence[Kept]) -> Sheet:
    """A line a run: what tells it from others, what is there, and what it scored."""
    settings = ("task", "model", "blocks", "T", "samples")
    heads = [Column(head, droppable=True, left=head in ("task", "model", "blocks")) for head in settings]
    more = (Column("also differs", prose=True), Column("problems", droppable=True))
    state = (Column("state", left=True, droppable=True), Column("there"))
    wrong = (Column("missing", droppable=True), Column("failed", droppable=True))
    scores = (Column("maj. %"), Column("best %"), Column("MiB", with_last=True))
    sheet = Sheet((Column("run"), Column("made", left=True), *heads, *more, *state, *wrong, *scores))
    differ = [name for name in differing([one.settings for one in found if one.settings]) if name not in _COLUMNS]
    for one in found:
        readable = one.state != "unreadable"
        shares = (one.accuracy, None if one.best is None else one.best[1])
        sheet.add_row(
            visible(one.path),
            visible((one.created or "")[5:16].replace("T", " ")),
            *(visible(value or "") for value in (one.task, one.model, one.schedules, one.temperature, one.samples)),
            visible(", ".join(phrase(name, one.settings[name]) for name in differ if name in one.settings)),
            str(one.problems) if readable else "",
            one.state,
            *(str(number) if readable else "" for number in (one.generations, one.missing, one.failed)),
            *("" if share is None else f"{100 * share:.1f}" for share in shares),
            f"{one.bytes / 2**20:.1f}",
        )
    return sheet


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
