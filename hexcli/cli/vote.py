"""`hex vote`: count the votes of runs, offline."""

from hexcli.cli import options


def vote(
    runs: options.RunsArgument = None,
    aggregator: options.Aggregators = None,
    task: options.TaskFilter = None,
    schedules: options.OnlySchedules = None,
    samples: options.OnlySamples = None,
    as_json: options.Json = False,
) -> None:
    """Vote on the answers of runs: no model, no GPU, nothing decoded again.

    Each run folder gets a votes.jsonl: per problem the answer, and which schedule voted for what.
    """
    from hexcli.files import write_jsonl
    from hexcli.report.tables import console, vote_table
    from hexcli.scoring import vote_rows

    frames = []
    found, names = options.counted(runs, aggregator, task, schedules, samples)
    for counted in found:
        rows, details = vote_rows(counted, names)
        if schedules is None and samples is None:
            options.save(write_jsonl, counted.run.path / "votes.jsonl", details)
        frames.append(counted.frame(rows))
    if as_json:
        options.print_json(frames)
        return
    for frame in frames:
        console().print(vote_table(frame))
