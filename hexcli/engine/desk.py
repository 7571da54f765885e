"""What is left of a plan, handed out row by row and taken in again: what others have decoded meanwhile comes from the
cache, what they are decoding is left to them.
"""

import collections
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hexcli.answers.drafts import drafts_of
from hexcli.engine.job import Job
from hexcli.engine.plan import Plan
from hexcli.engine.todo import Todo
from hexcli.errors import HexError, plural
from hexcli.records import Draft, Response
from hexcli.store.claims import Claims
from hexcli.store.store import GenerationStore
from hexcli.workers.events import Done, Event, Failed, Returned, Task, Wasted

if TYPE_CHECKING:  # they import torch, which takes seconds
    from hexcli.sampling.decoded import Decoded
    from hexcli.sampling.drafting import Drafted
    from hexcli.sampling.row import Row

# A job with its response, and whether it was found after all, or is another's twin.
Had = tuple[Job, Response, bool]
# Generations without a result, and none with one, after which no more are tried.
HOPELESS = 20
# Seconds between two looks at what others decode.
LOOK_SECONDS = 0.2


class Desk:
    """The jobs of `todo`, each handed out once; whoever asked for a generation gets it.

    size, spare  of those who decode, see workers.hand.Hand; to be set before the first is handed out
    """

    def __init__(self, plan: Plan, todo: Todo, store: GenerationStore, claims: Claims) -> None:
        self.plan = plan
        self.todo = todo
        self.store = store
        self.claims = claims
        self.size = 1
        self.spare = 0
        self._order: Iterator[str] | None = None
        self._again: collections.deque[str] = collections.deque()
        self._elsewhere: dict[str, None] = {}
        self._found: collections.deque[Had] = collections.deque()
        self._looked = 0.0
        self._good = self._bad = 0

    @property
    def left(self) -> int:
        """Generations that are not there yet."""
        return len(self.todo.by_key)

    def take(self) -> Task | None:
        """The next row to decode; None where there is none now. There may be some later, as votes are cast."""
        while (key := self._next()) is not None:
            if key not in self.todo.by_key:
                continue
            if not self.claims.take(key):
                self._elsewhere[key] = None
            elif not self._have(key):  # others may have decoded it since we looked
                return Task(key, self._row(self.todo.by_key[key][0]))
        return None

    def heard(self, event: Event) -> Iterator[Had]:
        """What an event means. Raises HexError where no generation has a result: it is the model."""
        match event:
            case Done():
                yield from self._done(event)
            case Failed():
                self._fail(event)
            case Returned():
                self._again.extend(event.keys)
            case Wasted():
                self.todo.nfe_wasted += event.nfe
        yield from self.found()

    def found(self) -> Iterator[Had]:
        """What others have decoded since this was last asked; what they left undone is handed out again."""
        while self._found:
            yield self._found.popleft()
        if not self._elsewhere or time.monotonic() - self._looked < LOOK_SECONDS:
            return
        for key in list(self._elsewhere):
            if key not in self.todo.by_key or self._have(key):
                del self._elsewhere[key]
            elif self.claims.take(key):
                del self._elsewhere[key]
                self._again.append(key)
        self._looked = time.monotonic()
        while self._found:
            yield self._found.popleft()

    def dropped(self) -> list[str]:
        """Keys that nobody needs any more, since this was last asked."""
        dropped = self.todo.take_dropped()
        for key in dropped:
            self.claims.release(key)
        return dropped

    def _next(self) -> str | None:
        if self._again:
            return self._again.popleft()
        if self._order is None:
            self._order = self.todo.order(self.size, spare=self.spare)
        return next(self._order, None)

    def _have(self, key: str) -> bool:
        response = self.store.get(key)
        if response is None or not self.plan.takes(response):
            return False
        self.claims.release(key)
        self._found.extend((job, response, True) for job in self.todo.by_key.pop(key))
        return True

    def _row(self, job: Job) -> "Row":
        from hexcli.sampling.row import Row

        return Row(
            prompt_ids=job.prompt_ids,
            schedule=job.schedule,
            noise_key=job.noise_key,
            trained_block=job.trained_block,
        )

    def _done(self, event: Done) -> Iterator[Had]:
        """A decoded row goes into the cache; whoever asked for it gets it."""
        self._good += 1
        jobs = self.todo.by_key.get(event.key)
        if jobs is None:
            self.todo.nfe_wasted += event.canvas.nfe
            return
        first, *twins = jobs
        response = self._response(event.canvas, event.device)
        self.store.put(event.key, response, about=first.about)
        self.claims.release(event.key)
        del self.todo.by_key[event.key]
        yield first, response, False
        yield from ((twin, response, True) for twin in twins)

    def _fail(self, event: Failed) -> None:
        self._bad += 1
        self.claims.release(event.key)
        if self._bad >= HOPELESS and not self._good:
            model = f"{self.plan.checkpoint.name} in {self.plan.dtype}"
            many = plural(self._bad, "generation")
            raise HexError(f"{model}: {event.reason}, in each of {many}; try --dtype float32")
        if event.key in self.todo.by_key:
            self.todo.fail(event.key, event.reason)

    def _response(self, canvas: "Decoded", device: str) -> Response:
        return Response(
            text=self.plan.tokenizer.decode(canvas.token_ids),
            token_ids=canvas.token_ids,
            commit_step=canvas.commit_step,
            # Six digits tell all there is to tell, in a third of the space.
            commit_confidence=tuple(float(f"{p:.6g}") for p in canvas.commit_confidence),
            first_step_logprob=canvas.first_step_logprob,
            nfe=canvas.nfe,
            tokens_computed=canvas.tokens_computed,
            seconds=canvas.seconds,
            device=device,
            batch_size=canvas.batch_size,
            drafts=None if canvas.drafts is None else self._drafts(canvas.drafts),
        )

    def _drafts(self, drafts: "Sequence[Drafted]") -> tuple[Draft, ...]:
        decode = self.plan.tokenizer.decode
        return drafts_of((step, decode(tokens)) for step, tokens in drafts)
