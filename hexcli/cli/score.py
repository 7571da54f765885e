"""`hex score`: accuracy of schedules, aggregators and oracle, offline."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hexcli.cli import counting
from hexcli.cli.each import Each, lines_of, refuse_beside_each, show_each
from hexcli.cli.options import groups, outputs, problems, sampling, schedule, votes
from hexcli.cli.options.outputs import Format
from hexcli.cli.output import print_json, warn
from hexcli.errors import HexError, UsageError, plural

if TYPE_CHECKING:
    from hexcli.runs.counting import Count
    from hexcli.voting.calibration import Calibration


class Part(StrEnum):
    """What scores can be split by."""

    category = "category"


def score(
    runs: votes.RunsArgument = None,
    task: problems.TaskFilter = None,
    prompts: problems.OnlyPrompts = None,
    aggregator: votes.Aggregators = None,
    schedules: schedule.OnlySchedules = None,
    samples: sampling.OnlySamples = None,
    calibration: votes.CalibrationRun = None,
    by: Annotated[
        Part | None, typer.Option("--by", help="Also a table by category: subjects, where the task has some.")
    ] = None,
    leaderboard: Annotated[
        bool,
        typer.Option(
            "--leaderboard",
            help="Instead: the aggregators ranked on all runs together, each beside majority; nothing is saved.",
        ),
    ] = False,
    axes: Annotated[
        bool,
        typer.Option(
            "--axes",
            help="Instead: what voting over each axis pays: blocks, canvas, prompts, samples ...; nothing is saved.",
        ),
    ] = False,
    each: Annotated[
        Each | None,
        typer.Option(
            "--each",
            help="Instead: CSV for a spreadsheet, a line a problem or generation.",
            rich_help_panel=groups.OUTPUT,
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            "--format", help="How the scores are written.", show_default="table", rich_help_panel=groups.OUTPUT
        ),
    ] = None,
    as_json: outputs.Json = False,
) -> None:
    """Score runs against their targets; --each problem is CSV for a spreadsheet: schedules, aggregators, oracle.

    Accuracies are shares of the problems that have votes, with Wilson 95 % intervals. Aggregators are compared problem
    by problem, by a sign-flip test, with the schedule that turned out best and with majority. RUNS defaults to runs/.
    Each run folder gets a scores.json with every aggregator, whichever -a shows, and a graded.jsonl with a row for each
    generation and each decision. --json adds the accuracy for 1, 2, ... votes, and every row by category.
    """
    from hexcli.json_file import write_json, write_jsonl
    from hexcli.report.brief import brief_scores, telling
    from hexcli.report.console import console
    from hexcli.report.formats import written
    from hexcli.report.tables import category_table, score_table, summary_table
    from hexcli.runs.traits import differing
    from hexcli.scoring.frames import only, score_run, voted_rows

    if as_json and format not in (None, Format.json):
        raise UsageError(f"--json and --format {format.value} are two ways to write the scores: leave one out")
    if by is not None and format not in (None, Format.table, Format.json):
        raise UsageError(f"--by {by.value} is a table for people: leave out --format {format.value}")
    if leaderboard and by is not None:
        raise UsageError(f"--leaderboard is one table: leave out --by {by.value}")
    if axes and (leaderboard or by is not None or aggregator or calibration):
        said = "--leaderboard" if leaderboard else "--by" if by else "-a" if aggregator else "--calibration"
        raise UsageError(f"--axes is of majorities, and a view of its own: leave out {said}")
    if each is not None:
        views = {"--leaderboard": leaderboard, "--axes": axes, "--by": by is not None}
        refuse_beside_each(each, views, None if format is None else format.value, aggregator, calibration)
    format = format or Format.table
    frames: list[dict[str, Any]] = []
    saved = (schedules, samples, prompts) == (None, None, None)
    lines: list[dict[str, Any]] = []
    found, names = counting.counted(
        runs, aggregator, task, schedules, samples, prompts, light=True, calibration=calibration
    )
    known = counting.calibrated(calibration, found)
    if leaderboard:
        _rank(found, names, known, aggregator, "json" if as_json else format.value)
        return
    if axes:
        _axes(found, "json" if as_json else format.value)
        return
    for counted in found:
        if each is not None and not counted.labelled.ballots:
            rows, skipped = voted_rows(counted, names, known)
            lines += lines_of(counted, list(rows), each, names if aggregator else ())
            frames.append({"run": counted.run.name, "rows": [], "skipped": skipped})
            continue
        if not counted.labelled.ballots and len(found) > 1:
            _warn_unlabelled(counted)
            continue
        frame, rows = score_run(counted, counting.to_count(names, saved=saved), known)
        graded = rows if each is None else list(rows)
        _warn_of(frame, counted)
        if saved:
            counting.save(write_json, counted.run.path / "scores.json", frame)
            counting.save(write_jsonl, counted.run.path / "graded.jsonl", graded)
        if each is not None:
            lines += lines_of(counted, graded, each, names if aggregator else ())
        frames.append(frame)
    if each is not None:
        show_each(lines, as_json=as_json or format is Format.json)
        counting.fail_on_skipped([only(frame, names) for frame in frames], aggregator)
        return
    differ = differing([frame["settings"] for frame in frames])
    shown = [only(frame, names) for frame in frames]
    if as_json or format is Format.json:
        print_json(shown)
    elif format is not Format.table:
        print(written(shown, format.value), end="")
    else:
        if len(frames) > 1:
            console().print(summary_table(frames, differ), "")
        for frame in shown:
            brief = frame if aggregator else {**frame, "rows": telling(frame["rows"])}
            table = (
                score_table(counting.tabled(frame, aggregator), differ) if aggregator else brief_scores(frame, differ)
            )
            console().print(*([""] if frame is not shown[0] else []), table, sep="\n")
            if by is not None:
                console().print(category_table(brief))
    counting.fail_on_skipped(shown, aggregator)


def _axes(found: "Sequence[Count]", format: str) -> None:
    """`--axes`."""
    from hexcli.report.axes import axes_table
    from hexcli.report.console import console
    from hexcli.report.gains import axes_written
    from hexcli.runs.traits import differing
    from hexcli.scoring.axes import axes_frame

    frames = []
    for counted in found:
        if not counted.labelled.ballots and len(found) > 1:
            _warn_unlabelled(counted)
            continue
        frames.append(frame := axes_frame(counted))
        _warn_of(frame, counted)
    if format == "json":
        print_json(frames)
    elif format != "table":
        print(axes_written(frames, format), end="")
    else:
        differ = differing([frame["settings"] for frame in frames])
        for frame in frames:
            console().print(axes_table(frame, differ))


def _warn_unlabelled(counted: "Count") -> None:
    warn(f"left out: {counted.run.path} has problems without a target, there is nothing to score by")


def _warn_of(frame: Mapping[str, Any], counted: "Count") -> None:
    path, missing = counted.run.path, frame["without_target"]
    if missing:
        warn(f"{path}: {missing} of {plural(len(counted.ballots), 'problem')} without a target, not scored")
    if frame["undecided"]:
        left = f"{plural(frame['undecided'], 'comparison')} of answers left undecided"
        warn(f"{path}: {left}, counted as different (docs/grading.md)")


def _rank(
    found: "Sequence[Count]",
    names: list[str],
    known: "Calibration | None",
    asked: list[str] | None,
    format: str,
) -> None:
    """`--leaderboard`."""
    from hexcli.report.console import console
    from hexcli.report.ranking import leaderboard_table, leaderboard_written
    from hexcli.scoring.leaderboard import leaderboard

    ranked = leaderboard(found, names, known)
    if format == "json":
        print_json(ranked)
    elif format != "table":
        print(leaderboard_written(ranked, format), end="")
    else:
        console().print(leaderboard_table(ranked))
    for skipped in [one for one in ranked["skipped"] if one["name"] in counting.by_name(asked)]:
        raise HexError(f"{skipped['name']} cannot vote on {skipped['reason']}")
