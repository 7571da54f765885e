"""Another name for a run: its folder's, and the one in run.json."""

import os
import re
import shlex
from dataclasses import replace
from pathlib import Path

from hexcli.errors import HexError, UsageError
from hexcli.files import why
from hexcli.json_file import write_json
from hexcli.runs.lock import lock_run
from hexcli.runs.reading import read_manifest
from hexcli.runs.rows import MANIFEST

LONGEST_NAME = 200  # bytes of a run's name: with what is put beside it while it is replaced, what disks take (255)


def rename(path: Path, name: str) -> Path:
    """Give a run another name, beside where it stands: its folder's, and the one in run.json. The new path.

    Raises UsageError where it is no run or the name is taken or none; HexError where another process writes the run,
    or the disk does not allow it.
    """
    manifest, target = read_manifest(path), Path(name)
    if target.parent not in (Path(), path.parent) or not target.name or target.name.startswith("."):
        move = f": to move it elsewhere, mv {shlex.quote(str(path))} FOLDER/" if "/" in name else ""
        raise UsageError(f"a run's new name is one word, beside where it stands, not '{name}'{move}")
    if re.fullmatch(r"\d[\d+@]*", target.name):
        raise UsageError(f"a run called '{target.name}' would be read as a schedule: choose another name")
    if len(os.fsencode(target.name)) > LONGEST_NAME:
        raise UsageError(f"a run's new name has at most {LONGEST_NAME} bytes, not {len(os.fsencode(target.name))}")
    if not re.fullmatch(r"[\w.+-]+", target.name):
        plain = re.sub(r"[^\w.+-]+", "-", target.name).strip("-") or "NAME"
        raise UsageError(f"a run's new name is one word, not '{target.name}': e.g. {plain}")
    target = path.resolve().parent / target.name if path.name in ("", ".", "..") else path.with_name(target.name)
    if target.resolve() == path.resolve():
        raise UsageError(f"'{path}' is called so already")
    if target.exists():
        raise UsageError(f"'{target}' is there already: choose another name")
    lock = lock_run(path)
    try:
        write_json(path / MANIFEST, replace(manifest, name=target.name).to_dict())
        path.resolve().rename(target.resolve())
    except OSError as error:
        raise HexError(f"cannot rename '{path}': {why(error)}") from None
    finally:
        lock.release()
    return target
