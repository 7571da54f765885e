"""`hex show`: one problem under all its schedules, and which problems are worth a look."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from hexcli.cli import values
from hexcli.cli.counting import by_name, note_votes, warn_unfinished, whole
from hexcli.cli.effects import refuse_idle_views
from hexcli.cli.options import outputs, problems, sampling, schedule, votes
from hexcli.cli.output import print_json, warn
from hexcli.cli.recording import Recording, recording_to
from hexcli.errors import HexError, UsageError, plural
from hexcli.voter import meant

if TYPE_CHECKING:
    from hexcli.insight.inspection import Inspection
    from hexcli.runs.counting import Count
    from hexcli.runs.reading import Run


# The kinds of problems worth a look (insight.kinds).
KINDS = "agree, tie, flip, wrong, minority-right, no-vote-right"


class Only(NamedTuple):
    """Which votes are looked at; what is empty or None leaves all."""

    schedules: tuple[str, ...]
    samples: int | None
    prompts: tuple[str, ...]


def show(
    run: votes.RunArgument,
    problem: Annotated[
        str | None, typer.Argument(help="Id of a problem, or its index from 0.", metavar="PROBLEM")
    ] = None,
    where: Annotated[
        str | None, typer.Option("--where", help=f"List the problems of a kind: {KINDS}.", metavar="KIND")
    ] = None,
    diff: Annotated[
        tuple[str, str] | None,
        typer.Option("--diff", help="Where the texts of two schedules part.", metavar="SCHEDULE SCHEDULE"),
    ] = None,
    aggregator: votes.Aggregators = None,
    schedules: schedule.OnlySchedules = None,
    samples: sampling.OnlySamples = None,
    prompts: problems.OnlyPrompts = None,
    task: problems.RunTask = None,
    record: outputs.Record = None,
    colour: outputs.ColourBy = None,
    as_json: outputs.Json = False,
) -> None:
    """Look at one problem: its question, what each schedule wrote, in which order, and why the vote went as it did.

    Without PROBLEM: how many problems there are of each kind, by their majority; without targets, what was voted for.
    In a strip of commits a token is low and dark where it came early, high and bright where late.
    """
    from hexcli.plugins.held import register_task_of
    from hexcli.plugins.registering import register_files
    from hexcli.voting.aggregators import AGGREGATORS, get_aggregator

    asked = by_name(aggregator)
    register_files(asked)
    register_task_of(str(run), task)
    names = list(dict.fromkeys([*(AGGREGATORS if whole(aggregator) or not asked else ()), *asked, "majority"]))
    for name in names:
        get_aggregator(name)
    if problem is not None and problem.lower() in KINDS.split(", "):
        raise UsageError(
            f"'{problem}' is a kind of problem: hex show {shlex.quote(str(run))} --where {problem.lower()}"
        )
    if problem is not None and where is not None:
        raise UsageError("--where lists problems, and one is named: leave one out")
    if run.name.isdecimal() and not run.exists():
        raise UsageError(f"'{run}' is no run folder: the run comes first, e.g. hex show runs/NAME {run}")
    if diff is not None and as_json:
        raise UsageError("--diff is a view for people: leave --json out, or --diff")
    if diff is not None and problem is None:
        raise UsageError("--diff compares two texts of one problem: name it, e.g. hex show RUN 0 --diff 8 32")
    if record is not None and problem is None:
        raise UsageError("--record keeps one problem: name it, e.g. hex show RUN 0 --record FILE.svg")
    if diff is not None and asked:
        raise UsageError("--diff shows two texts and no vote: leave -a out, or --diff")
    refuse_idle_views(live=False, record=record, colour=colour, dry_run=False)
    recording = recording_to(record, colour)
    only = Only(values.split(schedules), samples, values.split(prompts))
    if problem is None:
        _list(run, where, names, asked, only, as_json)
    else:
        _one(run, problem, names, asked, diff, only, recording, as_json)


def _one(
    path: Path,
    wanted: str,
    names: list[str],
    asked: Sequence[str],
    diff: tuple[str, str] | None,
    only: Only,
    recording: Recording | None,
    as_json: bool,
) -> None:
    from hexcli.insight.inspection import inspect, with_kept, with_learned
    from hexcli.report.console import console
    from hexcli.report.parting import parting_view
    from hexcli.report.showing import problem_view
    from hexcli.runs.finding import find_problem, kept_votes
    from hexcli.runs.reading import Run

    found = find_problem(path, wanted, warn=warn)
    counted = _counted(found.run, only)
    (inspection,) = inspect(counted, names, whole=found.problems == 1)
    if diff is None and inspection.skipped:
        inspection = with_kept(inspection, kept_votes(path, inspection.ballot.problem.id), counted)
    if diff is None and inspection.learned:
        inspection = with_learned(inspection, _counted(Run.read(path, warn=warn, light=True), only, noted=False))
    if recording is not None:
        recording.of(inspection)
    if diff is not None:
        places = [_place(inspection, text) for text in diff]
        if places[0] == places[1]:
            raise UsageError(
                f"--diff {' '.join(diff)} is one text twice: name two schedules, or samples of one, 8#0 8#1"
            )
        console().print(parting_view(inspection, *places))
    elif as_json:
        print_json({"run": found.run.name, "index": found.index, **inspection.to_dict()})
    else:
        run = found.run.manifest
        place = f"problem {found.index} (from 0) of {found.problems}: {inspection.ballot.problem.id}"
        head = f"{found.run.name}: {run.task}, {run.model}; {place}"
        others = {name: reason for name, reason in inspection.skipped.items() if name not in asked}
        out = console()
        out.print(problem_view(replace(inspection, skipped=others), head, out.width))
    if diff is None:
        _fail_on(asked, [(found.index, inspection)])


def _counted(run: "Run", only: Only, *, noted: bool = True) -> "Count":
    from hexcli.runs.counting import count

    counted = count(run, schedules=only.schedules, samples=only.samples, prompts=only.prompts)
    if noted:
        note_votes(counted, only.schedules, only.samples)
    return counted


def _place(inspection: "Inspection", text: str) -> int:
    """The vote that a schedule's name, or its name and seed (`32#4`), means. Raises UsageError."""
    name, _, seed = text.removeprefix("block ").partition("#")
    experts = meant(name, inspection.names, inspection.usual)
    places = [
        place
        for place, vote in enumerate(inspection.ballot.votes)
        if vote.expert in experts and seed in ("", str(vote.schedule.seed))
    ]
    if len({inspection.ballot.votes[place].expert for place in places}) > 1:
        several = ", ".join(inspection.names[one] for one in experts)
        raise UsageError(f"'{name}' means several texts of this problem: name one of {several}")
    if not places:
        known = ", ".join(dict.fromkeys(inspection.names.values()))
        sampled = len(inspection.names) < len(inspection.ballot.votes)
        samples = f", and samples as {next(iter(inspection.names.values()))}#1" if sampled else ""
        raise UsageError(f"this problem has no text of schedule {text}: there are {known}{samples}")
    return places[0]


