"""`hex plot`: a figure of runs in a paper's quality."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hexcli.cli import counting
from hexcli.cli.options import groups, outputs, problems, sampling, schedule, votes
from hexcli.cli.output import print_json, warn
from hexcli.cli.targets import refuse_as_runs
from hexcli.errors import UsageError, plural
from hexcli.report.target import check_target
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from hexcli.insight.findings import Findings
    from hexcli.runs.counting import Count

WIDTH = "column"
_PAGE = 10.0  # inches of height that a page takes
_NAMED = 4  # runs that are named on stderr


class Numbers(StrEnum):
    """How the numbers of a figure are printed."""

    csv = "csv"
    json = "json"


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
        str | None,
        typer.Option(
            "--width",
            help="column (3.25 inches), page (6.75), inches, or 84mm.",
            metavar="WIDTH",
            show_default="column",
        ),
    ] = None,
    task: problems.TaskFilter = None,
    prompts: problems.OnlyPrompts = None,
    aggregator: votes.Aggregators = None,
    schedules: schedule.OnlySchedules = None,
    samples: sampling.OnlySamples = None,
    calibration: votes.CalibrationRun = None,
    format: Annotated[
        Numbers | None,
        typer.Option("--format", help="Instead: print the numbers, CSV or JSON.", rich_help_panel=groups.OUTPUT),
    ] = None,
    as_json: outputs.Json = False,
) -> None:
    """Draw a figure of runs for a paper: a column wide, letters as letters, told apart in grey.

    Several runs are drawn into one figure; cost then has of each the best schedule and majority (or -a). RUNS defaults
    to runs/. --format csv or json prints the numbers of each run instead.
    Needs matplotlib: pip install 'dllm-hex[plot]'.
    """
    from hexcli.insight.findings import Findings
    from hexcli.report.figures.drawing import FIGURES, MARK, OF_A_TASK, check, one_task
    from hexcli.report.figures.style import width_of
    from hexcli.runs.folders import run_folder

    if as_json and format is Numbers.csv:
        raise UsageError("--json and --format csv are two ways to print the numbers: leave one out")
    as_json = as_json or format is Numbers.json
    if figure is None:
        _refuse_alone({"-o": output, "--width": width, "--task": task, "--prompts": prompts, "-a": aggregator,
                       "--schedules": schedules, "--samples": samples, "--calibration": calibration,
                       "--format csv": format if format is Numbers.csv else None})  # fmt: skip
        _list(as_json)
        return
    if figure not in FIGURES and run_folder(Path(figure)).exists():
        raise UsageError(f"the figure comes first: hex plot blocks {figure}; hex plot alone says which there are")
    path = output or Path(f"{figure}.pdf")
    numbers = as_json or format is not None
    if numbers and (output is not None or width is not None):
        way = "--json" if as_json else "--format csv"
        instead = f"leave {'--width' if output is None else '-o'} out"
        if output is not None and output.suffix.lower() not in (".pdf", ".svg", ".png"):
            instead = f"write {way} > {shlex.quote(str(output))}"
        raise UsageError(f"{way} prints the numbers and draws nothing: {instead}")
    check(figure, path)
    refuse_as_runs(runs, (".pdf", ".svg", ".png"))
    _refuse_figures(figure, runs or ())
    _refuse_aggregators(figure, aggregator, calibration)
    width_of(width or WIDTH)
    if not numbers:
        check_target(path, MARK)
    counted, names = counting.counted(runs, aggregator, task, schedules, samples, prompts, calibration=calibration)
    known = counting.calibrated(calibration, counted)
    if figure == "cost" and len(counted) > 1 and not (aggregator or numbers):
        names = ["majority"]  # of several runs the others would cover each other
        if calibration is not None:
            raise UsageError("of several runs cost shows majority: add -a schedule-weighted or drop --calibration")
    found = [(one.run.name, Findings(one, names, known)) for one in counted]
    if not numbers:
        one_task(figure, found)
    if figure in OF_A_TASK:
        _warn_of_problems(found)
    if numbers:
        _print(figure, found, as_json)
    else:
        _draw(figure, counted, found, path, width or WIDTH)
    counting.fail_on_skipped([one.frame for _, one in found] if aggregator else [], aggregator)


def _list(as_json: bool) -> None:
    from hexcli.report.console import console
    from hexcli.report.facts import facts
    from hexcli.report.figures.drawing import FIGURES

    shown = {name: shows for name, (_, shows) in FIGURES.items()}
    if as_json:
        print_json(shown)
    else:
        print(facts(shown.items(), console().width))


def _print(figure: str, found: "Sequence[tuple[str, Findings]]", as_json: bool) -> None:
    """The numbers of each run, instead of the figure. Raises UsageError where there are none."""
    from hexcli.report.figures.data import comma_separated, data_of, published
    from hexcli.report.figures.drawing import LACKS
    from hexcli.report.figures.marks import doubted

    data = {name: data_of(figure, findings) for name, findings in found}
    if empty := ", ".join(name for name, own in data.items() if not own):
        said = f"{visible(empty)}: {LACKS[figure]}"
        if not any(data.values()):
            raise UsageError(said)
        warn(f"no numbers of {said}")
    for doubt in doubted(one for _, one in found) if figure == "cost" else ():
        warn(doubt)
    if as_json:
        tasks = {name: one.counted.task.name for name, one in found if figure == "cost"}
        others = {name: {"published": published(task)} for name, task in tasks.items()}
        print_json([{"run": name, "figure": figure, "data": own, **others.get(name, {})} for name, own in data.items()])
    else:
        print(comma_separated(figure, found), end="")


def _draw(
    figure: str, counted: "Sequence[Count]", found: "Sequence[tuple[str, Findings]]", path: Path, width: str
) -> None:
    """The figure, and on stderr of which runs it is."""
    from hexcli.report.called import called
    from hexcli.report.figures.drawing import LACKS, draw

    silent = [name for name, one in found if _silent(figure, one)]
    if 0 < len(silent) < len(found):
        warn(f"not drawn: {visible(', '.join(silent))}: {LACKS[figure]}")
        counted = [own for own, (name, _) in zip(counted, found, strict=True) if name not in silent]
        found = [(name, one) for name, one in found if name not in silent]
    called_so = [(name, one) for name, (_, one) in zip(called(counted), found, strict=True)]
    if (height := draw(figure, called_so, path, width)) > _PAGE:
        warn(f"{path} is {height:.0f} inches high, more than a page: fewer runs, --schedules or --width page")
    drawn = [name for name, _ in found]
    said = ", ".join(drawn) if len(drawn) <= _NAMED else plural(len(drawn), "run")
    print(visible(f"{path}: {figure} of {said}"), file=sys.stderr)


def _silent(figure: str, findings: "Findings") -> bool:
    """Whether a run has nothing for the figure."""
    from hexcli.report.figures.drawing import OF_A_TASK

    if figure in OF_A_TASK:
        return not findings.scored or (figure == "cost" and not any(one.nfe > 0 for one in findings.points()))
    if figure == "settling":
        return not any(line.known for line in findings.settling())
    if figure == "agreement":
        return len(findings.counted.names) < 2 or not findings.pairs()
    return not findings.commits()


def _refuse_figures(figure: str, runs: "Sequence[Path]") -> None:
    """Raises UsageError where another figure stands among the runs."""
    from hexcli.report.figures.drawing import FIGURES
    from hexcli.runs.folders import run_folder

    for path in runs:
        if str(path) in FIGURES and not run_folder(path).exists():
            raise UsageError(f"one figure a command: hex plot {figure} RUN..., then hex plot {path} RUN...")


def _refuse_aggregators(figure: str, aggregator: list[str] | None, calibration: Path | None) -> None:
    """Raises UsageError where aggregators are named, and the figure shows none, or majority alone."""
    from hexcli.report.figures.drawing import OF_AGGREGATORS, OF_MAJORITY

    shown = " and ".join(OF_AGGREGATORS)
    if figure in OF_AGGREGATORS:
        return
    if calibration is not None:
        raise UsageError(f"--calibration is for schedule-weighted, which {shown} shows and {figure} does not")
    others = counting.whole(aggregator) or counting.by_name(aggregator) != ["majority"]
    if aggregator and (others or figure not in OF_MAJORITY):
        said = "majority and no other aggregator" if figure in OF_MAJORITY else "schedules and no aggregator"
        raise UsageError(f"{figure} shows {said}: leave -a out ({shown} shows them)")


def _warn_of_problems(found: "Sequence[tuple[str, Findings]]") -> None:
    """Where runs are of different problems, whose accuracies do not compare."""
    numbers = sorted({len(one.labelled.ballots) for _, one in found if one.scored})
    if len(numbers) > 1:
        said = ", ".join(map(str, numbers[:-1]))
        warn(f"these runs have {said} and {numbers[-1]} problems: accuracies of different problems do not compare")


def _refuse_alone(said: Mapping[str, object]) -> None:
    for option, value in said.items():
        if value is not None:
            raise UsageError(f"{option} is of a figure: name one, e.g. hex plot blocks; hex plot alone says which")
