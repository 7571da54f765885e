"""Files that are either the old ones or the new ones, whenever the process dies."""

import contextlib
import errno
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def why(error: OSError) -> str:
    """Why the system refused, in words: a full disk is `disk full`, whichever limit it is that was met."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk full"
    return error.strerror or str(error)


def json_line(value: Any) -> bytes:
    """A value as one line of JSON in UTF-8, newline included. Raises ValueError on NaN."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n").encode()


def parse_json(text: bytes | str, constant: Callable[[str], Any] = _refuse_constant) -> Any:
    """The value of a JSON text. Raises ValueError where it is not JSON.

    NaN and infinities are not, but Python writes them: `constant` makes something of them.
    """
    try:
        return json.loads(text, parse_constant=constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_jsonl(content: bytes, constant: Callable[[str], Any] = _refuse_constant) -> list[tuple[int, Any]]:
    """The values of a JSONL file with their line numbers, counted from 1; blank lines are skipped.

    Raises ValueError naming the first line that is not JSON.
    """
    values = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            try:
                values.append((number, parse_json(line, constant)))
            except ValueError as error:  # UnicodeDecodeError is one
                raise ValueError(f"line {number} is not JSON ({str(error).splitlines()[0][:100]})") from None
    return values


def write_atomically(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file whole: to a hidden neighbour, to the disk, and only then under its name."""
    neighbour = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with neighbour.open("wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        neighbour.replace(path)
    except BaseException:
        neighbour.unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def write_json(path: Path, value: Any) -> None:
    """Write a value as an indented JSON file, atomically."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    write_atomically(path, [text.encode(), b"\n"])


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as a JSONL file, atomically."""
    write_atomically(path, (json_line(row) for row in rows))


def _sync_directory(directory: Path) -> None:
    """Make a new name outlast a power cut, where the system can do that."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        with contextlib.suppress(OSError):  # some network file systems cannot
            os.fsync(descriptor)
        os.close(descriptor)
