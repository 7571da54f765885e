"""`hex runs`: what run folders hold, renaming them, removing them."""

import re
import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hexcli.cli.help import HexGroup
from hexcli.cli.options import groups, outputs, problems, votes
from hexcli.cli.output import print_json, warn
from hexcli.cli.removing import remove
from hexcli.cli.synonyms import no_command
from hexcli.errors import UsageError
from hexcli.report.terminal import visible
from hexcli.runs.folders import run_folder

if TYPE_CHECKING:
    from typer._click import Context

    from hexcli.runs.shelf import Kept


class RunsGroup(HexGroup):
    """`hex runs` alone, or with an option, is its list."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """As of a group, `list` put first where nothing but options is said."""
        bare = not args or (args[0] not in self.commands and args[0] not in ("-h", "--help") and _listed(args[0]))
        if bare and len(args) > 1 and args[1] in self.commands and not args[0].startswith("-"):
            raise UsageError(f"the command stands first: hex runs {args[1]} {shlex.join([args[0], *args[2:]])}")
        return super().parse_args(ctx, ["list", *args] if bare and not ctx.resilient_parsing else args)

    def resolve_command(self, ctx: "Context", args: list[str]) -> Any:
        """As of a group; a word that is no command, nor a slip for one, is taken for a run that is not here."""
        if args[0] not in self.commands and re.search("[=<>]", args[0]):
            raise UsageError(f"a condition stands behind --where: hex runs --where {shlex.quote(' '.join(args))}")
        if args[0] not in self.commands and ": known:" in no_command(args[0], self.commands, "runs"):
            from hexcli.runs.mistakes import meant

            known = f"nor a command ({', '.join(self.commands)})"
            raise UsageError(
                f"'{args[0]}' is neither a run here, {known}{meant(Path(args[0])) or ': hex runs lists all'}"
            )
        return super().resolve_command(ctx, args)


def _listed(word: str) -> bool:
    """Whether the first word of `hex runs ...` begins what is to be listed: an option, a path, a folder of runs."""
    return word.startswith("-") or any(letter in word for letter in "/*?[") or run_folder(Path(word)).is_dir()


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
    T = "T"


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
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            help="Only runs where this holds, repeatable: T=0.9, schedules=8, 'n>=50', 'accuracy>80', any setting of "
            "runs show, or a word: unfinished, unscored, imported, joint, fast.",
            metavar="CONDITION",
        ),
    ] = None,
    sort: Annotated[
        Order,
        typer.Option(
            "--sort", help="The newest, best or largest first; or by task and model, name, or temperature (T)."
        ),
    ] = Order.date,
    format: Annotated[
        Format, typer.Option("--format", help="How they are written.", rich_help_panel=groups.OUTPUT)
    ] = Format.table,
    as_json: outputs.Json = False,
) -> None:
    """List runs: what they were decoded under, what is there or missing, their size, accuracy if scored.

    RUNS defaults to runs/; of a folder, runs in the folders in it are listed too. Accuracies are those of scores.json,
    where it was written since the last generation.
    """
    from hexcli.report.console import console
    from hexcli.report.shelf import shelf_csv, shelf_table
    from hexcli.runs.choosing import in_order, of_task_and_model
    from hexcli.runs.folders import RUNS
    from hexcli.runs.reading import find_runs
    from hexcli.runs.shelf import Kept
    from hexcli.runs.where import conditions, none_fits
    from hexcli.runs.where import where as choose

    if as_json and format not in (Format.table, Format.json):
        raise UsageError(f"--json and --format {format.value} are two ways to write the list: leave one out")
    wanted = conditions(where)
    paths = of_task_and_model(find_runs(runs or [RUNS], below=True), task, model)
    there = [Kept.of(path) for path in paths]
    found = in_order(choose(there, wanted), sort.value)
    if wanted and not found:
        warn(none_fits(there, wanted))
    if as_json or format is Format.json:
        print_json([one.to_dict() for one in found])
        return
    if format is Format.csv:
        print(shelf_csv(found), end="")
    elif found:
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
    from hexcli.runs.renaming import rename as rename_run

    target = rename_run(run, name)
    if as_json:
        print_json({"run": str(run), "renamed": str(target)})
    else:
        print(f"{visible(run)} is now {visible(target)}")


app.command("rm")(remove)


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
