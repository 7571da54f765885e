"""Doing a plan: what the run or the cache already holds is taken from there, the rest is decoded.

A finished generation goes into the cache first and into the run folder second, so whatever kills the process
between the two, the next start finds it.
"""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hexcli.engine.batching import AutoBatch
from hexcli.engine.deciding import Polls
from hexcli.engine.plan import Job, Plan
from hexcli.engine.todo import Todo
from hexcli.engine.watching import Watcher
from hexcli.errors import HexError
from hexcli.records import Generation, Response
from hexcli.schedule import Schedule
from hexcli.store import GenerationStore


@dataclass(slots=True)
class Outcome:
    """What a plan came to: generations found in the run, found in the cache, and decoded, with their cost; and those
    that were not needed to decide the vote, with the forward passes that they would have taken at most."""

    in_run: int = 0
    from_cache: int = 0
    decoded: int = 0
    nfe: int = 0
    seconds: float = 0.0
    not_needed: int = 0
    nfe_saved: int = 0


def decode(
    plan: Plan,
    *,
    store: GenerationStore,
    done: Collection[tuple[str, Schedule]],
    keep: Callable[[Generation], None],
    watcher: Watcher,
    device: str,
    batch_size: int | None = None,
    polls: Polls | None = None,
) -> Outcome:
    """Bring every job of `plan` to `keep`, except the (problem id, schedule) pairs in `done`.

    `batch_size` None: a size for the device, halved after running out of memory. With `polls` a problem stops once
    they call it decided; what is in the cache or in a batch by then is kept all the same. Raises HexError where the
    model cannot be loaded, does not fit the memory, or computes nonsense.
    """
    outcome, todo = Outcome(), Todo(polls)
    for job in plan.jobs:
        if (job.problem.id, job.schedule) in done:
            outcome.in_run += 1
        elif (response := store.get(job.key)) is not None:
            generation = _generation(plan, job, response, cached=True)
            keep(generation)
            outcome.from_cache += 1
            if polls is not None:
                polls.cast(generation)
        else:
            todo.add(job)
    todo.close()
    left = dict.fromkeys((problem.id for problem in plan.problems), 0)
    for job in todo.jobs():
        left[job.problem.id] += 1
    watcher.begin(
        total=len(plan.jobs) - todo.not_needed,
        reused=outcome.in_run + outcome.from_cache,
        nfe=todo.nfe,
        left=left,
        at_most=polls is not None,
    )
    started = time.perf_counter()
    for job, response, cached in _decoded(plan, todo, store, watcher, device, batch_size):
        if cached:
            outcome.from_cache += 1
        else:
            outcome.decoded += 1
            outcome.nfe += response.nfe
        generation = _generation(plan, job, response, cached=cached)
        keep(generation)
        watcher.finished(generation)
        for unneeded, nfe in todo.cast(generation):
            watcher.unneeded(unneeded.problem.id, nfe)
    outcome.seconds = time.perf_counter() - started
    outcome.not_needed, outcome.nfe_saved = todo.not_needed, todo.nfe_saved
    return outcome


class Counts(NamedTuple):
    """What a dry run finds: generations that are there, those that are not needed, and what the others will take."""

    there: int
    not_needed: int
    nfe: int


def count_cached(
    plan: Plan, store: GenerationStore, done: Collection[tuple[str, Schedule]], polls: Polls | None = None
) -> Counts:
    """For a dry run. With `polls` the forward passes are a bound: what is decoded may decide more problems."""
    todo, there = Todo(polls), 0
    for job in plan.jobs:
        if (job.problem.id, job.schedule) in done:
            there += 1
        elif job.key in store:
            there += 1
            if polls is not None and (response := store.get(job.key)) is not None:
                polls.cast(_generation(plan, job, response, cached=True))
        else:
            todo.add(job)
    todo.close()
    return Counts(there, todo.not_needed, todo.nfe)


