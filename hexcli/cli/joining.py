"""`hex vote A B --together`: the joint run that is voted on then."""

from datetime import UTC, datetime
from pathlib import Path

from hexcli.cli.output import tell, warn
from hexcli.runs.folders import RUNS


def join(runs: list[Path] | None, output: Path | None, task: str | None, *, copy: bool) -> Path:
    """Make a joint run of these runs, or of those of a task among them, and say what it is of. Its folder."""
    from hexcli.runs.choosing import of_task
    from hexcli.runs.reading import find_runs, read_manifest
    from hexcli.runs.together import together

    named = runs or [RUNS]
    paths = find_runs(named)
    if output is not None:  # one that is there is made anew, and is none of its own sources unless it is named
        paths = [path for path in paths if path in named or path.resolve() != output.resolve()]
    if task is not None:
        paths = [path for path in paths if of_task(read_manifest(path), task)]
    joint = [path for path in paths if path not in named and read_manifest(path).sources]
    if joint:
        paths = [path for path in paths if path not in joint]
        tell(f"left out, joint runs themselves: {', '.join(map(str, joint))} (name one to have its sources in)")
    found = together(paths, created=datetime.now(UTC).isoformat(timespec="seconds"), warn=warn)
    path = output or RUNS / found.usual_name
    found.write(path, copy=copy)
    tell(f"{path}: {found.summary}")
    for note in found.notes:
        warn(note)
    return path
