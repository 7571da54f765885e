"""A plan's rows go to whoever decodes, here or elsewhere, and come back as responses, in the cache.

Here alone torch is loaded.
"""

import os
import time
from collections.abc import Callable, Collection, Iterator
from typing import Protocol

from hexcli.engine.desk import LOOK_SECONDS, Desk, Had
from hexcli.engine.onlooker import Onlooker
from hexcli.engine.plan import Plan
from hexcli.engine.todo import Todo
from hexcli.engine.watching import Watcher
from hexcli.remasking import OFFERED, require_rules
from hexcli.store.claims import Claims
from hexcli.store.store import GenerationStore
from hexcli.workers.crew import PROCESSES, Crew, seats_here
from hexcli.workers.events import Event, Returned, Task
from hexcli.workers.hand import Hand, start
from hexcli.workers.pool import Audience, Pool
from hexcli.workers.spec import Spec


class Decoders(Protocol):
    """Whoever decodes: this process, or workers."""

    @property
    def size(self) -> int: ...
    @property
    def spare(self) -> int: ...
    def start(self) -> None: ...
    def run(self, take: Callable[[], Task | None], left: Callable[[], int]) -> Iterator[Event]: ...
    def withdraw(self, keys: Collection[str]) -> None: ...
    def close(self) -> None: ...


def decoded(
    plan: Plan,
    todo: Todo,
    store: GenerationStore,
    watcher: Watcher,
    device: str,
    batch_size: int | None,
    crew: Crew,
) -> Iterator[Had]:
    """Every job of `todo` with its response. `batch_size` None: a size for the device, halved when memory runs out.

    Raises HexError where the model cannot be loaded, does not fit the memory, or computes nonsense.
    """
    if not todo.by_key:
        return
    require_rules(schedule.certainty for schedule in plan.schedules)
    store.require_writable()
    spec = spec_of(plan, device, batch_size)
    with Claims(store.directory.parent) as claims:
        desk = Desk(plan, todo, store, claims)
        who = decoders(spec, crew, watcher, Onlooker(plan, todo, watcher))
        try:
            who.start()
            desk.size, desk.spare = who.size, who.spare
            while desk.left:
                for event in who.run(desk.take, lambda: desk.left):
                    yield from desk.heard(event)
                    who.withdraw(desk.dropped())
                yield from desk.found()
                if desk.left:  # all of it is being decoded by others
                    time.sleep(LOOK_SECONDS)
        finally:
            who.close()


def decoders(spec: Spec, crew: Crew, watcher: Watcher, onlooker: Onlooker) -> Decoders:
    """Who decodes. Raises UsageError where there are not so many devices."""
    if crew.alone:
        return Alone(spec, watcher, onlooker)
    if crew.engine == PROCESSES:
        from hexcli.workers.processes import Processes

        return Pool(Processes(spec), seats_here(crew, spec.device, spec.checkpoint.options.device_map), watcher)
    from hexcli.workers.ray_actors import RayActors

    actors = RayActors(spec, watcher.note)
    return Pool(actors, actors.seats(crew), watcher)


class Alone:
    """Decoding in this process."""

    def __init__(self, spec: Spec, watcher: Audience, onlooker: Onlooker | None) -> None:
        self._spec = spec
        self._watcher = watcher
        self._onlooker = onlooker
        self._hand: Hand | None = None

    def start(self) -> None:
        """Load the model."""
        self._hand = start(self._spec, lambda share: self._watcher.loading(share))
        self._watcher.at_work()

    @property
    def hand(self) -> Hand:
        assert self._hand is not None, "it was not started"
        return self._hand

    @property
    def size(self) -> int:
        return self.hand.size

    @property
    def spare(self) -> int:
        return self.hand.spare

    def run(self, take: Callable[[], Task | None], left: Callable[[], int]) -> Iterator[Event]:
        """See Pool.run."""

        def stepped(forwards: int) -> None:
            self._watcher.step(forwards)
            if self._onlooker is not None:
                self._onlooker.look(self.hand)

        for event in self.hand.run(take, stepped):
            if isinstance(event, Returned):
                self._watcher.note(event.why)
            yield event

    def withdraw(self, keys: Collection[str]) -> None:
        """See Pool.withdraw."""
        self.hand.withdraw(keys)

    def close(self) -> None:
        """The process itself goes on."""


def spec_of(plan: Plan, device: str, batch_size: int | None) -> Spec:
    """What a worker has to know of a plan."""
    tokenizer = plan.tokenizer
    return Spec(
        checkpoint=plan.checkpoint,
        reference=plan.recipe.model,
        device=device,
        dtype=plan.dtype,
        batch_size=batch_size,
        mask_id=plan.mask_id,
        end_ids=tuple(sorted(tokenizer.end_ids)),
        end_of_text=tokenizer.end_of_text,
        end_of_turn=tokenizer.end_of_turn,
        length=max(job.length for job in plan.jobs),
        canvas=max(job.schedule.gen_length for job in plan.jobs),
        drafts=plan.recipe.record_steps,
        cached=any(schedule.kv_cache != "none" for schedule in plan.schedules),
        rules=tuple(os.path.abspath(name) for name in OFFERED if ".py:" in name),  # noqa: PTH100  it ends in `:name`
    )
