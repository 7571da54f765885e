"""`hex compare`: two runs, models, schedules or aggregators, problem by problem; or all schedules of a run."""

from typing import TYPE_CHECKING, Annotated

import typer

from hexcli.cli import counting
from hexcli.cli.effects import refuse_idle_calibration
from hexcli.cli.options import groups, outputs, problems, schedule, votes
from hexcli.cli.options.outputs import Format
from hexcli.cli.output import print_json, warn
from hexcli.cli.values import aggregators, labels
from hexcli.errors import UsageError
from hexcli.runs.sides import alone, meant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hexcli.runs.counting import Count

LISTED = 20


def compare(
    a: Annotated[
        str, typer.Argument(help="RUN, MODEL, or RUN:WHO; or WHO, of B's run or of the only one in runs/.", metavar="A")
    ],
    b: Annotated[
        str | None,
        typer.Argument(
            help="The same. WHO is a schedule (32) or an aggregator (majority). Without B: all schedules of A.",
            metavar="B",
        ),
    ] = None,
    task: problems.TaskFilter = None,
    aggregator: Annotated[
        str | None,
        typer.Option(
            "--aggregator",
            "-a",
            help="Who is compared of a run that comes without WHO; without B: beside its schedules, a list.",
            show_default="majority; without B none",
        ),
    ] = None,
    schedules: schedule.OnlySchedules = None,
    calibration: votes.CalibrationRun = None,
    listed: Annotated[
        int | None,
        typer.Option(
            "--list", min=0, help="Problems won, and lost, to show with their answers.", show_default=str(LISTED)
        ),
    ] = None,
    format: Annotated[
        Format,
        typer.Option("--format", help="How pairs are written.", rich_help_panel=groups.OUTPUT),
    ] = Format.table,
    as_json: outputs.Json = False,
) -> None:
    """Compare two runs, models, schedules or aggregators on the problems that both have; or all schedules of a run.

    Paired by problem: the difference in points with its 95 % interval, the exact p-value of a sign-flip test, and the
    problems won and lost. A run alone (hex compare RUN) has every pair of its schedules, with p-values corrected for
    how many pairs there are (Holm). --json has all of them, of two also every answer.
    """
    from hexcli.plugins.held import register_task

    if as_json and format not in (Format.table, Format.json):
        raise UsageError(f"--json and --format {format.value} are two ways to write the pairs: leave one out")
    register_task(task)
    written = Format.json if as_json else format
    if b is None:
        named = list(aggregators([aggregator] if aggregator else None))
        _every_pair(a, task, named, schedules, calibration, listed, written)
    else:
        _two(a, b, task, aggregator, schedules, calibration, listed, written)


def _two(
    a: str,
    b: str,
    task: str | None,
    aggregator: str | None,
    schedules: list[str] | None,
    calibration: "Path | None",
    listed: int | None,
    format: Format,
) -> None:
    """`hex compare A B`."""
    from hexcli.plugins.registering import register_files
    from hexcli.report.comparison import comparison_table
    from hexcli.report.console import console
    from hexcli.report.pairs import pair_of_two, pairs_written
    from hexcli.scoring.comparing import compare as compare_sides
    from hexcli.scoring.comparing import side

    if aggregator is not None and len(several := aggregators([aggregator])) > 1:
        raise UsageError(f"-a {aggregator}: of two, one is named, e.g. -a {several[0]}; hex compare RUN takes several")
    wanted = meant(a, b, task=task, default=aggregator or "majority")
    _refuse_idle(a, b, [who for _, who in wanted], aggregator, calibration)
    if listed is not None and format is not Format.table:
        what = "--json has all" if format is Format.json else f"--format {format.value} has no"
        raise UsageError(f"{what} problems: leave --list out")
    register_files([who for _, who in wanted])
    runs = _counted([path for path, _ in wanted], schedules)
    known = counting.calibrated(calibration, list(runs.values()))
    try:
        found = compare_sides(*(side(runs[path.resolve()], who, known) for path, who in wanted))
    except UsageError as error:
        if not schedules:
            raise
        raise UsageError(f"{error} (--schedules {','.join(schedules)} leaves out all others)") from None
    versions = {counted.run.manifest.task_version for counted in runs.values()}
    if len(versions) > 1:
        warn(f"the runs are of different versions of task {found['task']}: their prompts or grading differ")
    if format is Format.json:
        print_json(found)
    elif format is not Format.table:
        print(pairs_written(pair_of_two(found), format.value), end="")
    else:
        console().print(comparison_table(found, LISTED if listed is None else listed))


def _refuse_idle(a: str, b: str, whos: "Sequence[str]", aggregator: str | None, calibration: "Path | None") -> None:
    """Raises UsageError on options without effect."""
    if aggregator is not None and aggregator not in whos:
        raise UsageError(f"-a {aggregator} is for a run without WHO, and '{a}' and '{b}' name theirs: leave it out")
    refuse_idle_calibration(calibration, whos)


def _every_pair(
    a: str,
    task: str | None,
    aggregators: list[str],
    schedules: list[str] | None,
    calibration: "Path | None",
    listed: int | None,
    format: Format,
) -> None:
    """`hex compare RUN`."""
    from hexcli.plugins.registering import register_files
    from hexcli.report.console import console
    from hexcli.report.pairs import pairs_table, pairs_written
    from hexcli.scoring.comparing import every_schedule, side
    from hexcli.scoring.frames import decisions_of
    from hexcli.scoring.pairwise import pairwise
    from hexcli.voting.aggregators import AGGREGATORS

    if listed is not None:
        raise UsageError("--list is of the problems of two: hex compare A B --list N")
    path = alone(a, task=task)
    register_files(counting.by_name(aggregators))
    runs = _counted([path], schedules)
    counted = runs[path.resolve()]
    known = counting.calibrated(calibration, [counted])
    able = decisions_of(counted, list(AGGREGATORS), known)[0] if counting.whole(aggregators) else ()
    named = dict.fromkeys([*able, *counting.by_name(aggregators)])
    if twice := [name for name in named if name in counted.names.values()]:
        raise UsageError(f"-a {twice[0]} is a schedule, and all of those are compared anyway: leave it out")
    sides = [*every_schedule(counted), *(side(counted, name, known) for name in named)]
    if len(sides) < 2:
        raise UsageError(f"{path} has one schedule, {sides[0].name}: name a rival, or -a majority to compare it with")
    found = pairwise(sides)
    if format is Format.json:
        print_json(found)
    elif format is Format.table:
        console().print(pairs_table(found))
    else:
        print(pairs_written(found, format.value), end="")


def _counted(paths: "list[Path]", schedules: list[str] | None) -> "dict[Path, Count]":
    """The votes of each run, by its whole path."""
    from hexcli.runs.counting import count
    from hexcli.runs.folders import apart
    from hexcli.runs.reading import Run

    several = list({path.resolve(): path for path in paths}.values())
    runs = {
        path.resolve(): count(Run.read(path, warn=warn, light=True, name=name), schedules=labels(schedules))
        for path, name in zip(several, apart(several), strict=True)
    }
    for counted in runs.values():
        counting.warn_unfinished(counted)
    return runs
