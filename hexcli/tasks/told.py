"""Rows of one's own without a task to ask them: the command that decodes them."""

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError
from hexcli.tasks.data.local import rows_of
from hexcli.tasks.data.rows import problems
from hexcli.tasks.registry import TASKS, get_task

_QUESTIONS = ("question", "prompt", "problem")
_ANSWERS = ("answer", "target")
_PLAIN = re.compile(r"[\w./-]+")  # a path that needs no quotes, in a shell or in YAML
LOOKED_AT = 100  # rows


def command_for(path: Path) -> str:
    """The command line that decodes the rows of a file: under a task that reads them, or a YAML file it writes.

    Empty where they cannot be read or have no question, or where such a YAML file is there or could not be named.
    """
    try:
        rows = rows_of(path)[:LOOKED_AT]
    except (UsageError, ValueError):
        return ""
    if reads := [name for name in TASKS if _reads(name, rows, path)]:
        return f"hex decode --task {reads[0]} --data {shlex.quote(str(path))}"
    file = path.parent / f"{path.name.partition('.')[0]}.yaml"
    first = rows[0][1] if rows else None
    if not isinstance(first, Mapping) or file.exists() or file.stem in TASKS or not re.match(r"\w", path.name):
        return ""
    question = next((name for name in _QUESTIONS if isinstance(first.get(name), str)), None)
    if question is None or not _PLAIN.fullmatch(str(path)):
        return ""
    answer = next((name for name in _ANSWERS if first.get(name) is not None), None)
    fields = f"question: {question}" + (f", answer: {answer}" if answer else "")
    extract = "text" if answer else "math"
    lines = (f"data: {path.name}", f"fields: {{{fields}}}", f"extract: {extract}")
    written = "".join(line + r"\n" for line in lines)
    return f"printf '{written}' > {file} && hex decode --task {file}"


def _reads(name: str, rows: Sequence[tuple[int, Any]], path: Path) -> bool:
    """Whether a task takes all rows for its own, with targets."""
    try:
        task = get_task(name)
        if task.from_row is None:
            return False
        found = problems(rows, str(path), task.fields, task.from_row)
    except (ValueError, HexError):  # of an installed task that cannot be loaded, too
        return False
    return bool(found) and all(problem.target is not None for problem in found)
