"""`hex score`: accuracy of schedules, aggregators and oracle, offline."""

from hexcli.cli import options


def score(
    runs: options.RunsArgument = None,
    task: options.TaskFilter = None,
    aggregator: options.Aggregators = None,
    schedules: options.OnlySchedules = None,
    samples: options.OnlySamples = None,
    as_json: options.Json = False,
) -> None:
    """Score runs against their targets: every schedule alone, every aggregator, and the oracle.

    Accuracies are shares of all problems, with Wilson 95 % intervals. RUNS defaults to runs/. Each run folder
    gets a scores.json.
    """
    from hexcli.files import write_json
    from hexcli.report.tables import console, score_table
    from hexcli.scoring import score_rows

    frames = []
    found, names = options.counted(runs, aggregator, task, schedules, samples)
    for counted in found:
        if not counted.targets and len(found) > 1:
            options.warn(f"left out: {counted.run.path} has problems without a target, there is nothing to score by")
            continue
        frame = counted.frame(score_rows(counted, names))
        if schedules is None and samples is None:
            options.save(write_json, counted.run.path / "scores.json", frame)
        frames.append(frame)
    if as_json:
        options.print_json(frames)
        return
    for frame in frames:
        console().print(score_table(frame))
