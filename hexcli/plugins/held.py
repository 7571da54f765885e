"""Tasks of a file or a script, put into the registry: `mine.py:my_task` by what was typed, an object by its name."""

import dataclasses
import re
import sys
from collections.abc import Collection

from hexcli.errors import UsageError
from hexcli.plugins.guarding import guarded
from hexcli.plugins.sources import SEPARATOR, from_file, kind, load_file, parted
from hexcli.task import Task
from hexcli.tasks.registry import TASKS


def register_task_object(task: Task) -> str:
    """Its name, under which the registry has it from now on; a cell that runs again replaces it.

    Raises UsageError where the name is another task's, or no part of a folder's name.
    """
    name = task.name
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise UsageError(f"a task's name is letters, digits, '-', '_' and '.', as a run folder begins, not {name!r}")
    place = f"{__name__}:task {name}"
    if TASKS.get(name, place) != place:
        raise UsageError(f"'{name}' is the name of another task: dataclasses.replace(task, name='mine') has its own")
    setattr(sys.modules[__name__], f"task {name}", guarded(task, name))
    TASKS[name] = place
    return name


def register_task(name: str | None) -> None:
    """Run the file that the user names as `mine.py:my_task`, a Task, whose name is then what was typed.

    Raises UsageError.
    """
    if name is None or SEPARATOR not in name:
        return
    task = from_file(name)
    if not isinstance(task, Task):
        of_yaml = "; the YAML file of a task is named alone, without .py" if isinstance(task, str | dict) else ""
        raise UsageError(f"'{name}' is no task but {kind(task)}: it has to be a hexcli.task.Task{of_yaml}")
    path, called = parted(name)
    module, attribute = load_file(path), f"_hex_{called}"
    setattr(module, attribute, guarded(dataclasses.replace(task, name=name), name))
    TASKS[name] = f"{module.__name__}:{attribute}"


def register_tasks(said: object) -> None:
    """As `register_task`, of the value of a recipe's field: one, or several to sweep over."""
    for one in said if isinstance(said, list) else [said]:
        register_task(one if isinstance(one, str) else None)


def register_task_of(run: str, task: str | None) -> None:
    """As `register_task`, where a file is all that may be named: that of the run's task. Raises UsageError."""
    if task is not None and SEPARATOR not in task:
        raise UsageError(
            f"{run} tells its task itself, but one in a Python file, --task FILE.py:NAME: leave {task} out"
        )
    register_task(task)


def register_task_of_any(task: str | None) -> None:
    """As `register_task_of`, of what is swept over: run folders, and recipes that name the file. Raises UsageError."""
    if task is not None and SEPARATOR not in task:
        raise UsageError(
            f"a recipe has another task by --set task={task}, and a run folder tells its own: --task is of one in a "
            "Python file, FILE.py:NAME"
        )
    register_task(task)


def require_of(task: str | None, swept: Collection[str]) -> None:
    """Raises UsageError where a task in a file is named that nothing which is swept over is of."""
    if task is not None and task not in swept:
        raise UsageError(f"what is swept over is of {', '.join(sorted(swept))}: --set task={task} changes a recipe's")
