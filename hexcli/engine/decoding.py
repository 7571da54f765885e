"""Doing a plan: what the run or the cache already holds is taken from there, the rest is decoded.

A finished generation goes into the cache first and into the run folder second, so whatever kills the process
between the two, the next start finds it.
"""

import dataclasses
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from hexcli.engine.deciding import Polls
from hexcli.engine.job import Job
from hexcli.engine.passes import decoded
from hexcli.engine.plan import Plan
from hexcli.engine.todo import Todo
from hexcli.engine.watching import Watcher
from hexcli.errors import plural
from hexcli.records import Generation, Response
from hexcli.store.store import GenerationStore
from hexcli.voter import Voter
from hexcli.workers.crew import ALONE, Crew


@dataclass(slots=True)
class Outcome:
    """What a plan came to: generations found in the run, found in the cache, and decoded, with their cost; and those
    that were not needed to decide the vote, with the forward passes that they would have taken at most, and those that
    they took before that was known; and those that the cache had without the record of their steps that was asked
    for."""

    in_run: int = 0
    from_cache: int = 0
    decoded: int = 0
    nfe: int = 0
    seconds: float = 0.0
    not_needed: int = 0
    nfe_saved: int = 0
    failed: int = 0
    reason: str = ""
    nfe_wasted: int = 0
    without_record: int = 0

    def after(self, shared: "Outcome") -> "Outcome":
        """This one and, before it, decoding into the cache alone: what that decoded was found afterwards."""
        found = min(shared.decoded, self.from_cache)
        return dataclasses.replace(
            self,
            in_run=self.in_run - min(shared.decoded - found, self.in_run),
            from_cache=self.from_cache - found,
            decoded=self.decoded + shared.decoded,
            nfe=self.nfe + shared.nfe,
            seconds=self.seconds + shared.seconds,
            nfe_wasted=self.nfe_wasted + shared.nfe_wasted,
        )


def decode(
    plan: Plan,
    *,
    store: GenerationStore,
    done: Collection[tuple[str, Voter]],
    keep: Callable[[Generation], None],
    watcher: Watcher,
    device: str,
    batch_size: int | None = None,
    crew: Crew = ALONE,
    polls: Polls | None = None,
    failed: Mapping[tuple[str, Voter], str] = MappingProxyType({}),
    fail: Callable[[Job, str], None] = lambda job, reason: None,
) -> Outcome:
    """Bring every job of `plan` to `keep`, except the (problem id, voter) pairs in `done`.

    `batch_size` None: a size for the device, halved after running out of memory; `crew`: who decodes. With `polls` a
    problem stops once they call it decided; what is in the cache by then is kept all the same, what is in a batch is
    taken out of it.
    Raises HexError where the model cannot be loaded, does not fit the memory, or computes nonsense.
    """
    outcome, todo = Outcome(), Todo(polls)
    for generation in _found(plan, store, done, todo, outcome):
        keep(generation)
    if outcome.without_record:
        many = plural(outcome.without_record, "generation")
        watcher.note(f"{many} cached without a record of steps: decoded again")
    _leave_out(todo, failed, outcome)
    todo.close()
    _begin(watcher, plan, todo, outcome)
    started = time.perf_counter()
    for job, response, cached in decoded(plan, todo, store, watcher, device, batch_size, crew):
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
        _tell_failures(todo, outcome, fail)
    _tell_failures(todo, outcome, fail)
    outcome.seconds = time.perf_counter() - started
    outcome.not_needed, outcome.nfe_saved, outcome.nfe_wasted = todo.not_needed, todo.nfe_saved, todo.nfe_wasted
    return outcome


def _begin(watcher: Watcher, plan: Plan, todo: Todo, outcome: Outcome) -> None:
    """Tell what there is to do, problem by problem."""
    left = dict.fromkeys((problem.id for problem in plan.problems), 0)
    for job in todo.jobs():
        left[job.problem.id] += 1
    watcher.begin(
        total=len(plan.jobs) - todo.not_needed,
        reused=outcome.in_run + outcome.from_cache,
        nfe=todo.nfe,
        left=left,
        at_most=todo.polls is not None,
    )


def _leave_out(todo: Todo, failed: Mapping[tuple[str, Voter], str], outcome: Outcome) -> None:
    """Nothing that failed before is tried again unasked."""
    for key, jobs in list(todo.by_key.items()) if failed else ():
        reasons = [failed.get((job.problem.id, job.voter)) for job in jobs]
        if all(reason is not None for reason in reasons):
            outcome.failed += len(jobs)
            outcome.reason = reasons[-1] or ""
            del todo.by_key[key]


def _tell_failures(todo: Todo, outcome: Outcome, fail: Callable[[Job, str], None]) -> None:
    for job, reason in todo.failures():
        outcome.failed += 1
        outcome.reason = reason
        fail(job, reason)


def _found(
    plan: Plan, store: GenerationStore, done: Collection[tuple[str, Voter]], todo: Todo, outcome: Outcome
) -> Iterator[Generation]:
    """The generations that the cache holds, once each; what nobody holds is added to `todo`."""
    left = _left(plan, done)
    outcome.in_run += len(plan.jobs) - len(left)
    for job, response in zip(left, store.each(job.key for job in left), strict=True):
        if response is not None and not plan.takes(response):
            outcome.without_record += 1
            todo.add(job)
        elif response is not None:
            outcome.from_cache += 1
            generation = _generation(plan, job, response, cached=True)
            yield generation
            if todo.polls is not None:
                todo.polls.cast(generation)
        else:
            todo.add(job)


def _left(plan: Plan, done: Collection[tuple[str, Voter]]) -> list[Job]:
    """The jobs that the run folder does not have."""
    return [job for job in plan.jobs if (job.problem.id, job.voter) not in done] if done else plan.jobs


class Counts(NamedTuple):
    """What a dry run finds: generations that are there, those that are not needed, and what the others will take."""

    there: int
    not_needed: int
    nfe: int


def count_cached(
    plan: Plan, store: GenerationStore, done: Collection[tuple[str, Voter]], polls: Polls | None = None
) -> Counts:
    """For a dry run. With `polls` the forward passes are a bound: what is decoded may decide more problems."""
    left = _left(plan, done)
    todo, there = Todo(polls), len(plan.jobs) - len(left)
    for job, response in zip(left, store.each(job.key for job in left), strict=True):
        if response is not None and plan.takes(response):
            there += 1
            if polls is not None:
                polls.cast(_generation(plan, job, response, cached=True))
        else:
            todo.add(job)
    todo.close()
    return Counts(there, todo.not_needed, todo.nfe)


def _generation(plan: Plan, job: Job, response: Response, *, cached: bool) -> Generation:
    return Generation(
        problem=job.problem,
        prompt=job.prompt,
        schedule=job.schedule,
        response=response,
        cached=cached,
        token_ends=plan.tokenizer.ends(response.token_ids, response.text),
        prompt_name=job.prompt_name,
    )
