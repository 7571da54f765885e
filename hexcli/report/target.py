"""Files to write results into: what hex wrote is replaced, whatever else stands there is not."""

from pathlib import Path

from hexcli.errors import UsageError

_ENDS = 8192  # bytes at either end of a file in which it tells what made it


def check_target(path: Path, mark: str) -> None:
    """Raises UsageError where there is no folder for it, or a file that does not have the mark of what is written."""
    if path.is_dir():
        raise UsageError(f"'{path}' is a folder: name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"no folder '{path.parent}' to write '{path.name}' into: make it, or choose another file")
    if path.exists() and not path.is_file():
        raise UsageError(f"'{path}' is a pipe or a device: name a file")
    if not path.is_file() or not path.stat().st_size:
        return
    with path.open("rb") as file:
        ends = file.read(_ENDS)
        file.seek(max(path.stat().st_size - _ENDS, 0))
        ends += file.read()
    if mark.encode() not in ends:
        raise UsageError(f"'{path}' is there and hex did not write it: choose another file, or move it away")
