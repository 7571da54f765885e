"""The tasks by name, each in a file of its own, imported only where it is asked for."""

import dataclasses
import importlib
from pathlib import Path

from hexcli.errors import HexError, UsageError, unknown
from hexcli.task import Task
from hexcli.tasks.file_names import DATA_FILES, TASK_FILES, data_file

TASKS: dict[str, str] = {
    "sums": "hexcli.tasks.embedded.sums:SUMS",
    "sums-calibration": "hexcli.tasks.embedded.sums:SUMS_CALIBRATION",
    "sums-new": "hexcli.tasks.embedded.sums:SUMS_NEW",
    "choices": "hexcli.tasks.embedded.choices:CHOICES",
    "gsm8k": "hexcli.tasks.gsm8k:GSM8K",
    "math": "hexcli.tasks.math500:MATH500",
    "arc": "hexcli.tasks.arc:ARC",
    "truthfulqa": "hexcli.tasks.truthfulqa:TRUTHFULQA",
    "mmlu": "hexcli.tasks.mmlu:MMLU",
    "hellaswag": "hexcli.tasks.hellaswag:HELLASWAG",
    "countdown": "hexcli.tasks.countdown:COUNTDOWN",
    "sudoku": "hexcli.tasks.sudoku:SUDOKU",
    "prompt": "hexcli.tasks.prompt:PROMPT",
}
_OWN = "; or the YAML file of a task of your own (hex recipes --copy mine has one to change)"


def called(name: str) -> str:
    """`GSM8K` -> `gsm8k`: the name of a task, however it is spelled; other texts as they are."""
    plain = name.strip().lower().replace("_", "-")
    return plain if plain in TASKS and name not in TASKS else name


def _are_files(name: str) -> bool:
    """Whether a name is those of several files, parted by commas."""
    parts = name.split(",")
    return len(parts) > 1 and all(Path(part.strip()).is_file() for part in parts)


def _file_meant(name: str) -> str:
    """What a name that is no task's is, where something beside it is called so; else empty."""
    path = Path(name)
    try:
        if path.is_dir():
            own = (path / "run.json").is_file()
            return f"it is a folder: {'hex runs show has the task of a run' if own else 'name a file in it'}"
        beside = [f"{name}{ending}" for ending in (*TASK_FILES, *DATA_FILES) if Path(f"{name}{ending}").is_file()]
    except (OSError, ValueError):
        return ""
    return f"did you mean {' or '.join(map(repr, beside))}?" if beside else ""


def get_task(name: str) -> Task:
    """The task of that name, or in that YAML file. Raises UsageError naming the nearest one, or what is wrong."""
    name = called(name)
    if ("," in name and not data_file(name) and not Path(name).exists()) or _are_files(name):
        raise UsageError(f"'{name}' are several tasks, and a run is of one: hex sweep takes task: [{name}]")
    file, _, said = name.rpartition(":")
    if file.endswith(TASK_FILES) and Path(file).is_file():
        raise UsageError(f"'{name}': {file} says its columns itself, under fields: leave :{said} out")
    if name.endswith(TASK_FILES):
        from hexcli.tasks.custom import load_task

        return load_task(name, taken=TASKS)
    if name not in TASKS and data_file(name):
        from hexcli.tasks.own import own_task

        return own_task(name, taken=TASKS)
    if name not in TASKS:
        if ".py:" in name:
            raise UsageError(f"'{name}' is Python code, which runs only if you say --task {name}")
        from hexcli.tasks.foreign import same_dataset

        if (ours := same_dataset(name)) and ours != name.lower():
            raise UsageError(f"unknown task '{name}': its dataset is that of --task {ours}")
        if where := _file_meant(name):
            raise UsageError(f"unknown task '{name}': {where}")
        known = unknown("task", name, [one for one in TASKS if one != "prompt"], TASK_FILES)  # which nobody names
        raise UsageError(f"{known}{'' if 'did you mean' in str(known) else _OWN}")
    module, attribute = TASKS[name].split(":")
    try:
        task = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, SyntaxError) as error:  # of a package that is installed beside hex
        raise HexError(f"task '{name}' cannot be loaded from {TASKS[name]}: {error}") from error
    if not isinstance(task, Task):
        raise HexError(f"task '{name}' cannot be loaded: {TASKS[name]} is no hexcli.task.Task")
    return task if task.name == name else dataclasses.replace(task, name=name)
