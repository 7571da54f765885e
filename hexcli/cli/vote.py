"""`hex vote`: count the votes of runs, offline."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexcli.cli import counting
from hexcli.cli.counts import FORMATS
from hexcli.cli.joining import join
from hexcli.cli.options import outputs, problems, sampling, schedule, votes
from hexcli.cli.output import print_json
from hexcli.errors import UsageError

if TYPE_CHECKING:
    from hexcli.insight.inspection import Inspection
    from hexcli.runs.counting import Count

MOST = 20  # problems whose answers are listed where nobody asked for them


def vote(
    runs: votes.RunsArgument = None,
    aggregator: votes.Aggregators = None,
    task: problems.TaskFilter = None,
    prompts: problems.OnlyPrompts = None,
    schedules: schedule.OnlySchedules = None,
    samples: sampling.OnlySamples = None,
    calibration: votes.CalibrationRun = None,
    together: votes.Together = False,
    output: votes.JointRun = None,
    copy: votes.Copy = False,
    answers: votes.Answers = False,
    as_json: outputs.Json = False,
) -> None:
    """Vote on the answers of runs: no model, no GPU, nothing decoded again.

    Each run folder gets a votes.jsonl: per problem and aggregator (whichever -a shows) the answer, and which schedule
    voted for what. An aggregator whose signal the votes lack is skipped with the reason; asked for by -a, it is an
    error. --together makes one election of several runs of a task: other models, prompts, canvases or seeds, or shards.
    Of runs without targets what was voted for is listed: --answers lists it of every run, all problems.
    """
    from hexcli.files import write_atomically
    from hexcli.report.brief import brief_votes
    from hexcli.report.console import console
    from hexcli.report.tables import vote_table
    from hexcli.runs.traits import differing
    from hexcli.scoring.frames import only, vote_frame, vote_lines

    if together:
        counting.chosen(aggregator)  # before anything is written
        runs = [join(runs, output, task, copy=copy)]
    elif copy or output is not None:
        raise UsageError(
            f"{'--copy' if copy else '-o'} is of the joint run that --together makes: say that, too{_as(output)}"
        )
    frames, saved = [], (schedules, samples, prompts) == (None, None, None)
    found, names = counting.counted(
        runs, aggregator, task, schedules, samples, prompts, light=True, calibration=calibration
    )
    known = counting.calibrated(calibration, found)
    for counted in found:
        frame, details = vote_frame(counted, counting.to_count(names, saved=saved), known)
        if saved:
            counting.save(write_atomically, counted.run.path / "votes.jsonl", vote_lines(details))
        frames.append(only(frame, names))
    if as_json:
        print_json(
            [frame | _answers(one, aggregator) if answers else frame for one, frame in zip(found, frames, strict=True)]
        )
    else:
        differ = differing([frame["settings"] for frame in frames])
        for one, frame in zip(found, frames, strict=True):
            if not frame["rows"]:  # why is said below
                continue
            table = vote_table(counting.tabled(frame, aggregator), differ) if aggregator else brief_votes(frame, differ)
            console().print(*([""] if frame is not frames[0] else []), table, sep="\n")
            _say_answers(one, aggregator, answers)
    counting.fail_on_skipped(frames, aggregator)


def _as(output: Path | None) -> str:
    """For a file where a joint run is named: how a table comes into one."""
    format = FORMATS.get(output.suffix.lower()) if output is not None else None
    return f"; a table in a file is hex score RUN {format} > {shlex.quote(str(output))}" if format else ""


def _voted(counted: "Count", asked: list[str] | None) -> "tuple[str, list[tuple[int, Inspection]]]":
    """The aggregator whose answers are listed, which is the first that is named and can vote; and the problems."""
    from hexcli.insight.inspection import inspect

    names = [*counting.by_name(asked), "majority"]
    found = list(enumerate(inspect(counted, list(dict.fromkeys(names)))))
    return next(name for name in names if name in found[0][1].decisions), found


def _answers(counted: "Count", asked: list[str] | None) -> dict[str, Any]:
    """`--answers --json`: what is added to a run's entry."""
    from hexcli.report.listing import row_of

    name, found = _voted(counted, asked)
    return {"answers": [row_of(index, one, name) for index, one in found]}


def _say_answers(counted: "Count", asked: list[str] | None, every: bool) -> None:
    """Below a table: what was voted for, where that is asked for or there are no targets; and who shows more of it."""
    from hexcli.report.console import console
    from hexcli.report.listing import answers_view, dim

    run, of = shlex.quote(str(counted.run.path)), counted.run.manifest.task_option
    out = console()
    if every or not counted.labelled.ballots:
        name, found = _voted(counted, asked)
        out.print("", answers_view(found, name, most=None if every else MOST), sep="\n")
        rest = "" if every or len(found) <= MOST else f"all: hex vote {run}{of} --answers, or hex show {run}{of}; "
        out.print(dim(f"{rest}as CSV: hex score {run}{of} --each problem"))
    else:
        out.print(dim(f"what was voted for: hex vote {run}{of} --answers; one problem: hex show {run} 0{of}"))
