"""`hex import`: generations made elsewhere, into a run folder."""

from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli import values
from hexcli.cli.options import outputs
from hexcli.cli.output import print_json, tell, warn
from hexcli.errors import UsageError, plural, unknown
from hexcli.report.terminal import visible


def import_runs(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="d1 or HEX JSON, lm-eval samples_*.jsonl, plain JSONL, JSON or CSV, or a run folder. "
            "FILE:block_length=8,steps=64 says of one file what it does not tell.",
            metavar="FILE[:KEY=VALUE,...]...",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Run folder to make; to be said.", metavar="RUN")
    ] = None,
    task: Annotated[
        str | None,
        typer.Option(
            "--task", "-t", help="{tasks}; or the YAML file of your own.", show_default="that of the run folders"
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", help="YAML file of the files and what each does not tell: 'a.jsonl: {block_length: 8}'."),
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", help="{formats}.", show_default="what it looks like")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option("--data", help="Rows of the task's dataset, for ids, categories, missing targets: FILE or hub."),
    ] = None,
    model: Annotated[str | None, typer.Option("--model", "-m", help="Whose they are, if no file tells.")] = None,
    field_names: Annotated[
        list[str] | None,
        typer.Option(
            "--fields", help="What plain rows call theirs: question=q,text=output,target=gold.", metavar="OURS=THEIRS"
        ),
    ] = None,
    gen_length: Annotated[int | None, typer.Option("--gen-length", help="Response canvas, if not in FILE.")] = None,
    block_length: Annotated[
        str | None, typer.Option("--block-length", help="Tokens a block, if not in FILE.", metavar="<int>")
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", help="Denoising steps, if not in FILE.", show_default="half of gen-length")
    ] = None,
    remasking: Annotated[str | None, typer.Option("--remasking", help="Remasking rule, if not in FILE.")] = None,
    temperature: Annotated[float | None, typer.Option("--temperature", help="If not in FILE.")] = None,
    add: Annotated[bool, typer.Option("--add", help="Add to the import that is at RUN.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace another import at RUN.")] = False,
    as_json: outputs.Json = False,
) -> None:
    """Import generations made elsewhere: after it, vote and score work as on runs of our own.

    Files of different schedules (gen_length, block_length, ...) are different voters; their rows are matched by
    question. Files that land in one schedule are its samples, and are named. All that a file tells is kept. Nothing is
    written unless all of it can be.
    """
    from hexcli.importing.naming import named
    from hexcli.importing.reading import FORMATS
    from hexcli.importing.run import import_files
    from hexcli.importing.sources import sources
    from hexcli.plugins.held import register_task

    if add and overwrite:
        raise UsageError("--add keeps what is at RUN and --overwrite replaces it: choose one")
    if format is not None and format not in FORMATS:
        raise unknown("format", format, FORMATS)
    register_task(task)
    naming = named(values.split(field_names))
    fields = {
        "gen_length": gen_length,
        "block_length": _block_length(block_length),
        "steps": steps,
        "remasking": remasking,
        "temperature": temperature,
    }
    said: dict[str, object] = {"--map": mapping, "--format": format, "--data": data, "--model": model, "--task": task}
    said |= {"-o": output, "--fields": ",".join(field_names) if field_names else None}
    said |= {f"--{name.replace('_', '-')}": value for name, value in fields.items()}
    typed = [*(files or ()), *(str(word) for pair in said.items() if pair[1] is not None for word in pair)]
    flags = ["--add"] * add + ["--overwrite"] * overwrite
    imported = import_files(
        sources(files or (), mapping),
        output,
        task=task,
        format=format,
        data=data,
        model=model,
        given={name: value for name, value in fields.items() if value is not None},
        created=values.now(),
        overwrite=overwrite,
        add=add,
        fields=naming,
        typed=["hex", "import", *typed, *flags],
    )
    for note in imported.notes:
        tell(note)
    for message in imported.warnings:
        warn(message)
    if as_json:
        print_json(imported.to_dict())
        return
    there = f" ({imported.new} of them new)" if add else ""
    if not imported.written:
        there = " (they were there already)"
    found = f"{plural(imported.generations, 'generation')} of {plural(imported.problems, 'problem')}"
    print(f"{visible(imported.path)}: {found}{there}")
    for schedule in imported.schedules:
        files_of = imported.files[schedule]
        among = f" ({', '.join(map(visible, files_of))})" if len(files_of) > 1 else ""
        assumed = dict.fromkeys(imported.assumed.get(schedule, ()), " (assumed)")
        print(
            f"    block {schedule.label}: gen_length {schedule.gen_length}, "
            f"steps {schedule.steps}{assumed.get('steps', '')}, "
            f"temperature {schedule.temperature:g}{assumed.get('temperature', '')}{among}"
        )


def _block_length(said: str | None) -> int | None:
    """Of all files; those of one, and uneven ones, stand behind it. Raises UsageError."""
    if said is None or said.strip().isdecimal():
        return None if said is None else int(said)
    blocks = said.strip() if "+" in said else "8"
    raise UsageError(
        f"--block-length {said}: it is one whole number for all files; of one file, or uneven: FILE:{blocks}"
    )
