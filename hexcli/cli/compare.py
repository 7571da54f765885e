"""`hex compare`: two runs, models, schedules or aggregators, problem by problem."""

from typing import Annotated

import typer

from hexcli.cli import counting
from hexcli.cli.options import outputs, problems, votes
from hexcli.cli.output import print_json, warn
from hexcli.cli.sides import meant


def compare(
    a: Annotated[
        str, typer.Argument(help="RUN, MODEL, or RUN:WHO; or WHO, of B's run or of the only one in runs/.", metavar="A")
    ],
    b: Annotated[
        str, typer.Argument(help="The same. WHO is a schedule (32) or an aggregator (majority).", metavar="B")
    ],
    task: problems.TaskFilter = None,
    aggregator: Annotated[
        str, typer.Option("--aggregator", "-a", help="Who is compared of a run that comes without WHO.")
    ] = "majority",
    calibration: votes.CalibrationRun = None,
    listed: Annotated[
        int, typer.Option("--list", min=0, help="Problems won, and lost, to show with their answers.")
    ] = 20,
    as_json: outputs.Json = False,
) -> None:
    """Compare two runs, models, schedules or aggregators on the problems that both have.

    Paired by problem: the difference in points with its 95 % interval, the exact p-value of a sign-flip test, and the
    problems won and lost. --json has all of them with every answer.
    """
    from hexcli.plugins.registering import register_files
    from hexcli.report.comparison import comparison_table
    from hexcli.report.console import console
    from hexcli.runs.ballots import count
    from hexcli.runs.folders import apart
    from hexcli.runs.reading import Run
    from hexcli.scoring.comparing import compare as compare_sides
    from hexcli.scoring.comparing import side

    wanted = meant(a, b, task=task, default=aggregator)
    register_files([who for _, who in wanted])
    paths = list({path.resolve(): path for path, _ in wanted}.values())
    runs = {
        path.resolve(): count(Run.read(path, warn=warn, light=True, name=name))
        for path, name in zip(paths, apart(paths), strict=True)
    }
    for counted in runs.values():
        counting.warn_unfinished(counted)
    known = counting.calibrated(calibration, list(runs.values()))
    found = compare_sides(*(side(runs[path.resolve()], who, known) for path, who in wanted))
    versions = {counted.run.manifest.task_version for counted in runs.values()}
    if len(versions) > 1:
        warn(f"the runs are of different versions of task {found['task']}: their prompts or grading differ")
    if as_json:
        print_json(found)
    else:
        console().print(comparison_table(found, listed))
