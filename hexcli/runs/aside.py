"""Lines of a run folder that this version does not take: kept beside the others, never dropped."""

import os
from pathlib import Path

from hexcli.files import append_to, write_atomically
from hexcli.runs.rows import GENERATIONS, sorted_out

ASIDE = "generations.set-aside.jsonl"


def set_aside(path: Path) -> None:
    """Leave in generations.jsonl the lines that `read_rows` takes, as they are; the others go into ASIDE first.

    Raises OSError where the disk does not allow it: then no line is lost.
    """
    with append_to(path / ASIDE) as file:
        file.writelines(line for line, taken in sorted_out(path) if not taken)
        file.flush()
        os.fsync(file.fileno())
    write_atomically(path / GENERATIONS, (line for line, taken in sorted_out(path) if taken))
