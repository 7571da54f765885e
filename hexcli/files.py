"""Files: read with bounds on what strangers may have written, written whole whenever the process dies."""

import contextlib
import errno
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

# What one value may take: YAML and JSON files, and rows of JSONL, in bytes; and brackets around a value.
LARGEST_FILE = 1 << 26
DEEPEST = 100


def why(error: OSError) -> str:
    """Why the system refused, in words: a full disk is `disk full`, whichever limit it is that was met."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk full"
    return error.strerror or str(error)


def read_file(path: Path, at_most: int | None = None) -> bytes:
    """The content of a file. Raises OSError where it cannot be read, or is larger than `at_most` bytes.

    A pipe, a device and a folder are refused: reading one may never end.
    """
    with open_file(path) as descriptor:
        size = os.fstat(descriptor).st_size
        if at_most is not None and size > at_most:
            raise OSError(errno.EFBIG, f"it is larger than {at_most >> 20} MB")
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read()


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[int]:
    """A descriptor to read a regular file by. Raises OSError, with the reason in words, where there is none."""
    descriptor = _opened(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def append_to(path: Path, *, buffering: int = -1) -> BinaryIO:
    """A file to write on at its end, made where there is none. Raises OSError as `open_file`."""
    return os.fdopen(_opened(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab", buffering)


def _opened(path: Path, flags: int) -> int:
    try:
        descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0), 0o666)
    except ValueError:
        raise OSError(errno.EINVAL, "its name holds a NUL character") from None
    except OSError as error:
        if error.errno == errno.ENXIO:  # a pipe that nobody reads
            raise OSError(errno.EINVAL, "it is a pipe or a socket, not a file") from None
        raise
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        what = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
        raise OSError(errno.EINVAL, f"it is {what.get(stat.S_IFMT(kind), 'a device')}, not a file")
    return descriptor


def read_lines(readline: Callable[[int], bytes]) -> Iterator[bytes]:
    """The lines of a file, with their ends. Raises OSError at one that is too large for a row, as of a sparse file."""
    for line in iter(partial(readline, LARGEST_FILE + 1), b""):
        if len(line) > LARGEST_FILE:
            raise OSError(errno.EFBIG, f"it has a line of more than {LARGEST_FILE >> 20} MB")
        yield line


def read_text(path: Path) -> str:
    """A text in UTF-8, of no more than LARGEST_FILE. Raises OSError as `read_file`, ValueError where it is none."""
    return decoded(read_file(path, LARGEST_FILE))


def decoded(content: bytes | str) -> str:
    """The text of a file. Raises ValueError where it is not in UTF-8, nor in what JSON may be in."""
    if isinstance(content, str):
        return content
    try:
        return content.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        if b"\0" not in content[:4]:
            raise ValueError("it is not a text in UTF-8") from None
        return content.decode(json.detect_encoding(content))


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


def _sync_directory(directory: Path) -> None:
    """Make a new name outlast a power cut, where the system can do that."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        with contextlib.suppress(OSError):  # some network file systems cannot
            os.fsync(descriptor)
        os.close(descriptor)
