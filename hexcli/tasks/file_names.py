"""Tasks that are files, by how their names end: a YAML file, or rows of one's own."""

import re
from pathlib import PurePath

TASK_FILES = (".yaml", ".yml")
DATA_FILES = (".jsonl", ".json", ".csv", ".tsv", ".parquet")
_DATA_FILE = re.compile(r"(?P<file>.*?\.(?:jsonl|json|csv|tsv|parquet)(?:\.gz)?)(?::(?P<said>\w+=.*))?", re.IGNORECASE)


def data_file(name: str) -> tuple[str, str] | None:
    """The file, and what is said behind it of its columns, where a task is named by its rows: `mine.csv`,
    `mine.csv:question=Text`. None for any other name."""
    match = _DATA_FILE.fullmatch(name)
    return (match["file"], match["said"] or "") if match else None


def plain_name(name: str) -> str:
    """How runs of a task are called: a file without its folder, its ending, and what is said behind it."""
    if (rows := data_file(name)) is not None:
        return re.sub(r"[^\w.-]+", "-", PurePath(rows[0]).name.partition(".")[0]).strip("-.") or "rows"
    return PurePath(name).stem if name.endswith(TASK_FILES) else name


def subject_of(name: str) -> str:
    """How run folders of a task begin: as `plain_name`, and a task in a Python file, `my/cups.py:cups`, by its name
    alone."""
    return name.rpartition(":")[2] if ".py:" in name else plain_name(name)
