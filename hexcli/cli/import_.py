"""`hex import`: generations made elsewhere, into a run folder."""

from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli import options, values
from hexcli.cli.output import print_json, warn
from hexcli.errors import unknown
from hexcli.report.terminal import visible


def import_runs(
    files: Annotated[
        list[Path], typer.Argument(help="d1 or HEX JSON, lm-eval samples_*.jsonl, or plain JSONL.", metavar="FILE...")
    ],
    task: Annotated[str, typer.Option("--task", "-t", help="{tasks}; or the YAML file of your own.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Run folder.")],
    format: Annotated[
        str | None, typer.Option("--format", help="{formats}.", show_default="what it looks like")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option("--data", help="Rows of the task's dataset, for ids, categories, missing targets: FILE or hub."),
    ] = None,
    model: Annotated[str | None, typer.Option("--model", "-m", help="Whose they are, if no file tells.")] = None,
    gen_length: Annotated[int | None, typer.Option("--gen-length", help="Response canvas, if not in FILE.")] = None,
    block_length: Annotated[int | None, typer.Option("--block-length", help="Tokens a block, if not in FILE.")] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", help="Denoising steps, if not in FILE.", show_default="half of gen-length")
    ] = None,
    remasking: Annotated[str | None, typer.Option("--remasking", help="Remasking rule, if not in FILE.")] = None,
    temperature: Annotated[float | None, typer.Option("--temperature", help="If not in FILE.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace another import at RUN.")] = False,
    as_json: options.Json = False,
) -> None:
    """Import generations made elsewhere: after it, vote and score work as on runs of our own.

    Files of different schedules (gen_length, block_length, ...) are different voters; their rows are matched by
    question. All that a file tells is kept. Nothing is written unless all of it can be.
    """
    from hexcli.importing.reading import FORMATS
    from hexcli.importing.run import import_files

    if format is not None and format not in FORMATS:
        raise unknown("format", format, FORMATS)
    fields = {
        "gen_length": gen_length,
        "block_length": block_length,
        "steps": steps,
        "remasking": remasking,
        "temperature": temperature,
    }
    imported = import_files(
        files,
        output,
        task=task,
        format=format,
        data=data,
        model=model,
        given={name: value for name, value in fields.items() if value is not None},
        created=values.now(),
        overwrite=overwrite,
    )
    for message in imported.warnings:
        warn(message)
    if as_json:
        print_json(imported.to_dict())
        return
    there = "" if imported.written else " (they were there already)"
    print(f"{visible(imported.path)}: {imported.generations} generations of {imported.problems} problems{there}")
    for schedule in imported.schedules:
        print(
            f"    block {schedule.label}: gen_length {schedule.gen_length}, steps {schedule.steps}, "
            f"temperature {schedule.temperature:g}"
        )
