"""`hex vote`: count the votes of runs, offline."""

from hexcli.cli import counting
from hexcli.cli.joining import join
from hexcli.cli.options import outputs, problems, sampling, schedule, votes
from hexcli.cli.output import print_json
from hexcli.errors import UsageError


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
    as_json: outputs.Json = False,
) -> None:
    """Vote on the answers of runs: no model, no GPU, nothing decoded again.

    Each run folder gets a votes.jsonl: per problem and aggregator (whichever -a shows) the answer, and which schedule
    voted for what. An aggregator whose signal the votes lack is skipped with the reason; asked for by -a, it is an
    error. --together makes one election of several runs of a task: other models, prompts, canvases or seeds, or shards.
    """
    from hexcli.files import write_atomically
    from hexcli.report.brief import brief_votes
    from hexcli.report.console import console
    from hexcli.report.tables import vote_table
    from hexcli.runs.traits import differing
    from hexcli.scoring.frames import only, vote_frame, vote_lines

    if together:
        runs = [join(runs, output, task, copy=copy)]
    elif copy or output is not None:
        raise UsageError(f"{'--copy' if copy else '-o'} is of the joint run that --together makes: say that, too")
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
        print_json(frames)
    else:
        differ = differing([frame["settings"] for frame in frames])
        for frame in frames:
            table = vote_table(counting.tabled(frame, aggregator), differ) if aggregator else brief_votes(frame, differ)
            console().print(*([""] if frame is not frames[0] else []), table, sep="\n")
    counting.fail_on_skipped(frames, aggregator)