def _decoded(
    plan: Plan, todo: Todo, store: GenerationStore, watcher: Watcher, device: str, batch_size: int | None
) -> Iterator[tuple[Job, Response, bool]]:
    """Every job left, with its response and whether it was found after all or is another's twin."""
    if not todo.by_key:
        return
    # Torch takes seconds to import: only where something is left to decode.
    import torch

    from hexcli.models.loading import device_name, load_model
    from hexcli.sampler import Row, Sampler

    model = load_model(
        plan.checkpoint,
        device=device,
        dtype=plan.dtype,
        length=max(len(job.prompt_ids) + job.schedule.gen_length for job in plan.jobs),
        canvas=max(job.schedule.gen_length for job in plan.jobs),
        cached=any(schedule.kv_cache != "none" for schedule in plan.schedules),
        progress=lambda share: watcher.loading(share),
    )
    auto = AutoBatch.on(device, batch_size)
    found: list[tuple[Job, Response]] = []
    keys: dict[Row, str] = {}

    def drained() -> Iterator[tuple[Job, Response, bool]]:
        while found:
            yield (*found.pop(0), True)

    def rows() -> Iterator[Row]:
        # On a CPU an empty slot costs nothing; on a GPU nearly as much as a full one.
        for key in todo.order(auto.size, fill=not device.startswith("cpu")):
            # Another process may have decoded it since we looked.
            response = store.get(key)
            if response is not None:
                found.extend((job, response) for job in todo.by_key.pop(key))
                continue
            job = todo.by_key[key][0]
            row = Row(
                prompt_ids=job.prompt_ids,
                schedule=job.schedule,
                noise_key=job.noise_key,
                trained_block=job.trained_block,
            )
            keys[row] = key
            yield row

    def stepped(forwards: int) -> None:
        watcher.step(forwards)
        sampler.batch_size = auto.after_step(forwards)

    while todo.by_key:
        sampler = Sampler(
            model.denoiser,
            mask_id=plan.mask_id,
            batch_size=auto.size,
            device=device,
            end_ids=plan.tokenizer.end_ids,
            end_of_text=plan.tokenizer.end_of_text,
        )
        try:
            for row, canvas in sampler.run(rows(), stepped):
                key = keys.pop(row)
                first, *twins = todo.by_key[key]
                response = Response(
                    text=plan.tokenizer.decode(canvas.token_ids),
                    token_ids=canvas.token_ids,
                    commit_step=canvas.commit_step,
                    # Six digits tell all there is to tell, in a third of the space.
                    commit_confidence=tuple(float(f"{p:.6g}") for p in canvas.commit_confidence),
                    first_step_logprob=canvas.first_step_logprob,
                    nfe=canvas.nfe,
                    tokens_computed=canvas.tokens_computed,
                    seconds=canvas.seconds,
                    device=device_name(device),
                    batch_size=canvas.batch_size,
                )
                store.put(key, response, about=first.about)
                del todo.by_key[key]
                yield first, response, False
                yield from ((twin, response, True) for twin in twins)
                yield from drained()
        except torch.OutOfMemoryError:
            tried = auto.size
            if batch_size is not None or not auto.out_of_memory():
                raise HexError(
                    f"out of memory on {device} with a batch of {tried}: "
                    "use a smaller --batch-size or --gen-length; what is finished is saved"
                ) from None
            keys.clear()
            torch.cuda.empty_cache()
            watcher.note(f"out of memory: going on with batches of {auto.size}")
        except FloatingPointError as error:
            raise HexError(f"{plan.checkpoint.name} in {plan.dtype}: {error}; try --dtype float32") from None
        yield from drained()


def _generation(plan: Plan, job: Job, response: Response, *, cached: bool) -> Generation:
    return Generation(
        problem=job.problem,
        prompt=job.prompt,
        schedule=job.schedule,
        response=response,
        cached=cached,
        token_ends=plan.tokenizer.ends(response.token_ids),
    )
