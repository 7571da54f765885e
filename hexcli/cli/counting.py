"""The runs that `hex vote` and `hex score` are given, read and counted."""

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexcli.cli.effects import refuse_idle_calibration
from hexcli.cli.finishing import finishing
from hexcli.cli.output import warn
from hexcli.cli.values import ALL, labels, split
from hexcli.cli.values import aggregators as listed
from hexcli.errors import HexError, UsageError, plural, unknown

if TYPE_CHECKING:
    from hexcli.runs.counting import Count
    from hexcli.runs.reading import Run
    from hexcli.voting.calibration import Calibration


def counted(
    runs: list[Path] | None,
    aggregators: list[str] | None,
    task: str | None,
    schedules: list[str] | None,
    samples: int | None,
    prompts: list[str] | None = None,
    *,
    light: bool = False,
    calibration: Path | None = None,
) -> tuple[list["Count"], list[str]]:
    """The runs that vote and score work on, votes counted, and the aggregators to use; `light`: see Run.read.

    A run that cannot be read is left out with a warning where there are others. Raises UsageError where none is
    left, or one that was named itself cannot be used.
    """
    from hexcli.plugins.held import register_task
    from hexcli.runs.choosing import of_task
    from hexcli.runs.counting import count
    from hexcli.runs.folders import RUNS, apart
    from hexcli.runs.reading import Run, find_runs, read_manifest

    names = chosen(aggregators)
    register_task(task)
    refuse_idle_calibration(calibration, names)
    named = runs or [RUNS]
    found: list[Count] = []
    others: set[str] = set()
    failures: list[UsageError] = []
    paths = find_runs(named)
    for path, name in zip(paths, apart(paths), strict=True):
        try:
            manifest = read_manifest(path)
            if task is not None and not of_task(manifest, task):
                others.add(manifest.task)
                continue
            with _without_cycles():
                run = Run.read(path, warn=warn, light=light, name=name)
                found.append(count(run, schedules=labels(schedules), samples=samples, prompts=split(prompts)))
            note_votes(found[-1], labels(schedules), samples)
        except UsageError as error:
            if path in named:
                raise
            failures.append(error)
    if not found:
        raise none_of(task, others, failures)
    for failure in failures:
        warn(f"left out: {failure}")
    for counting in found:
        warn_unfinished(counting)
        _warn_silent(counting)
        if likely := [name for name in by_name(aggregators) if name in BY_LIKELIHOOD]:
            _note_early_ends(counting, likely)
    return found, names


def chosen(aggregators: list[str] | None) -> list[str]:
    """The aggregators to use, those in files registered: all, where none is named. Raises UsageError."""
    from hexcli.plugins.registering import register_files
    from hexcli.voting.aggregators import AGGREGATORS, get_aggregator

    asked = by_name(aggregators)
    names = list(dict.fromkeys([*(AGGREGATORS if whole(aggregators) or not asked else ()), *asked]))
    if aggregators and not split(aggregators):
        raise UsageError("-a names no aggregator: leave it out for all, or see them with hex aggregators")
    register_files(names)
    for name in names:
        get_aggregator(name)
    return names


def none_of(task: str | None, others: Collection[str], failures: Sequence[UsageError]) -> UsageError:
    """Why no run is left: there is no such task, none could be read, or all are of other tasks."""
    from hexcli.tasks.file_names import plain_name
    from hexcli.tasks.registry import TASKS

    if task is not None and task not in {*TASKS, *others} and plain_name(task) == task:
        return unknown("task", task, sorted({*TASKS, *others} - {"prompt"}))
    if failures and not others:
        return failures[0]
    return UsageError(f"no run of task {task}: the runs here are of {', '.join(sorted(others))}")


def whole(aggregators: list[str] | None) -> bool:
    """Whether `-a all` asks for every aggregator."""
    return ALL in listed(aggregators)


def by_name(aggregators: list[str] | None) -> list[str]:
    """The aggregators that -a names one by one: votes that lack what these go by are an error."""
    return [name for name in dict.fromkeys(listed(aggregators)) if name != ALL]


def note_votes(counting: "Count", schedules: Sequence[str], samples: int | None) -> None:
    """What is to be known of the votes that were chosen by --schedules and --samples."""
    _note_few(counting.run, samples)
    _note_namesakes(counting, schedules)


def _note_few(run: "Run", samples: int | None) -> None:
    """Where --samples asks for more than there are of any schedule, all are counted, and that is said."""
    most = len({generation.schedule.seed for generation in run.generations})
    if samples is not None and samples > most:
        warn(f"--samples {samples}: '{run.path}' has {plural(most, 'sample')} a schedule, and all are counted")


