"""`hex tasks`: what tasks there are, and how one of them asks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from hexcli.cli.options import outputs
from hexcli.cli.options.choices import completing
from hexcli.cli.output import print_json, warn
from hexcli.errors import UsageError
from hexcli.report.terminal import visible


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
    if task in ("list", "ls", "all"):
        raise UsageError(f"'{task}' is no task: hex tasks alone lists them")
    if task is not None:
        _one(task, as_json)
        return
    from hexcli.plugins.offered import task_rows

    rows = task_rows(warn)
    if as_json:
        print_json(rows)
    else:
        _list(rows)


def _list(rows: Sequence[Mapping[str, Any]]) -> None:
    from hexcli.plugins.registering import BUILT_IN
    from hexcli.report.console import console
    from hexcli.report.sheet import Column, Sheet

    prompts = Column("prompts", left=True, droppable=True)
    sheet = Sheet((Column("task"), Column("problems"), Column("what it is", prose=True), prompts))
    for row in rows:
        package = "" if row["from"] == BUILT_IN else f"; from {row['from']}"
        said = visible(f"{row['summary']} ({row['source']}){package}")
        sheet.add_row(visible(row["name"]), str(row["problems"] or ""), said, visible(", ".join(row["prompts"])))
    console().print(sheet)


def _yaml(name: str | None) -> None:
    """The YAML file of a custom task, or of rows. Raises UsageError where there is none."""
    from hexcli.plugins.held import register_task
    from hexcli.tasks.registry import get_task
    from hexcli.yaml_file import yaml_text

    register_task(name)
    task = None if name is None else get_task(name)
    if task is None or not task.definition:
        raise UsageError("--yaml is of a task of your own: hex tasks mine.csv --yaml > mine.yaml")
    definition = {key: value for key, value in task.definition.items() if key != "name"}
    print(yaml_text({"data": Path(task.file or "").name, **definition}), end="")


def _one(name: str, as_json: bool) -> None:
    from hexcli.plugins.held import register_task
    from hexcli.plugins.offered import task_row
    from hexcli.report.wordings import wordings_text
    from hexcli.tasks.registry import get_task

    register_task(name)
    task = get_task(name)
    if as_json:
        texts = {name: {**one.to_dict(), "reply": one.reply} for name, one in task.prompts.items()}
        print_json({**task_row(task), "train": task.train is not None, "prompts": texts})
    else:
        print(wordings_text(task))
