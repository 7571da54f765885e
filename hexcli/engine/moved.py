"""The files that a run was asked with, where they are now: `hex sweep RUN --data FILE`."""

import shlex
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from hexcli.errors import UsageError, beside
from hexcli.runs.asked import files_of, missing_file
from hexcli.runs.manifest import Manifest
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.file_names import TASK_FILES, data_file, plain_name
from hexcli.tasks.registry import get_task


def files_said(manifest: Manifest, overrides: Mapping[str, Any]) -> dict[str, str]:
    """Of what is to be changed, what only says where files of the run are now: its rows (`data`), its YAML file
    (`task`)."""
    asked = {name: file for one in manifest.asked for name, file in files_of(one.recipe).items()}
    data, task = overrides.get("data"), overrides.get("task")
    found = {}
    if isinstance(data, str) and asked:
        found["data"] = data
    if isinstance(task, str) and task.endswith(TASK_FILES) and asked.get("task", "").endswith(TASK_FILES):
        found["task"] = task
    return found


def with_files(path: Path, manifest: Manifest, recipe: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    """A recipe that was asked of the run folder `path`, its files at these paths.

    Raises UsageError where a file is not there, and where what is said has other rows than the run.
    """
    found = dict(recipe)
    rows = data_file(str(recipe.get("task")))
    for file in files.values():
        if not Path((data_file(file) or (file,))[0]).is_file():
            raise UsageError(f"cannot read {file}: it is no file{beside(Path(file))}")
    if rows and "data" in files and not recipe.get("data"):
        file, said = data_file(files["data"]) or (files["data"], "")
        found["task"] = f"{file}:{said or rows[1]}" if said or rows[1] else file
        _require_name(path, file, rows[0])
    else:
        found.update(files)
    gone, option = missing_file(found)
    if gone:
        sweep = f"hex sweep {shlex.quote(str(path))}{option}"
        raise UsageError(f"'{path}' was asked with {gone}, which is not there: say where it is now, {sweep}")
    if gone := next((file for file in _wordings(found) if not Path(file).exists()), ""):
        raise UsageError(f"'{path}' was asked with {gone}, which is not there: put it there, or go to where it is")
    if files:
        _require_rows(path, manifest, found, files)
    return found


def _wordings(recipe: Mapping[str, Any]) -> list[str]:
    """The files of its prompts, and of the examples in them."""
    prompts, examples = recipe.get("prompts"), recipe.get("fewshot_data")
    files = [one for one in prompts if str(one).endswith(TASK_FILES)] if isinstance(prompts, list) else []
    return [*files, examples] if isinstance(examples, str) else files


def _require_name(path: Path, file: str, before: str) -> None:
    """Rows of one's own are a task that is called by its file."""
    if plain_name(file) != plain_name(before):
        called = PurePath(before).name
        raise UsageError(
            f"'{path}' is of {called}, and a task of one's own is called by its file: name a copy that is called so, "
            f"e.g. cp {shlex.quote(file)} {shlex.quote(str(PurePath(file).with_name(called)))}"
        )


def _require_rows(path: Path, manifest: Manifest, recipe: Mapping[str, Any], files: Mapping[str, str]) -> None:
    """Raises UsageError where the files are not those of the run: it would be another run."""
    task = get_task(str(recipe["task"]))
    said = " and ".join(files.values())
    if task.definition != manifest.definition:
        raise UsageError(f"{said}: its task is another than that of '{path}': hex decode makes a run of it")
    if load_problems(task, recipe.get("data")).data != manifest.data:
        raise UsageError(f"{said}: its rows are others than those of '{path}': hex decode makes a run of them")
