"""Workers beside one process, on the same rows in one run: what `hex bench --workers 1,2` measures."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from hexcli.bench import machine
from hexcli.bench.measured import Measured
from hexcli.bench.shapes import find_shape
from hexcli.engine.passes import Alone, Decoders, spec_of
from hexcli.engine.plan import plan_run
from hexcli.models.checkpoint.checkpoint import Checkpoint
from hexcli.models.loading.loading import pick_dtype
from hexcli.models.options import ModelOptions
from hexcli.models.registry import DEFAULT_GEN_LENGTH
from hexcli.recipe.recipe import Recipe
from hexcli.sampling.row import Row
from hexcli.workers.crew import PROCESSES, RAY, Crew, Seat, cores, resolve, seats_here
from hexcli.workers.events import Task
from hexcli.workers.pool import Pool
from hexcli.workers.spec import Spec

ROUNDS = 3
WARM = 4  # this part of the rows is decoded before any is counted
Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Work:
    """Rows to decode, with what."""

    spec: Spec
    tasks: Sequence[Task]
    about: Mapping[str, Any]


class Quiet:
    """A watcher that shows nothing, and says what goes wrong."""

    def __init__(self, note: Note) -> None:
        self.note = note

    def loading(self, share: float) -> None:
        """Nobody waits for it."""

    def at_work(self) -> None:
        """Timed elsewhere."""

    def step(self, forwards: int) -> None:
        """Counted by nobody."""

    def workers(self, states: Mapping[str, tuple[str, int, int]]) -> None:
        """Shown to nobody."""


def work_of_task(recipe: Recipe, *, device: str, batch_size: int | None) -> Work:
    """The generations of a recipe. Raises as a run of it does."""
    plan = plan_run(recipe, dtype=pick_dtype(recipe.dtype, device))
    tasks = [
        Task(
            job.key,
            Row(
                prompt_ids=job.prompt_ids,
                schedule=job.schedule,
                noise_key=job.noise_key,
                trained_block=job.trained_block,
            ),
        )
        for job in plan.jobs
    ]
    about = {"model": plan.checkpoint.name, "dtype": plan.dtype, "task": plan.task.name, "problems": len(plan.problems)}
    return Work(spec_of(plan, device, batch_size), tasks, about)


def work_of_shape(
    name: str, recipe: Recipe, *, device: str, batch_size: int, prompt_length: int, generations: int
) -> Work:
    """So many rows of random tokens for a model of this shape. Raises UsageError where there is no such shape."""
    shape = find_shape(name)
    dtype = pick_dtype("bfloat16" if recipe.dtype == "auto" else recipe.dtype, device)
    ensemble = recipe.ensemble(DEFAULT_GEN_LENGTH)
    draw = random.Random(0)
    tasks = [
        Task(
            f"row {number}",
            Row(
                prompt_ids=tuple(draw.randrange(shape.mask_id) for _ in range(prompt_length)),
                schedule=ensemble[number % len(ensemble)],
                noise_key=number,
                trained_block=shape.config.block_length,
            ),
        )
        for number in range(generations)
    ]
    canvas = max(schedule.gen_length for schedule in ensemble)
    spec = Spec(
        checkpoint=Checkpoint(name=name, path=Path(), identity="untrained", config={}, options=ModelOptions()),
        reference=name,
        device=device,
        dtype=dtype,
        batch_size=batch_size,
        mask_id=shape.mask_id,
        end_ids=(),
        end_of_text=None,
        end_of_turn=None,
        length=prompt_length + canvas,
        canvas=canvas,
        cached=False,
        untrained=shape.config,
    )
    return Work(spec, tasks, {"shape": name, "dtype": dtype, "prompt_length": prompt_length})


def crew_report(
    work: Work, counts: Sequence[int], engine: str, *, devices: Sequence[str], note: Note
) -> dict[str, Any]:
    """This process, and crews of so many workers: seconds for the same rows, round by round, another one first each
    time. On a CPU each has as many threads as a worker of the largest crew.

    Before the rounds each loads its model, and decodes a quarter of the rows: what that takes is told and not counted.
    Raises HexError where a row fails.
    """
    threads = max(cores() // max(counts), 1) if work.spec.device == "cpu" else None
    if threads is not None:
        torch.set_num_threads(threads)
    crews = {"this process": Measured(_alone(work.spec, note), 1)}
    for count in counts:
        if count > 1 or engine == RAY:
            what = "process" if engine == PROCESSES else "actor"
            name = f"{count} {what}" if count == 1 else f"{count} {what}{'es' if engine == PROCESSES else 's'}"
            crews[name] = Measured(_pool(work.spec, count, engine, devices, threads, note), count)
    tasks = work.tasks
    try:
        for name, crew in crews.items():
            note(f"starting {name} ...")
            note(f"{name}: {crew.start(tasks[: max(len(tasks) // WARM, 1)]):.1f} s to start (not counted)")
        names = list(crews)
        for turn in range(ROUNDS):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                taken = crews[name].decode(tasks)
                note(f"{name}: {len(tasks) / taken:.2f} generations/s")
    finally:
        for crew in crews.values():
            crew.who.close()
    return {
        "hardware": machine.hardware(work.spec.device),
        "versions": machine.versions(),
        **work.about,
        "generations": len(tasks),
        "batch_size": work.spec.batch_size,
        "threads": threads,
        "rounds": ROUNDS,
        "crews": [_row(name, crew, crews["this process"], len(tasks)) for name, crew in crews.items()],
    }


def _row(name: str, crew: Measured, base: Measured, generations: int) -> dict[str, Any]:
    ratios = sorted(one / other for one, other in zip(base.seconds, crew.seconds, strict=True))
    spent, alone = sum(crew.seconds), sum(base.seconds)
    return {
        "name": name,
        "workers": crew.count,
        "start_seconds": crew.started,
        "seconds": spent,
        "generations_per_second": generations * ROUNDS / spent,
        "ratio": alone / spent,
        "ratios": ratios,
        "overhead_ms": (spent * crew.count - alone) / (generations * ROUNDS) * 1000,
        "same_tokens": sum(crew.tokens[key] == ids for key, ids in base.tokens.items()),
        "driver_cpu": crew.cpu,
        "spent": {name: {**own, "waiting": max(spent - own["decoding"] - own["saying"], 0.0)}
                  for name, own in crew.spent.items()},
    }  # fmt: skip


def _alone(spec: Spec, note: Note) -> Decoders:
    return Alone(spec, Quiet(note), None)


def _pool(spec: Spec, count: int, engine: str, devices: Sequence[str], threads: int | None, note: Note) -> Decoders:
    crew = Crew(count=count, engine=engine, devices=tuple(devices))
    if engine == RAY:
        from hexcli.workers.ray_actors import RayActors

        actors = RayActors(spec, note)
        seats = [Seat(device=one.device, gpus=one.gpus, threads=threads) for one in actors.seats(crew)]
        return Pool(actors, seats, Quiet(note))
    from hexcli.workers.processes import Processes

    seats = [Seat(device=one.device, threads=threads) for one in seats_here(crew, spec.device, None)]
    return Pool(Processes(spec), seats, Quiet(note))


def device_of(device: str, devices: Sequence[str], engine: str) -> str:
    """The device that was asked for, as torch has it. Raises as a run does."""
    return resolve(Crew(engine=engine, devices=tuple(devices)), device, None)
