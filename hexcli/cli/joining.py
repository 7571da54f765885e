"""`hex vote A B --together`: the joint run that is voted on then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hexcli.cli.counts import FORMATS
from hexcli.cli.output import tell, warn
from hexcli.errors import UsageError
from hexcli.runs.folders import RUNS

if TYPE_CHECKING:
    from hexcli.runs.manifest import Manifest


def join(runs: list[Path] | None, output: Path | None, task: str | None, *, copy: bool) -> Path:
    """Make a joint run of these runs, or of those of a task among them, and say what it is of. Its folder."""
    from hexcli.plugins.held import register_task
    from hexcli.runs.ballots import task_of
    from hexcli.runs.choosing import of_task
    from hexcli.runs.reading import find_runs
    from hexcli.runs.together import together

    register_task(task)
    named = runs or [RUNS]
    paths = find_runs(named)
    if output is not None:  # one that is there is made anew, and is none of its own sources unless it is named
        paths = [path for path in paths if path in named or path.resolve() != output.resolve()]
    if output is not None and output.suffix.lower() in FORMATS:
        raise UsageError(f"-o {output} names a file, and the joint run is a folder: -o runs/NAME")
    manifests = _readable(paths, named)
    if task is not None:
        others = sorted({one.task for one in manifests.values()})
        manifests = {path: one for path, one in manifests.items() if of_task(one, task)}
        if not manifests:
            raise UsageError(f"no run of task {task}: the runs here are of {', '.join(others) or 'none'}")
    paths = list(manifests)
    joint = [path for path in paths if path not in named and manifests[path].sources]
    if joint:
        paths = [path for path in paths if path not in joint]
        tell(f"left out, joint runs themselves: {', '.join(map(str, joint))} (name one to have its sources in)")
    found = together(paths, created=datetime.now(UTC).isoformat(timespec="seconds"), warn=warn)
    path = output or RUNS / found.usual_name
    task_of(replace(found.run(path), path=paths[0]))  # before anything is written
    found.write(path, copy=copy)
    tell(f"{path}: {found.summary}")
    for note in found.notes:
        warn(note)
    return path


def _readable(paths: Sequence[Path], named: Sequence[Path]) -> "dict[Path, Manifest]":
    """The runs that can be read; of one that cannot it is said, and of one that was named a UsageError."""
    from hexcli.runs.reading import read_manifest

    found = {}
    for path in paths:
        try:
            found[path] = read_manifest(path)
        except UsageError as error:
            if path in named:
                raise
            warn(f"left out: {error}")
    return found
