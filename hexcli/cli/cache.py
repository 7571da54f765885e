"""`hex cache`: what the generation cache holds, whether it is sound, taking rows out, writing them all out."""

import re
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hexcli.cli.costs import duration
from hexcli.cli.help import HexGroup
from hexcli.cli.identities import called, identities_of
from hexcli.cli.options import outputs
from hexcli.cli.options.choices import completing
from hexcli.cli.output import print_json, print_jsonl, warn
from hexcli.cli.targets import check_target
from hexcli.errors import HexError, UsageError, plural
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from hexcli.store.upkeep import Part

app = typer.Typer(name="cache", cls=HexGroup, rich_markup_mode=None, help="Look after the cache of generations.")

EXPORTED = '{"key": "g'  # how an export begins
SECONDS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}


@app.command()
def stats(as_json: outputs.Json = False) -> None:
    """Say where the cache is, how large, and how many generations of which model it holds."""
    import dataclasses

    from hexcli.report.console import console
    from hexcli.report.facts import facts
    from hexcli.store import upkeep as store_upkeep
    from hexcli.store.store import open_store

    with open_store(warn=warn) as store:
        found = store_upkeep.stats(store)
    if as_json:
        print_json(dataclasses.asdict(found))
        return
    told = [("directory", str(found.directory)), ("size", f"{found.bytes / 2**20:,.1f} MiB")]
    told.append(("generations", f"{found.rows:,}"))
    told += [(f"{rows:>11,}", called(model)) for model, rows in found.models.items()]
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


@app.command()
def prune(
    model: Annotated[
        str | None,
        typer.Option(
            help="Only those of this model: short name, hub id, folder, or identity (see stats).",
            metavar="NAME",
            autocompletion=completing("models"),
        ),
    ] = None,
    older_than: Annotated[
        str | None, typer.Option(help="Only those older than this: 90m, 12h, 30d, 8w.", metavar="AGE")
    ] = None,
    damaged: Annotated[bool, typer.Option("--damaged", help="Only those that verify refuses.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete them without asking.")] = False,
    as_json: outputs.Json = False,
) -> None:
    """Delete the generations to which all the given options apply. Nothing else ever deletes one.

    It says first what would go, and what decoding it took, and asks. With --json it deletes only if --yes is said.
    """
    from hexcli.store import upkeep as store_upkeep
    from hexcli.store.store import open_store

    if model is None and older_than is None and not damaged:
        raise UsageError("say what to prune: --model, --older-than or --damaged")
    before = None if older_than is None else time.time() - _seconds(older_than)
    with open_store(warn=warn) as store:
        models = None if model is None else identities_of(model, store_upkeep.stats(store).models)
        part = store_upkeep.chosen(store, models=models, before=before, damaged=damaged)
        agreed = yes or not part.entries or (not as_json and _agreed(part))
        deleted = store_upkeep.delete(store, part) if agreed else 0
        left = len(store)
    if as_json:
        print_json({"chosen": len(part.entries), "models": part.models, "seconds": round(part.seconds, 3),
                    "deleted": deleted, "left": left})  # fmt: skip
    else:
        print(f"{plural(deleted, 'generation')} deleted, {left:,} left")


def _agreed(part: "Part") -> bool:
    """Show what would go, and ask. Raises UsageError where nobody answers."""
    for model, rows in part.models.items():
        print(f"{rows:>11,}  {visible(called(model))}")
    first, last = (datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M") for at in (part.first, part.last))
    when = first if first == last else f"{first} to {last}"
    print(f"put into the cache {when}; decoding them took {duration(part.seconds)}", flush=True)
    which = "this generation" if len(part.entries) == 1 else f"these {plural(len(part.entries), 'generation')}"
    print(f"delete {which}? [y/N] ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        print(file=sys.stderr)
        raise UsageError("nothing is deleted: nobody answered; say --yes to delete them without asking")
    return answer.strip().lower() in ("y", "yes")


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


def _seconds(age: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([mhdw])", age.strip())
    if match is None:
        raise UsageError(f"an age is a number and m, h, d or w (30d), not '{age}'")
    return float(match[1]) * SECONDS[match[2]]
