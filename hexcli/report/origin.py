"""One run in words: what it holds, how it came about, and how it is repeated."""

import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from hexcli.errors import plural, sized
from hexcli.runs.folders import folder_name
from hexcli.runs.manifest import Manifest
from hexcli.runs.shelf import Kept


def run_facts(manifest: Manifest, kept: Kept) -> Iterator[tuple[str, str]]:
    """What a run holds and how it came about."""
    named = "" if manifest.name == folder_name(Path(kept.path)) else f" as {manifest.name}"
    yield "run", f"{kept.path}; made {manifest.created}{named} by hex {manifest.hexcli}"
    gaps = ((kept.missing, "missing"), (kept.failed, "cannot be read"), (kept.not_needed, "not needed"))
    numbers = f"{plural(kept.generations, 'generation')} of {plural(kept.problems, 'problem')}"
    told = [numbers, *(f"{count} {what}" for count, what in gaps if count), sized(kept.bytes)]
    yield "state", f"{kept.state}; {', '.join(told)}"
    yield "task", f"{manifest.task}; version {manifest.task_version}"
    yield "model", f"{manifest.model}; {manifest.dtype}, {manifest.model_identity}"
    yield "machine", ", ".join(f"{name} {value}" for name, value in manifest.hardware.items()) or "unknown"
    for source in manifest.sources:
        where = f"a copy in {source.copy}" if source.copy else f"at {os.path.normpath(Path(kept.path) / source.path)}"
        votes = f"; votes as {source.who}" if source.who else ""
        yield "joined", f"{source.name}; {plural(source.rows, 'row')}, {where}{votes}"
    for asked in manifest.asked:
        yield from _asked(asked.recipe)
    yield "scores", _scores(kept, manifest.task_option)
    if not manifest.sources and "import" not in manifest.recipe:
        verb = "repeat" if kept.state == "complete" else "finish"
        yield verb, f"hex sweep {shlex.quote(kept.path)}{manifest.files_option}"


def _scores(kept: Kept, task: str) -> str:
    if kept.accuracy is None or kept.ci95 is None:
        return f"none since its last generation: hex score {shlex.quote(kept.path)}{task}"
    low, high = (100 * end for end in kept.ci95)
    best = "" if kept.best is None else f"; best schedule in hindsight {kept.best[0]}: {100 * kept.best[1]:.1f} %"
    return f"majority {100 * kept.accuracy:.1f} % ({low:.1f}-{high:.1f}) of {plural(kept.problems, 'problem')}{best}"


def _asked(recipe: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What was asked, and of an import each file with what it was told to hold."""
    told = {name: value for name, value in recipe.items() if value is not None and name != "import"}
    yield "asked", ", ".join(f"{name} {_plain(value)}" for name, value in told.items())
    files = recipe.get("import")
    for file in files if isinstance(files, list) else []:
        yield "import", _plain(file)


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_plain(own)}" for name, own in value.items() if own not in (None, {}, []))
    return ",".join(map(_plain, value)) if isinstance(value, list) else str(value)
