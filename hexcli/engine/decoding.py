"""Doing a plan: what the run or the cache already holds is taken from there, the rest is decoded.

A finished generation goes into the cache first and into the run folder second, so whatever kills the process
between the two, the next start finds it.
"""

import itertools
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from hexcli.engine.plan import Job, Plan
from hexcli.errors import HexError
from hexcli.records import Generation, Response
from hexcli.schedule import Schedule
from hexcli.store import GenerationStore

# Rows in a batch where nothing is said. On a CPU more rows do not run faster; a GPU wants them.
AUTO_BATCH = {"cpu": 16, "cuda": 64}
CHUNK = 4  # batches whose rows are put in order of their length


class Watcher(Protocol):
    """Who is told how the work goes: a progress bar, or nobody."""

    def begin(self, *, total: int, reused: int, nfe: int, left: Mapping[str, int]) -> None:
        """`total` generations are wanted, `reused` are there, the others take at most `nfe` forward passes.

        `left` has the generations to decode of each problem, by problem id; 0 where all are there.
        """
        ...

    def loading(self, share: float) -> None:
        """So much of a large model's weights is read, from 0 to 1."""
        ...

    def step(self, forwards: int) -> None:
        """So many rows went through the model."""
        ...

    def finished(self, generation: Generation) -> None:
        """A generation is done and saved."""
        ...

    def note(self, message: str) -> None:
        """Something to know, in one line."""
        ...


@dataclass(slots=True)
class Outcome:
    """What a plan came to: generations found in the run, found in the cache, and decoded, with their cost."""

    in_run: int = 0
    from_cache: int = 0
    decoded: int = 0
    nfe: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class _Todo:
    """Jobs left to decode. Jobs with one key are one generation, decoded once."""

    by_key: dict[str, list[Job]] = field(default_factory=dict)

    def add(self, job: Job) -> None:
        self.by_key.setdefault(job.key, []).append(job)

    def jobs(self) -> Iterator[Job]:
        return itertools.chain.from_iterable(self.by_key.values())

    def in_order(self, size: int) -> Iterator[tuple[str, list[Job]]]:
        """In the order of the problems, but within a few batches of `size` the longest first.

        So neighbours share batches with little padding, and a run that is stopped holds its first problems.
        """
        waiting = list(self.by_key.items())
        for start in range(0, len(waiting), CHUNK * size):
            yield from sorted(waiting[start : start + CHUNK * size], key=lambda item: -item[1][0].length)

    @property
    def nfe(self) -> int:
        return sum(jobs[0].nfe for jobs in self.by_key.values())


def decode(
    plan: Plan,
    *,
    store: GenerationStore,
    done: Collection[tuple[str, Schedule]],
    keep: Callable[[Generation], None],
    watcher: Watcher,
    device: str,
    batch_size: int | None = None,
) -> Outcome:
    """Bring every job of `plan` to `keep`, except the (problem id, schedule) pairs in `done`.

    `batch_size` None: a size for the device, halved after running out of memory. Raises HexError where the
    model cannot be loaded, does not fit the memory, or computes nonsense.
    """
    outcome, todo = Outcome(), _Todo()
    for job in plan.jobs:
        if (job.problem.id, job.schedule) in done:
            outcome.in_run += 1
        elif (response := store.get(job.key)) is not None:
            keep(_generation(plan, job, response, cached=True))
            outcome.from_cache += 1
        else:
            todo.add(job)
    left = dict.fromkeys((problem.id for problem in plan.problems), 0)
    for job in todo.jobs():
        left[job.problem.id] += 1
    watcher.begin(total=len(plan.jobs), reused=outcome.in_run + outcome.from_cache, nfe=todo.nfe, left=left)
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
    outcome.seconds = time.perf_counter() - started
    return outcome


def count_cached(plan: Plan, store: GenerationStore, done: Collection[tuple[str, Schedule]]) -> tuple[int, int]:
    """For a dry run: (generations that are there already, forward passes the others will take)."""
    todo, there = _Todo(), 0
    for job in plan.jobs:
        if (job.problem.id, job.schedule) in done or job.key in store:
            there += 1
        else:
            todo.add(job)
    return there, todo.nfe


def _decoded(
    plan: Plan, todo: _Todo, store: GenerationStore, watcher: Watcher, device: str, batch_size: int | None
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
        progress=lambda share: watcher.loading(share),
    )
    size = batch_size or AUTO_BATCH.get(device.partition(":")[0], AUTO_BATCH["cpu"])
    found: list[tuple[Job, Response]] = []
    keys: dict[Row, str] = {}

    def rows() -> Iterator[Row]:
        for key, jobs in todo.in_order(size):
            # Another process may have decoded it since we looked.
            response = store.get(key)
            if response is not None:
                found.extend((job, response) for job in todo.by_key.pop(key))
                continue
            job = jobs[0]
            row = Row(
                prompt_ids=job.prompt_ids,
                schedule=job.schedule,
                noise_key=job.noise_key,
                trained_block=job.trained_block,
            )
            keys[row] = key
            yield row

    while todo.by_key:
        sampler = Sampler(
            model.denoiser,
            mask_id=plan.mask_id,
            batch_size=size,
            device=device,
            end_ids=plan.tokenizer.end_ids,
            end_of_text=plan.tokenizer.end_of_text,
        )
        try:
            for row, canvas in sampler.run(rows(), watcher.step):
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
        except torch.OutOfMemoryError:
            if batch_size is not None or size == 1:
                raise HexError(
                    f"out of memory on {device} with a batch of {size}: "
                    "use a smaller --batch-size or --gen-length; what is finished is saved"
                ) from None
            size //= 2
            keys.clear()
            torch.cuda.empty_cache()
            watcher.note(f"out of memory: going on with batches of {size}")
        except FloatingPointError as error:
            raise HexError(f"{plan.checkpoint.name} in {plan.dtype}: {error}; try --dtype float32") from None
        yield from ((job, response, True) for job, response in found)
        found.clear()


def _generation(plan: Plan, job: Job, response: Response, *, cached: bool) -> Generation:
    return Generation(
        problem=job.problem,
        prompt=job.prompt,
        schedule=job.schedule,
        response=response,
        cached=cached,
        token_ends=plan.tokenizer.ends(response.token_ids),
    )