def _list(
    path: Path,
    where: str | None,
    names: list[str],
    asked: Sequence[str],
    only: Only,
    as_json: bool,
) -> None:
    from hexcli.insight.inspection import inspect
    from hexcli.insight.kinds import MEANINGS, OF_TARGETS, Kind, kind_of
    from hexcli.report.console import console
    from hexcli.report.listing import answers_view, kinds_view, problems_view, row_of
    from hexcli.runs.reading import Run

    kind = None if where is None else kind_of(where, shlex.quote(str(path)))
    counted = _counted(Run.read(path, warn=warn), only)
    warn_unfinished(counted)
    graded = bool(counted.labelled.ballots)
    if kind in OF_TARGETS and not graded:
        raise UsageError(f"{path} has no targets: nothing is right or wrong there; --where agree, tie or flip")
    inspections = list(enumerate(inspect(counted, names)))
    run = counted.run.manifest
    head = f"{counted.run.name}: {counted.task.name}, {run.model}, {plural(len(inspections), 'problem')}"
    if kind is None:
        counts = {
            each.value: sum(each in one.kinds for _, one in inspections) if graded or each not in OF_TARGETS else None
            for each in Kind
        }
        if as_json:
            answers = {} if graded else {"answers": [row_of(index, one) for index, one in inspections]}
            print_json({"run": counted.run.name, "problems": len(inspections), "kinds": counts, **answers})
        else:
            console().print(kinds_view(counts, len(inspections), head, f"{path}{run.task_option}"))
            if not graded:
                console().print("", answers_view(inspections), sep="\n")
        _fail_on(asked, inspections)
        return
    found = [(index, one) for index, one in inspections if kind in one.kinds]
    rows: list[dict[str, Any]] = [row_of(index, one) for index, one in found]
    if as_json:
        print_json(rows)
    else:
        console().print(problems_view(found, f"{head}: {len(found)} where {kind}: {MEANINGS[kind]}", asked))
    _fail_on(asked, inspections)


def _fail_on(asked: Sequence[str], inspections: "Sequence[tuple[int, Inspection]]") -> None:
    """Where an aggregator that is asked for by name could decide nothing: HexError, after the others' results."""
    for name, reason in inspections[0][1].skipped.items() if inspections else ():
        if name in asked:
            raise HexError(f"{name} cannot vote on this run: {reason}")
