"""The task that rows are of where none is named: that of their dataset, where they are of one, else their own (own)."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import HexError, UsageError
from hexcli.tasks.data.rows import problems
from hexcli.tasks.file_names import DATA_FILES, TASK_FILES, data_file
from hexcli.tasks.foreign import same_dataset
from hexcli.tasks.namesakes import table
from hexcli.tasks.registry import TASKS, get_task

# What tells the rows of a benchmark from others: a column, or what every answer has in it.
_PUBLISHED = {
    "math": ("solution", r"\boxed"),
    "arc": ("answerKey", ""),
    "mmlu": ("subject", ""),
    "hellaswag": ("activity_label", ""),
    "countdown": ("nums", ""),
    "sudoku": ("Puzzle", ""),
    "gsm8k": ("answer", "####"),
}


def asked(task: str | None, data: str | None) -> tuple[str, str | None]:
    """The task and the data of a recipe that names rows for its task, or rows and no task. Raises UsageError."""
    name = data if task is None else task
    assert name is not None
    if data_file(name) is None:
        _refuse_hub(name)
        raise UsageError(f"--data {name}: {_no_rows(name)}")
    if task is not None and data is not None:
        return task, data
    known = published(name)
    return (name, None) if known is None else (known, name)


def _no_rows(name: str) -> str:
    """What a name is that is no file of rows, and what to do."""
    path = Path(name)
    file, _, said = name.rpartition(":")
    if file and data_file(file) and Path(file).is_file():
        return f"behind the file stands KEY=COLUMN, e.g. {file}:question=Text, not '{said}'"
    if name in TASKS:
        return f"it is a task: --task {name}, without --data"
    if name.endswith(TASK_FILES):
        return f"a task file is named by --task {name}"
    if path.is_dir():
        return "it is a folder: name a file in it"
    if path.suffix.lower() in (".xlsx", ".xls", ".ods") and path.is_file():
        table = f"pandas.read_excel('{name}').to_csv('{path.stem}.csv', index=False)"
        return f'save it as CSV: python -c "import pandas; {table}"'
    if beside := [f"{name}{ending}" for ending in DATA_FILES if Path(f"{name}{ending}").is_file()]:
        return f"did you mean {' or '.join(map(repr, beside))}?"
    return f"its name must say what it is: {', '.join(DATA_FILES)}, or one of them with .gz"


def refuse_no_file(task: str, data: str) -> None:
    """Raises UsageError on data beside a task that are no file: what else they may be is said."""
    if Path(data).exists():
        return
    _refuse_hub(data)
    file, said = data_file(data) or (data, "")
    if said and Path(file).is_file():
        raise UsageError(f"--data {data}: task {task} says which columns are read: leave :{said} out, or --task {task}")


def _refuse_hub(name: str) -> None:
    """Raises UsageError on a dataset of a hub, by its id: data are a file."""
    if Path(name).exists() or data_file(name) or not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        return
    if task := same_dataset(name):
        raise UsageError(f"--data {name}: it is the dataset of a task: --task {task}, without --data")
    kinds = ", ".join(DATA_FILES)
    raise UsageError(f"--data {name}: it takes a file ({kinds}): save the rows, dataset.to_json('rows.jsonl')")


def published(name: str) -> str | None:
    """The task with a dataset of its own whose rows a file holds, with targets; None for any other."""
    file, said = data_file(name) or (name, "")
    path = Path(file)
    if said:
        return None
    columns, rows = table(path)
    for task, (column, mark) in _PUBLISHED.items():
        if column in columns and all(mark in str(row.get(column)) for row in rows) and _reads(task, rows, path):
            return task
    return None


def _reads(name: str, rows: Sequence[Mapping[str, Any]], path: Path) -> bool:
    task = get_task(name)
    assert task.from_row is not None
    try:
        found = problems(enumerate(rows, start=1), str(path), task.fields, task.from_row)
    except (ValueError, HexError):
        return False
    return all(problem.target is not None for problem in found)
