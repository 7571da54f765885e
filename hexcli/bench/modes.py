"""The ways of decoding that `hex bench` compares. A mode is a function here and its line in MODES."""

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hexcli.bench.rivals import best_batch, published
from hexcli.bench.stage import PUBLISHED_BATCH, Canvas, Decode, Mode, Stage, Step
from hexcli.engine.deciding import Polls
from hexcli.engine.job import Job
from hexcli.engine.plan import Plan
from hexcli.engine.todo import Todo
from hexcli.errors import unknown
from hexcli.records import Generation, Response
from hexcli.sampling.sampler import Row, Sampler
from hexcli.schedule import Schedule
from hexcli.shortcuts import FAST, FAST_SAMPLED, fast
from hexcli.workers.batching import spare_rows

__all__ = [
    "MODES",
    "PUBLISHED_BATCH",
    "Canvas",
    "Mode",
    "Stage",
    "Step",
    "best_batch",
    "get_mode",
    "published",
    "row_of",
]


def row_of(job: Job) -> Row:
    """The job as the sampler takes it."""
    return Row(
        prompt_ids=job.prompt_ids,
        schedule=job.schedule,
        noise_key=job.noise_key,
        trained_block=job.trained_block,
    )


def lossless(stage: Stage, rows: Sequence[Row], on_step: Step) -> Iterator[tuple[Row, Canvas]]:
    """Our engine: all schedules in one batch, the longest rows first, the same votes."""
    return _engine(stage, sorted(rows, key=lambda row: -len(row.prompt_ids)), on_step)


def until_decided(stage: Stage, rows: Sequence[Row], on_step: Step) -> Iterator[tuple[Row, Canvas]]:
    """Our engine; a problem stops once it is decided, at the stage's certainty. Raises ValueError without a plan."""
    plan = stage.plan
    if plan is None:
        raise ValueError("without problems there is nothing to decide")
    wanted, keys = set(rows), {row_of(job): job.key for job in plan.jobs}
    todo = Todo(Polls(plan, stage.certainty))
    for job in plan.jobs:
        if row_of(job) in wanted:
            todo.add(job)
    todo.close()
    in_batch: dict[str, Row] = {}
    sampler = _sampler(stage)

    def begun(key: str) -> Row:
        in_batch[key] = row_of(todo.by_key[key][0])
        return in_batch[key]

    spare = spare_rows(stage.denoiser, stage.device, max(job.length for job in plan.jobs))
    chosen = map(begun, todo.order(stage.batch.size, spare=spare))
    for row, canvas in _decoded(sampler, stage, chosen, on_step):
        if in_batch.pop(keys[row], None) is None:
            sampler.wasted += canvas.nfe
            continue
        yield row, canvas
        for job in todo.by_key.pop(keys[row]):
            for _ in todo.cast(_generation(job, canvas, plan)):
                pass
        for key in todo.take_dropped():
            if key in in_batch:
                sampler.withdraw(in_batch.pop(key))
    stage.wasted.append(sampler.wasted)


def _generation(job: Job, canvas: Canvas, plan: Plan) -> Generation:
    """What counting its vote needs of it."""
    response = Response(
        text=plan.tokenizer.decode(canvas.token_ids),
        token_ids=(),
        commit_step=(),
        commit_confidence=(),
        first_step_logprob=None,
        nfe=canvas.nfe,
        tokens_computed=canvas.tokens_computed,
        seconds=0.0,
        device="",
        batch_size=0,
    )
    return Generation(problem=job.problem, prompt=job.prompt, schedule=job.schedule, response=response, cached=False)


def _engine(stage: Stage, rows: Iterable[Row], on_step: Step) -> Iterator[tuple[Row, Canvas]]:
    return _decoded(_sampler(stage), stage, rows, on_step)


def _sampler(stage: Stage) -> Sampler:
    """On a GPU the one of this denoiser, with what it has recorded, as in a run; on a CPU a new one, which has met no
    state."""
    known = stage.samplers.get(stage.denoiser)
    if known is not None and not stage.device.startswith("cpu"):
        known.batch_size, known.wasted = stage.batch.size, 0
        return known
    stage.samplers[stage.denoiser] = Sampler(
        stage.denoiser,
        mask_id=stage.mask_id,
        batch_size=stage.batch.size,
        device=stage.device,
        end_ids=stage.end_ids,
        end_of_text=stage.end_of_text,
    )
    return stage.samplers[stage.denoiser]


