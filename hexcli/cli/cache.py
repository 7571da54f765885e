"""`hex cache`: what the generation cache holds, whether it is sound, taking rows out, writing them all out."""

import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli.help import HexGroup
from hexcli.cli.holdings import held_by
from hexcli.cli.identities import called
from hexcli.cli.options import outputs
from hexcli.cli.output import print_json, print_jsonl, warn
from hexcli.cli.pruning import prune
from hexcli.errors import HexError, UsageError, plural, sized
from hexcli.report.target import check_target
from hexcli.report.terminal import visible

app = typer.Typer(
    name="cache",
    cls=HexGroup,
    rich_markup_mode=None,
    help="Look after the cache of generations. The variable HEX_CACHE_DIR names its folder, where it is set; hex cache "
    "stats says where it is.",
)

EXPORTED = '{"key": "g'  # how an export begins


class By(StrEnum):
    """What generations are counted by."""

    model = "model"
    task = "task"
    run = "run"
    schedule = "schedule"


@app.command()
def stats(
    by: Annotated[
        By, typer.Option("--by", help="Count by this; tasks and runs are those of the run folders in runs/.")
    ] = By.model,
    as_json: outputs.Json = False,
) -> None:
    """Say where the cache is, how large, and how many generations of what it holds.

    A row of the cache knows its model and schedule; of which task it is, the runs tell that have it.
    """
    import dataclasses

    from hexcli.report.console import console
    from hexcli.report.facts import facts
    from hexcli.report.held import held_table
    from hexcli.store import upkeep as store_upkeep
    from hexcli.store.store import open_store

    with open_store(warn=warn) as store:
        found = store_upkeep.stats(store)
        groups = None if by is By.model else held_by(store, by.value)
    if as_json:
        more = {} if groups is None else {"by": by.value, "groups": [dataclasses.asdict(group) for group in groups]}
        print_json({**dataclasses.asdict(found), **more})
        return
    told = [("directory", str(found.directory)), ("size", sized(found.bytes))]
    told.append(("generations", f"{found.rows:,}"))
    if groups is not None:
        print(facts(told, console().width))
        if groups:
            console().print(held_table(groups, by.value))
        return
    told += [(f"{rows:>11,}", called(model)) for model, rows in found.models.items()]
    told.append(("by", "hex cache stats --by task, run or schedule; take some out: hex cache prune --run RUN"))
    print(facts(told, console().width))


@app.command()
def verify(as_json: outputs.Json = False) -> None:
    """Check the database and every generation in it; exit code 1 if anything is damaged."""
    from hexcli.store import upkeep as store_upkeep
    from hexcli.store.store import open_store

    problems: list[str] = []
    with open_store(warn=problems.append) as store:  # damage that is met on opening is a finding too
        problems.extend(store_upkeep.verify(store))
        directory, rows = store.directory, len(store)
    if as_json:
        print_json({"directory": str(directory), "rows": rows, "problems": problems})
    else:
        for problem in problems:
            print(visible(problem))
        verdict = f"{plural(len(problems), 'problem')} (see above)" if problems else "all sound"
        print(f"{plural(rows, 'generation')} in {visible(directory)}: {verdict}")
        if problems:
            print("damaged rows are decoded again when needed; 'hex cache prune --damaged' deletes them")
    if problems:
        raise typer.Exit(1)


app.command()(prune)


@app.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(help="The JSONL file to write (default: standard output).", metavar="FILE")
    ] = None,
) -> None:
    """Write every sound generation, with its model, prompt and schedule, as one line of JSON."""
    from hexcli.files import why
    from hexcli.json_file import write_jsonl
    from hexcli.store import upkeep as store_upkeep
    from hexcli.store.store import open_store

    if file is not None and not file.exists() and file.suffix not in (".jsonl", ".json", ".ndjson", ".txt", ""):
        packed = f" (packed: hex cache export | gzip > {shlex.quote(str(file))})" if file.suffix == ".gz" else ""
        raise UsageError(f"what is written is JSONL: name it {file.stem.removesuffix('.jsonl')}.jsonl{packed}")
    if file is not None:
        check_target(file, EXPORTED)
    with open_store(warn=warn) as store:
        rows = store_upkeep.export(store, warn=warn)
        if file is None:
            print_jsonl(rows)
            return
        try:
            write_jsonl(file, rows)
        except OSError as error:
            raise HexError(f"cannot write '{file}': {why(error)}") from None


@app.command("import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(help="What `hex cache export` wrote, packed (.gz) or not.", metavar="FILE...")
    ],
    as_json: outputs.Json = False,
) -> None:
    """Put the generations of another cache into this one; each row must prove to be what it says it is.

    What is there already stays as it is. Exit code 1 if a row was refused.
    """
    import dataclasses

    from hexcli.store.store import open_store
    from hexcli.store.transfer import take

    with open_store(warn=warn) as store:
        store.require_writable()
        found = [take(store, file) for file in files]
        size = len(store)
    told = list(zip(files, found, strict=True))
    for reason in (reason for taken in found for reason in taken.reasons):
        warn(f"{reason}; not taken")
    new, there, refused = (sum(getattr(taken, name) for taken in found) for name in ("new", "there", "refused"))
    if as_json:
        print_json({"new": new, "there": there, "refused": refused, "rows": size,
                    "files": [{"file": str(file), **dataclasses.asdict(taken)} for file, taken in told]})  # fmt: skip
    else:
        print(f"{plural(new, 'generation')} new, {there:,} there already, {refused:,} refused; {size:,} in the cache")
    if refused:
        raise typer.Exit(1)
