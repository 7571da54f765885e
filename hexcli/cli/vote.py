"""`hex vote`: count the votes of runs, offline."""

from hexcli.cli import options


def vote(
    runs: options.RunsArgument = None,
    aggregator: options.Aggregators = None,
    task: options.TaskFilter = None,
    schedules: options.OnlySchedules = None,
    samples: options.OnlySamples = None,
    calibration: options.CalibrationRun = None,
    as_json: options.Json = False,
) -> None:
    """Vote on the answers of runs: no model, no GPU, nothing decoded again.

    Each run folder gets a votes.jsonl: per problem the answer, and which schedule voted for what. An aggregator
    whose signal the votes lack is skipped with the reason; asked for by -a, it is an error.
    """
    from hexcli.files import write_jsonl
    from hexcli.report.tables import console, vote_table
    from hexcli.scoring import vote_frame

    frames = []
    found, names = options.counted(runs, aggregator, task, schedules, samples)
    known = options.calibrated(calibration, found)
    for counted in found:
        frame, details = vote_frame(counted, names, known)
        if schedules is None and samples is None:
            options.save(write_jsonl, counted.run.path / "votes.jsonl", details)
        frames.append(frame)
    if as_json:
        options.print_json(frames)
    else:
        for frame in frames:
            console().print(vote_table(frame))
    options.fail_on_skipped(frames, aggregator)
