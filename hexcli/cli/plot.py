"""`hex plot`: a figure of runs in a paper's quality."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli import counting
from hexcli.cli.options import groups, outputs, problems, sampling, schedule, votes
from hexcli.cli.output import print_json
from hexcli.cli.targets import check_target
from hexcli.errors import UsageError


def plot(
    figure: Annotated[
        str | None,
        typer.Argument(
            help="blocks, votes, cost, agreement, commits or settling; without one: what each shows.", metavar="FIGURE"
        ),
    ] = None,
    runs: votes.RunsArgument = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The file to draw: .pdf, .svg or .png.",
            metavar="FILE",
            show_default="FIGURE.pdf",
            rich_help_panel=groups.OUTPUT,
        ),
    ] = None,
    width: Annotated[
        str, typer.Option("--width", help="column (3.25 inches), page (6.75), or inches.", metavar="WIDTH")
    ] = "column",
    task: problems.TaskFilter = None,
    prompts: problems.OnlyPrompts = None,
    aggregator: votes.Aggregators = None,
    schedules: schedule.OnlySchedules = None,
    samples: sampling.OnlySamples = None,
    as_json: outputs.Json = False,
) -> None:
    """Draw a figure of runs for a paper: a column wide, letters as letters, told apart in grey.

    Several runs are drawn into one figure. RUNS defaults to runs/. --json prints what is drawn of each run instead.
    Needs matplotlib: pip install 'dllm-hex[plot]'.
    """
    from hexcli.insight.findings import Findings
    from hexcli.report.called import called
    from hexcli.report.console import console
    from hexcli.report.facts import facts
    from hexcli.report.figures.data import data_of
    from hexcli.report.figures.drawing import FIGURES, MARK, check, draw
    from hexcli.report.figures.style import width_of

    if figure is None:
        print(facts(((name, shows) for name, (_, shows) in FIGURES.items()), console().width))
        return
    if figure not in FIGURES and Path(figure).exists():
        raise UsageError(f"the figure comes first: hex plot blocks {figure}; hex plot alone says which there are")
    path = output or Path(f"{figure}.pdf")
    if as_json and output is not None:
        raise UsageError("--json prints the numbers and draws nothing: leave -o out")
    check(figure, path)
    width_of(width)
    if not as_json:
        check_target(path, MARK)
    counted, names = counting.counted(runs, aggregator, task, schedules, samples, prompts)
    found = [(one.run.name, Findings(one, names)) for one in counted]
    if as_json:
        print_json([{"run": name, "figure": figure, "data": data_of(figure, findings)} for name, findings in found])
        return
    draw(figure, [(name, one) for name, (_, one) in zip(called(counted), found, strict=True)], path, width)
    print(f"{path}: {figure} of {', '.join(name for name, _ in found)}", file=sys.stderr)
