"""What runs are called: by their folders, which may have been copied, moved or renamed since they were made."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path


def folder_name(path: Path) -> str:
    """The last part of a path, also of `.` and `..`."""
    return path.name if path.name not in ("", "..") else path.resolve().name or str(path)


def apart(paths: Sequence[Path]) -> list[str]:
    """A name for each: its folder's; where several folders have one name, the whole path."""
    names = [folder_name(path) for path in paths]
    counts = Counter(names)
    return [name if counts[name] == 1 else str(path) for name, path in zip(names, paths, strict=True)]
