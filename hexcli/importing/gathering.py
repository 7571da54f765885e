"""Samples of several files -> generations: problems matched by question, one schedule for each setting."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.errors import UsageError
from hexcli.importing.matching import Matcher
from hexcli.importing.sample import Sample, SampleFile
from hexcli.importing.taken import Name, Taken
from hexcli.labels import expert
from hexcli.records import Generation, Problem, Response
from hexcli.schedule import Schedule
from hexcli.task import Task
from hexcli.tasks.data.rows import TEXTS

# What is half of the canvas, and 0, where nobody states it.
ASSUMED = ("steps", "temperature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The generations of an import, problem by problem in cast order, and what there is to warn of.

    files   the files that each schedule has generations of, by name; schedules without their seeds
    assumed  of such a schedule, the fields that nobody states
    """

    generations: tuple[Generation, ...]
    files: Mapping[Schedule, Sequence[str]]
    assumed: Mapping[Schedule, Sequence[str]]
    warnings: tuple[str, ...]


def gather(
    files: Sequence[SampleFile],
    task: Task,
    known: Sequence[Problem],
    given: Mapping[str, Any],
    there: Sequence[Generation] = (),
) -> Gathered:
    """The generations in the files, behind those that are `there` already.

    `known` are problems of the task's dataset, from which those of the files get id, options, category and target.
    `given` are schedule fields for files that do not state theirs; what is given for a file alone comes first. Raises
    UsageError where a row is not the task's, or a schedule is not whole, naming both.
    """
    matcher = Matcher(task, known, list({one.problem.id: one.problem for one in there}.values()))
    taken = Taken(there)
    rows: dict[Name, tuple[Sample, str]] = {}
    assumed: dict[Schedule, list[str]] = {}
    for file in files:
        own = {**_for(file, given), **file.given}
        schedules: dict[str, Schedule] = {}
        for sample in file.samples:
            where = f"{file.name}, row {sample.row}"
            try:
                problem = matcher.match(sample, where)
                said = repr(sample.stated)
                if (found := None if sample.schedule else schedules.get(said)) is None:
                    found = schedules[said] = _schedule(sample, own, file)
                    if not sample.schedule:
                        told = {*sample.stated, *own, *(() if file.format == "jsonl" else file.assumed)}
                        assumed[expert(found)] = [name for name in ASSUMED if name not in told]
                schedule = found
                drawn = "temperature" in {*sample.stated, *own}
                rows[taken.name(problem, schedule, sample, where, drawn=drawn)] = sample, where
            except ValueError as error:
                raise UsageError(f"{where}: {error}") from None
    problems = matcher.problems()
    generations = [dataclasses.replace(one, problem=problems[one.problem.id]) for one in there]
    generations += [
        _generation(problems[problem], voter.schedule, sample, where)
        for (problem, voter), (sample, where) in rows.items()
    ]
    order = {name: place for place, name in enumerate(problems)}
    generations.sort(key=lambda generation: (order[generation.problem.id], generation.voter.cast_order))
    warnings = [*matcher.warnings(), *taken.warnings(), *_warnings(generations, task, matcher.fits)]
    return Gathered(generations=tuple(generations), files=taken.files, assumed=assumed, warnings=tuple(warnings))


def _for(file: SampleFile, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given for all files, as far as it is not given for this one in other words."""
    other = {"blocks", "block_length"} & set(file.given)
    return {name: value for name, value in given.items() if not (other and name in ("blocks", "block_length"))}


def _schedule(sample: Sample, given: Mapping[str, Any], file: SampleFile) -> Schedule:
    """The schedule that a file states, completed by options. Raises ValueError where it is not whole or not one."""
    stated = sample.stated
    if "blocks" in stated and "block_length" in given:
        raise ValueError(f"it states its blocks: leave {_said('block_length', file)} out")
    for name in set(stated) & set(given):
        if stated[name] != given[name]:
            out = f"leave {_said(name, file)} out{_unread(name, sample)}"
            raise ValueError(f"it states {name} {stated[name]}, not {given[name]}: {out}")
    if sample.schedule is not None:
        return sample.schedule
    fields = {**file.assumed, **given, **stated}
    blocks, block = fields.pop("blocks", None), fields.pop("block_length", None)
    if "gen_length" not in fields:
        raise ValueError("its gen_length is not stated: give --gen-length")
    if blocks is None and block is None:
        raise ValueError("its block_length is not stated: give --block-length (the gen_length, for decoding in one)")
    if "temperature" not in fields:
        raise ValueError("its temperature is not stated: give --temperature")
    label = "+".join(map(str, blocks)) if isinstance(blocks, list) else str(block)
    try:
        return Schedule.parse(label, **fields)
    except (TypeError, OverflowError):
        raise ValueError(f"its schedule is none: {dict(stated)!r:.120}") from None
    except ValueError as error:
        steps = "steps" in stated and "steps" in str(error)
        raise ValueError(f"{error}{_unread('steps', sample) if steps else ''}") from None


def _said(name: str, file: SampleFile) -> str:
    """How a field was given for a file."""
    return f"{name}={file.given[name]}" if name in file.given else f"--{name.replace('_', '-')}"


def _unread(name: str, sample: Sample) -> str:
    """How to have no look at what a row states, where it is not one of hex's own."""
    return "" if sample.schedule else f"; --fields {name}=none leaves what the file says of it unread"


def _generation(problem: Problem, schedule: Schedule, sample: Sample, where: str) -> Generation:
    response = sample.response or _response(sample, schedule)
    file = where.rpartition(", row ")[0]
    source = json.dumps({"file": file, "row": sample.row, "fields": dict(sample.rest)})
    return Generation(
        problem=problem,
        prompt=sample.prompt,
        schedule=schedule,
        response=response,
        cached=False,
        source=source,
        token_ends=sample.ends,
        prompt_name=sample.prompt_name,
    )


def _response(sample: Sample, schedule: Schedule) -> Response:
    """What is known of a response that another program kept the text of."""
    logprob = sample.about.get("first_step_logprob")
    return Response(
        text=sample.text,
        token_ids=(),
        commit_step=(),
        commit_confidence=(),
        first_step_logprob=None if logprob is None else float(logprob),
        nfe=expert(schedule).nfe,
        tokens_computed=0,
        seconds=0.0,
        device="unknown",
        batch_size=0,
    )


def _warnings(generations: Sequence[Generation], task: Task, fits: bool) -> list[str]:
    found = []
    by_problem: dict[str, set[Schedule]] = {}
    for generation in generations:
        by_problem.setdefault(generation.problem.id, set()).add(expert(generation.schedule))
    schedules = set().union(*by_problem.values())
    if part := sum(len(own) < len(schedules) for own in by_problem.values()):
        found.append(f"problems that are not in every schedule: {part} of {len(by_problem)}; those votes are missing")
    blind = ((one.response.text, dataclasses.replace(one.problem, target=None)) for one in generations)
    if not any(task.extract(text, problem) is not None for text, problem in blind):
        asks = any(kind == TEXTS or isinstance(kind, Mapping) for kind in task.fields.values())
        hints = [] if fits else ["is --task right?"]
        if asks and not any(one.problem.choices for one in generations):
            hints.append("its options are not in the files: --data FILE, rows of the task's dataset, gives them")
        said = f"no generation holds an answer of task {task.name}"
        found.append(f"{said}: {'; '.join(hints)}" if hints else said)
    return found