def _note_namesakes(counting: "Count", schedules: Sequence[str]) -> None:
    """Of a joint run: who fits a text as well, where that is the very name of another who is taken."""
    from hexcli.runs.naming import names_in

    if not (schedules and counting.run.manifest.sources):
        return
    there = names_in(counting.run, counting.task.usual)
    for text in dict.fromkeys(schedules):
        others = [name for one, name in there.items() if one.schedule.label == text and one not in counting.names]
        if others:
            warn(f"-s {text} is the schedule of that name; of the same blocks are also {', '.join(others)}")


@contextmanager
def _without_cycles() -> Iterator[None]:
    """Nothing that is made in here refers to itself, and all of it is kept: to look for what does takes a tenth of the
    time of reading a large run, and again of all that is done with it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _warn_silent(counting: "Count") -> None:
    """Where not one generation has an answer the task or its prompt does not fit, and every number is 0."""
    votes = [vote for ballot in counting.ballots for vote in ballot.votes]
    if votes and all(vote.answer is None for vote in votes):
        path, task, of = counting.run.path, counting.task.name, counting.run.manifest.task_option
        warn(
            f"'{path}': in none of {plural(len(votes), 'generation')} is an answer that task {task} reads: "
            f"hex show {path} 0{of} has the texts; another task, --prompt or model may fit"
        )


def warn_unfinished(counting: "Count") -> None:
    """How much of a run is there, and the command that finishes it."""
    run = counting.run
    if counting.complete:
        return
    there, expected = len(run.generations), run.manifest.expected
    some = "at least " if len(run.manifest.asked) > 1 else ""
    said = (
        f"{there} of {some}{plural(expected, 'generation')}"
        if there < expected
        else f"{plural(there, 'generation')}, not all"
    )
    warn(f"run '{run.path}' is unfinished: {said}; {finishing(run.path, run.manifest)}")


# Aggregators by the likelihood of a whole canvas, which is HEX's only where it was decoded to its last step.
BY_LIKELIHOOD = ("majority-nll", "lowest-nll")


def _note_early_ends(counting: "Count", asked: "Sequence[str]") -> None:
    """Where generations stopped with their text, their canvas is filled up, and HEX's would be what the model says."""
    generations = counting.run.generations
    ended = sum(
        generation.response.nfe < generation.schedule.nfe
        for generation in generations
        if generation.source is None and not (generation.schedule.full_canvas or generation.schedule.adaptive)
    )
    if ended:
        warn(
            f"{' and '.join(asked)} on '{counting.run.path}': {ended} of "
            f"{plural(len(generations), 'generation')} stopped where their text ended, and their "
            "likelihood counts the rest of the canvas as end of text; HEX's counts what the model says there "
            "(hex decode --full-canvas)"
        )


def to_count(names: "Sequence[str]", *, saved: bool) -> list[str]:
    """The aggregators to count by: where the result is saved, every one, so that `-a` leaves no file without others."""
    from hexcli.voting.aggregators import AGGREGATORS

    return list(dict.fromkeys([*AGGREGATORS, *names])) if saved else list(names)


def calibrated(path: Path | None, found: "Sequence[Count]") -> "Calibration | None":
    """What the run at `path` tells of the schedules, to weigh the votes of the runs found. Raises UsageError."""
    if path is None:
        return None
    from hexcli.runs.counting import count
    from hexcli.runs.reading import Run
    from hexcli.scoring.calibrating import calibrate

    calibration = count(Run.read(path, warn=warn, light=True))
    if calibration.run.manifest.not_needed:
        warn(f"'{path}' stopped where its majority was decided: its schedules are judged by the votes there are")
    for run in found:
        if run.run.manifest.model_identity != calibration.run.manifest.model_identity:
            warn(f"'{path}' calibrates '{run.run.path}', and is of another model")
    return calibrate(calibration, found)


def fail_on_skipped(frames: "Sequence[Mapping[str, Any]]", aggregators: list[str] | None) -> None:
    """Where aggregators were asked for by name, and a run's votes lack what they go by: HexError.

    After the results are out, so that those of the others are not lost.
    """
    runs: dict[tuple[str, str], list[str]] = {}
    for frame in frames:
        for skipped in frame["skipped"]:
            if skipped["name"] in by_name(aggregators):
                runs.setdefault((skipped["name"], skipped["reason"]), []).append(frame["run"])
    if runs:
        said = (f"{name} cannot vote on {', '.join(where)}: {reason}" for (name, reason), where in runs.items())
        raise HexError("; ".join(said))


def tabled(frame: "Mapping[str, Any]", aggregators: list[str] | None) -> "Mapping[str, Any]":
    """A frame as its table shows it: what `fail_on_skipped` will say is not said there, too."""
    named = by_name(aggregators)
    return {**frame, "skipped": [one for one in frame["skipped"] if one["name"] not in named]}


def save(write: Callable[[Path, Any], None], path: Path, value: object) -> None:
    """Write a result into its run folder; where that cannot be, warn: it is on stdout all the same."""
    try:
        write(path, value)
    except OSError as error:
        warn(f"cannot write '{path}': {error.strerror or error}")
