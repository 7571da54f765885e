"""Tasks that are objects of a script or a notebook, put into the registry by their own names."""

import re
import sys

from hexcli.errors import UsageError
from hexcli.plugins.guarding import guarded
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