def _decoded(sampler: Sampler, stage: Stage, rows: Iterable[Row], on_step: Step) -> Iterator[tuple[Row, Canvas]]:
    def stepped(forwards: int) -> None:
        on_step(forwards)
        sampler.batch_size = stage.batch.after_step(forwards)

    for row, decoded in sampler.run(rows, stepped):
        yield row, Canvas(decoded.token_ids, decoded.nfe, decoded.tokens_computed)


def hurried(decode: Decode, shortcuts: Mapping[str, Any] | None = None) -> Decode:
    """The same with shortcuts of our engine, which change what is decoded; None: those of --fast."""

    def of(schedule: Schedule) -> Mapping[str, Any]:
        return fast(schedule.temperature) if shortcuts is None else shortcuts

    def with_shortcuts(stage: Stage, rows: Sequence[Row], on_step: Step) -> Iterator[tuple[Row, Canvas]]:
        plan = stage.plan
        if plan is None:
            slow = {
                dataclasses.replace(row, schedule=_forced(row.schedule, of(row.schedule), stage.commits)): row
                for row in rows
            }
        else:
            jobs, wanted = [_hurried(job, of(job.schedule)) for job in plan.jobs], set(rows)
            pairs = zip(map(row_of, jobs), map(row_of, plan.jobs), strict=True)
            slow = {quick: row for quick, row in pairs if row in wanted}
            stage = dataclasses.replace(stage, plan=dataclasses.replace(plan, jobs=jobs))
        for row, canvas in decode(stage, list(slow), on_step):
            yield slow[row], canvas

    return with_shortcuts


def _forced(schedule: Schedule, shortcuts: Mapping[str, Any], commits: int | None) -> Schedule:
    """With shortcuts, and as many steps as it has, where nobody knows what would reach a threshold; or as few as it
    takes to commit so many tokens a step."""
    if commits is None:
        return schedule.under(shortcuts)
    steps = sum(-(-length // commits) for length in schedule.blocks)
    return dataclasses.replace(schedule.under({**shortcuts, "threshold": None}), steps=steps)


def _hurried(job: Job, shortcuts: Mapping[str, Any]) -> Job:
    """The job as `hex decode` has it with these shortcuts: under a threshold, at least one token a step."""
    schedule = job.schedule.under(shortcuts)
    if schedule.threshold is not None:
        schedule = dataclasses.replace(schedule, steps=schedule.gen_length)
    return dataclasses.replace(job, schedule=schedule)


def deciding(decode: Decode, certainty: float) -> Decode:
    """The same, problems being called decided at this certainty."""

    def at(stage: Stage, rows: Sequence[Row], on_step: Step) -> Iterator[tuple[Row, Canvas]]:
        return decode(dataclasses.replace(stage, certainty=certainty), rows, on_step)

    return at


PARALLEL: dict[str, Any] = {"threshold": 0.97}  # without a cache: what is soonest over on a CPU

MODES: dict[str, Mode] = {
    "published": Mode(published, mixed=False),
    "published-unpadded": Mode(functools.partial(published, unpadded=True), mixed=False),
    "published-llada": Mode(functools.partial(published, unpadded=True, native=True), mixed=False),
    "lossless": Mode(lossless),
    "until-decided": Mode(until_decided, counts=True),
    "fast": Mode(hurried(lossless)),
    "fast-until-decided": Mode(hurried(until_decided), counts=True),
    "fast-float8": Mode(hurried(lossless), float8=True),
    "parallel": Mode(hurried(lossless, PARALLEL)),
    "parallel-until-decided": Mode(hurried(until_decided, PARALLEL), counts=True),
    "open": Mode(hurried(lossless, FAST)),
    "open-until-decided": Mode(hurried(until_decided, FAST), counts=True),
    "open-float8": Mode(hurried(lossless, FAST), float8=True),
    "likely": Mode(hurried(lossless, FAST_SAMPLED)),
    "likely-until-decided": Mode(hurried(until_decided, FAST_SAMPLED), counts=True),
}


def get_mode(name: str) -> Mode:
    """The mode of that name. Raises UsageError naming the nearest one."""
    if name not in MODES:
        raise unknown("mode", name, MODES)
    return MODES[name]
