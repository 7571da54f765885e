"""`hex runs`: what run folders hold, renaming them, removing them."""

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hexcli.cli.help import HexGroup
from hexcli.cli.options import groups, outputs, problems, votes
from hexcli.cli.output import print_json, warn
from hexcli.errors import UsageError, plural, sized
from hexcli.report.terminal import visible
from hexcli.runs.folders import run_folder

if TYPE_CHECKING:
    from typer._click import Context

    from hexcli.runs.shelf import Kept


class RunsGroup(HexGroup):
    """`hex runs` alone, or with an option, is its list."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """As of a group, `list` put first where nothing but options is said."""
        bare = not args or (args[0].startswith("-") and args[0] not in ("-h", "--help"))
        return super().parse_args(ctx, ["list", *args] if bare and not ctx.resilient_parsing else args)

    def resolve_command(self, ctx: "Context", args: list[str]) -> Any:
        """As of a group; a run in a command's place is answered with the command that shows it."""
        if args[0] not in self.commands and (run := run_folder(Path(args[0]))).is_dir():
            raise UsageError(f"'{args[0]}' is a run, and no command: hex runs show {run}, or hex runs list {run}")
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="runs", cls=RunsGroup, rich_markup_mode=None, help="Look after run folders; without a command: list them."
)


class Order(StrEnum):
    """What a list is sorted by."""

    date = "date"
    accuracy = "accuracy"
    task = "task"
    size = "size"
    name = "name"


class Format(StrEnum):
    """How a list is written."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command("list")
def list_runs(
    runs: votes.RunsArgument = None,
    task: problems.TaskFilter = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Only runs of this model, as listed.", metavar="NAME")
    ] = None,
    sort: Annotated[
        Order, typer.Option("--sort", help="The newest, best or largest first; or by task and model, or name.")
    ] = Order.date,
    format: Annotated[
        Format, typer.Option("--format", help="How they are written.", rich_help_panel=groups.OUTPUT)
    ] = Format.table,
    as_json: outputs.Json = False,
) -> None:
    """List runs: what they were decoded under, what is there or missing, their size, accuracy if scored.

    RUNS defaults to runs/. Accuracies are those of scores.json, where it was written since the last generation.
    """
    from hexcli.report.console import console
    from hexcli.report.shelf import shelf_csv, shelf_table
    from hexcli.runs.choosing import in_order, of_task_and_model
    from hexcli.runs.folders import RUNS
    from hexcli.runs.reading import find_runs
    from hexcli.runs.shelf import Kept

    if as_json and format not in (Format.table, Format.json):
        raise UsageError(f"--json and --format {format.value} are two ways to write the list: leave one out")
    paths = of_task_and_model(find_runs(runs or [RUNS]), task, model)
    found = in_order([Kept.of(path) for path in paths], sort.value)
    if as_json or format is Format.json:
        print_json([one.to_dict() for one in found])
        return
    if format is Format.csv:
        print(shelf_csv(found), end="")
    else:
        console().print(shelf_table(found, console().width))
    _say_unreadable(found)


@app.command()
def show(run: votes.RunArgument, as_json: outputs.Json = False) -> None:
    """Say what a run holds and how it came about: recipe, model, machine, what is missing."""
    from hexcli.report.console import console
    from hexcli.report.facts import facts
    from hexcli.report.origin import run_facts
    from hexcli.runs.reading import read_manifest
    from hexcli.runs.shelf import Kept

    manifest, kept = read_manifest(run), Kept.of(run)
    if as_json:
        print_json({**kept.to_dict(), "manifest": manifest.to_dict()})
        return
    print(facts(run_facts(manifest, kept), console().width))


@app.command()
def rename(
    run: votes.RunArgument,
    name: Annotated[str, typer.Argument(help="Its new name, beside where it stands.", metavar="NAME")],
    as_json: outputs.Json = False,
) -> None:
    """Rename a run: its folder, and its name in run.json.

    The command that made it no longer finds it under its old name: `hex sweep runs/NAME` finishes or repeats it.
    """
    from hexcli.runs.shelf import rename as rename_run

    target = rename_run(run, name)
    if as_json:
        print_json({"run": str(run), "renamed": str(target)})
    else:
        print(f"{visible(run)} is now {visible(target)}")


@app.command("rm")
def remove(
    runs: votes.RunArguments,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove them without asking.")] = False,
    as_json: outputs.Json = False,
) -> None:
    """Remove runs; their generations stay in the cache.

    It says what would go, and asks; with --json it removes only if --yes is said. Files that hex did not write stay,
    with their folder. Rows that Python gave (data-HASH.jsonl beside the run) go with the last run that names them.
    """
    from hexcli.runs.data_files import remove_with_data
    from hexcli.runs.reading import find_runs
    from hexcli.runs.relying import joint_runs_of
    from hexcli.runs.rows import MANIFEST
    from hexcli.runs.shelf import Kept

    for path in runs:
        if not (path / MANIFEST).is_file():
            find_runs([path])  # says what is wrong with it
            raise UsageError(f"'{path}' holds runs and is none: name those to remove, e.g. {path}/*")
    found = {path.resolve(): Kept.of(path) for path in runs}
    lost = {
        joint.resolve(): f"joint run '{joint}' counts the votes of '{one.path}', and cannot be read without it"
        for one in found.values()
        for joint in joint_runs_of(Path(one.path))
        if joint.resolve() not in found
    }
    if yes or as_json:
        for line in lost.values():
            warn(line)
    agreed = yes or (not as_json and _agreed(list(found.values()), list(lost.values())))
    left = {one.path: remove_with_data(Path(one.path)) for one in found.values()} if agreed else {}
    for stays, names in left.items():
        if names:
            warn(f"'{stays}' stays: it holds what hex did not write ({', '.join(names)})")
    if as_json:
        print_json({"chosen": [one.path for one in found.values()], "removed": list(left)})
        if not agreed:
            raise UsageError("nothing is removed: --json asks nobody; say --yes to remove them without asking")
    else:
        print(f"{plural(len(left), 'run')} removed")


def _say_unreadable(found: "list[Kept]") -> None:
    """Why runs cannot be read: a line each, and one for all joint runs whose own runs are gone."""
    from hexcli.runs.relying import gone_from

    gone: dict[str, list[str]] = {}
    for one in found:
        if one.reason is not None and (names := gone_from(Path(one.path))):
            gone[one.path] = names
        elif one.reason is not None:
            warn(one.reason)
    if gone:
        joint, lacking = shlex.join(gone), ", ".join(dict.fromkeys(name for own in gone.values() for name in own))
        warn(f"{joint}: of runs that are gone ({lacking}): put them back, or `hex runs rm {joint}`")


def _agreed(found: "list[Kept]", lost: list[str]) -> bool:
    """Show what would go, and what could not be read then (`lost`), and ask. Raises UsageError where nobody answers."""
    for one in found:
        print(f"{visible(one.path)}: {plural(one.generations, 'generation')}, {sized(one.bytes)}", flush=True)
    for line in lost:
        print(f"{visible(line)}: join it with --copy before", flush=True)
    which = "this run" if len(found) == 1 else f"these {plural(len(found), 'run')}"
    size = sized(sum(one.bytes for one in found))
    said = f"remove {which}, {size}? The cache keeps its generations (hex cache prune --run RUN, before). [y/N] "
    print(said, end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        print(file=sys.stderr)
        raise UsageError("nothing is removed: nobody answered; say --yes to remove them without asking")
    return answer.strip().lower() in ("y", "yes")
