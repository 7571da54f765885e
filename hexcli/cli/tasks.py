"""`hex tasks`: what tasks there are, and how one of them asks."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hexcli.cli.options import outputs
from hexcli.cli.options.choices import completing
from hexcli.cli.output import print_json, warn
from hexcli.errors import HexError, UsageError
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from hexcli.task import Task


def tasks(
    task: Annotated[
        str | None,
        typer.Argument(
            help="Show how this one asks: the wordings of its prompt.",
            autocompletion=completing("tasks"),
            metavar="[TASK]",
        ),
    ] = None,
    as_yaml: Annotated[
        bool, typer.Option("--yaml", help="Print a task of your own as the YAML file that says the same, to change it.")
    ] = False,
    as_json: outputs.Json = False,
) -> None:
    """List the tasks, or show the wordings that one asks in (--prompt). --task takes files of your own, too."""
    if as_yaml:
        _yaml(task)
        return
    if task is not None:
        _one(task, as_json)
        return
    from hexcli.tasks.registry import TASKS, get_task

    found = []
    for name in TASKS:
        try:
            found.append(get_task(name))
        except HexError as error:
            warn(str(error))
    if as_json:
        print_json([_row(one) for one in found])
    else:
        _list(found)


def _row(task: "Task") -> dict[str, Any]:
    from hexcli.plugins.registering import TASK_GROUP, where

    return {
        "name": task.name,
        "version": task.version,
        "problems": task.size,
        "source": task.source,
        "summary": task.summary,
        "prompts": list(task.prompts) or [task.usual],
        "from": where(TASK_GROUP, task.name),
    }


def _list(found: Sequence["Task"]) -> None:
    from hexcli.plugins.registering import BUILT_IN
    from hexcli.report.console import console
    from hexcli.report.sheet import Column, Sheet

    prompts = Column("prompts", left=True, droppable=True)
    sheet = Sheet((Column("task"), Column("problems"), Column("what it is", prose=True), prompts))
    for task in found:
        row = _row(task)
        package = "" if row["from"] == BUILT_IN else f"; from {row['from']}"
        said = f"{task.summary} ({task.source}){package}"
        sheet.add_row(visible(task.name), str(task.size or ""), visible(said), visible(", ".join(row["prompts"])))
    console().print(sheet)


def _yaml(name: str | None) -> None:
    """The YAML file of a custom task, or of rows. Raises UsageError where there is none."""
    from hexcli.tasks.registry import get_task
    from hexcli.yaml_file import yaml_text

    task = None if name is None else get_task(name)
    if task is None or not task.definition:
        raise UsageError("--yaml is of a task of your own: hex tasks mine.csv --yaml > mine.yaml")
    definition = {key: value for key, value in task.definition.items() if key != "name"}
    print(yaml_text({"data": Path(task.file or "").name, **definition}), end="")


def _one(name: str, as_json: bool) -> None:
    from hexcli.plugins.registering import register_task
    from hexcli.report.wordings import wordings_text
    from hexcli.tasks.registry import get_task

    register_task(name)
    task = get_task(name)
    if as_json:
        texts = {name: {**one.to_dict(), "reply": one.reply} for name, one in task.prompts.items()}
        print_json({**_row(task), "train": task.train is not None, "prompts": texts})
    else:
        print(wordings_text(task))
