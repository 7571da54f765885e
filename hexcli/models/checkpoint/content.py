"""What a folder holds, as a hash. A file of gigabytes is read once, not at every start."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from hexcli.files import open_file
from hexcli.json_file import read_json, write_json
from hexcli.store.store import cache_dir

# Smaller files are hashed each time: it takes no longer than to look them up.
LARGE = 1 << 26
MEMO = "file-hashes.json"
# A file written this lately may change again within the tick of the file system's clock.
SETTLED_SECONDS = 5.0


def content_hash(files: Iterable[Path], *, clock: Callable[[], float] = time.time) -> str:
    """sha256 over the files' names and contents, in the order given. Raises OSError where one cannot be read."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{_file_hash(file, clock())}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _file_hash(file: Path, now: float) -> str:
    state = file.stat()
    if state.st_size < LARGE:
        return _read(file)
    name, memo = _name(file, state), cache_dir() / MEMO
    known = _known(memo)
    if name in known:
        return known[name]
    found = _read(file)
    settled = now - max(state.st_mtime, state.st_ctime) > SETTLED_SECONDS
    if settled and _name(file, file.stat()) == name:
        _remember(memo, name, found)
    return found


def _name(file: Path, state: os.stat_result) -> str:
    """One text for a file in one state.

    The inode's own change time moves with every write, also where a tool sets the modification time back.
    """
    seen = [str(file.resolve()), state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def _read(file: Path) -> str:
    with open_file(file) as descriptor, os.fdopen(os.dup(descriptor), "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _known(memo: Path) -> dict[str, str]:
    try:
        known = read_json(memo)
    except (OSError, ValueError):  # none yet, or damaged: it only saves time
        return {}
    return known if isinstance(known, dict) else {}


def _remember(memo: Path, name: str, found: str) -> None:
    try:
        memo.parent.mkdir(parents=True, exist_ok=True)
        write_json(memo, {**_known(memo), name: found})
    except OSError:  # a cache that cannot be written is reported where the generations go
        return
