"""`hex score`: accuracy of schedules, aggregators and oracle, offline."""

from enum import StrEnum
from typing import Annotated

import typer

from hexcli.cli import counting, options
from hexcli.cli.output import print_json, warn


class Part(StrEnum):
    """What scores can be split by."""

    category = "category"


def score(
    runs: options.RunsArgument = None,
    task: options.TaskFilter = None,
    aggregator: options.Aggregators = None,
    schedules: options.OnlySchedules = None,
    samples: options.OnlySamples = None,
    calibration: options.CalibrationRun = None,
    by: Annotated[
        Part | None, typer.Option("--by", help="Also a table by category: subjects, where the task has some.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Score runs against their targets: every schedule alone, every aggregator, and the oracle.

    Accuracies are shares of the problems that have votes, with Wilson 95 % intervals. Aggregators are compared problem
    by problem, by a sign-flip test, with the schedule that turned out best and with majority. RUNS defaults to runs/.
    Each run folder gets a scores.json with every aggregator, whichever -a shows. --json adds the accuracy for 1, 2,
    ... votes, and every row by category.
    """
    from hexcli.files import write_json
    from hexcli.report.console import console
    from hexcli.report.tables import category_table, score_table
    from hexcli.scoring.frames import only, score_frame

    frames, saved = [], schedules is None and samples is None
    found, names = counting.counted(runs, aggregator, task, schedules, samples)
    known = counting.calibrated(calibration, found)
    for counted in found:
        if not counted.labelled.ballots and len(found) > 1:
            warn(f"left out: {counted.run.path} has problems without a target, there is nothing to score by")
            continue
        frame = score_frame(counted, counting.to_count(names, saved=saved), known)
        if frame["without_target"]:
            path, missing = counted.run.path, frame["without_target"]
            warn(f"{path}: {missing} of {len(counted.ballots)} problems have no target and are not scored")
        if saved:
            counting.save(write_json, counted.run.path / "scores.json", frame)
        frames.append(only(frame, names))
    if as_json:
        print_json(frames)
    else:
        for frame in frames:
            console().print(score_table(frame))
            if by is not None:
                console().print(category_table(frame))
    counting.fail_on_skipped(frames, aggregator)
