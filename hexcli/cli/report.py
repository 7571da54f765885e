"""`hex report`: runs as one HTML file to look at."""

import time
from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli import counting
from hexcli.cli.options import outputs, problems, sampling, schedule, votes
from hexcli.cli.output import print_json
from hexcli.cli.targets import refuse_as_runs
from hexcli.errors import HexError, UsageError, plural, sized
from hexcli.report.target import check_target

ENDINGS = (".html", ".htm")


def report(
    runs: votes.RunsArgument = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file.", rich_help_panel="Output")] = Path(
        "report.html"
    ),
    aggregator: votes.Aggregators = None,
    task: problems.TaskFilter = None,
    prompts: problems.OnlyPrompts = None,
    schedules: schedule.OnlySchedules = None,
    samples: sampling.OnlySamples = None,
    calibration: votes.CalibrationRun = None,
    as_json: outputs.Json = False,
) -> None:
    """Make a report of runs: one HTML file with every figure, table and text, that opens from disk without a network.

    Several runs are shown side by side, with paired differences on their common problems. Nothing that a model wrote
    can run in it. RUNS defaults to runs/.
    """
    from hexcli.files import write_atomically
    from hexcli.insight.findings import Findings
    from hexcli.report.page.document import MARK, document, names

    if output.suffix.lower() not in ENDINGS and not output.is_dir():
        better = Path("report.html") if output.name == "-" else output.with_suffix(".html")
        raise UsageError(f"a report is a page: -o {better}, not '{output.name}'")
    refuse_as_runs(runs, ENDINGS)
    check_target(output, MARK)
    began = time.monotonic()
    found, aggregators = counting.counted(runs, aggregator, task, schedules, samples, prompts, calibration=calibration)
    known = counting.calibrated(calibration, found)
    findings = [Findings(counted, aggregators, known) for counted in found]
    created = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    try:
        write_atomically(output, (part.encode() for part in document(findings, created=created)))
    except OSError as error:
        raise HexError(f"cannot write '{output}': {error.strerror or error}") from None
    size, seconds = output.stat().st_size, time.monotonic() - began
    if as_json:
        print_json({"report": str(output), "bytes": size, "seconds": round(seconds, 3), "runs": list(names(findings))})
    else:
        asked = {(one.task.name, b.problem.id, b.problem.question) for one in found for b in one.ballots}
        what = f"{plural(len(found), 'run')}, {plural(len(asked), 'problem')}"
        print(f"{output}: {what}, {sized(size)} in {seconds:.1f} s")
    counting.fail_on_skipped([one.frame for one in findings], aggregator)
