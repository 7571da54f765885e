"""Workers beside one process, on the same rows in one run: what `hex bench --workers 1,2` measures."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from hexcli.bench import machine
from hexcli.bench.shapes import find_shape
from hexcli.engine.passes import Alone, Decoders, spec_of
from hexcli.engine.plan import plan_run
from hexcli.errors import HexError
from hexcli.models.checkpoint.checkpoint import Checkpoint
from hexcli.models.loading.loading import pick_dtype
from hexcli.models.options import ModelOptions
from hexcli.models.registry import DEFAULT_GEN_LENGTH
from hexcli.recipe.recipe import Recipe
from hexcli.sampling.row import Row
from hexcli.workers.crew import PROCESSES, RAY, Crew, Seat, cores, resolve, seats_here
from hexcli.workers.events import Done, Failed, Returned, Task
from hexcli.workers.pool import Pool
from hexcli.workers.spec import Spec

ROUNDS = 3  # that are timed, after one that is not
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
    time. Each has as many threads as a worker of the largest crew.

    Raises HexError where a crew gives other tokens than this process.
    """
    threads = max(cores() // max(counts), 1) if work.spec.device == "cpu" else None
    if threads is not None:
        torch.set_num_threads(threads)
    crews = {"this process": _alone(work.spec, note)}
    for count in counts:
        if count > 1 or engine == RAY:
            what = "process" if engine == PROCESSES else "actor"
            name = f"{count} {what}" if count == 1 else f"{count} {what}{'es' if engine == PROCESSES else 's'}"
            crews[name] = _pool(work.spec, count, engine, devices, threads, note)
    counted = dict(zip(crews, [1, *(count for count in counts if count > 1 or engine == RAY)], strict=True))
    seconds: dict[str, list[float]] = {name: [] for name in crews}
    tokens: dict[str, dict[str, tuple[int, ...]]] = {}
    try:
        for name, crew in crews.items():
            note(f"starting {name} ...")
            _start(crew, counted[name])
        names = list(crews)
        for turn in range(ROUNDS + 1):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                taken, tokens[name] = _decode(crews[name], work.tasks)
                if turn:
                    seconds[name].append(taken)
                note(f"{name}: {len(work.tasks) / taken:.2f} generations/s" + ("" if turn else " (not counted)"))
    finally:
        for crew in crews.values():
            crew.close()
    return {
        "hardware": machine.hardware(work.spec.device),
        "versions": machine.versions(),
        **work.about,
        "generations": len(work.tasks),
        "batch_size": work.spec.batch_size,
        "threads": threads,
        "rounds": ROUNDS,
        "crews": [_row(name, counted[name], seconds, tokens, len(work.tasks)) for name in crews],
    }


def _row(
    name: str,
    count: int,
    seconds: Mapping[str, list[float]],
    tokens: Mapping[str, dict[str, tuple[int, ...]]],
    generations: int,
) -> dict[str, Any]:
    base, own = seconds["this process"], seconds[name]
    ratios = sorted(one / other for one, other in zip(base, own, strict=True))
    spent, alone = sum(own), sum(base)
    same = sum(tokens[name][key] == ids for key, ids in tokens["this process"].items())
    return {
        "name": name,
        "workers": count,
        "seconds": spent,
        "generations_per_second": generations * ROUNDS / spent,
        "ratio": alone / spent,
        "ratios": ratios,
        "overhead_ms": (spent * count - alone) / (generations * ROUNDS) * 1000,
        "same_tokens": same,
    }


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


def _start(crew: Decoders, count: int) -> None:
    """All of a crew, not only the first of it."""
    crew.start()
    if isinstance(crew, Pool):
        crew.await_all(count)


def _decode(crew: Decoders, tasks: Sequence[Task]) -> tuple[float, dict[str, tuple[int, ...]]]:
    """Seconds, and the tokens of every row. Raises HexError where a row fails."""
    waiting = list(tasks)[::-1]
    by_key = {task.key: task for task in tasks}
    found: dict[str, tuple[int, ...]] = {}
    started = time.perf_counter()
    while len(found) < len(tasks):
        for event in crew.run(lambda: waiting.pop() if waiting else None, lambda: len(tasks) - len(found)):
            match event:
                case Done():
                    found[event.key] = event.canvas.token_ids
                case Returned():
                    waiting.extend(by_key[key] for key in event.keys)
                case Failed():
                    raise HexError(f"{event.key} failed: {event.reason}")
    return time.perf_counter() - started, found


def device_of(device: str, devices: Sequence[str], engine: str) -> str:
    """The device that was asked for, as torch has it. Raises as a run does."""
    return resolve(Crew(engine=engine, devices=tuple(devices)), device, None)
