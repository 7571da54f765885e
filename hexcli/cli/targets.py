"""Files to write that stand among the runs of a command."""

from collections.abc import Collection, Sequence
from pathlib import Path

from hexcli.errors import UsageError


def refuse_as_runs(runs: Sequence[Path] | None, endings: Collection[str]) -> None:
    """Raises UsageError where a file to write stands among the runs."""
    for path in runs or ():
        if path.suffix.lower() in endings and not path.exists():
            raise UsageError(f"'{path}' is no run: if it is the file to write, say -o {path}")
