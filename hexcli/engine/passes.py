"""The batches of a plan: jobs become rows, the sampler decodes them, canvases become responses in the cache.

Here alone torch is loaded, and memory that runs out makes the batches smaller.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hexcli.engine.batching import AutoBatch, spare_rows
from hexcli.engine.plan import Job, Plan
from hexcli.engine.todo import Todo
from hexcli.engine.watching import Watcher
from hexcli.errors import HexError
from hexcli.records import Canvas, Response
from hexcli.remasking import require_rules
from hexcli.store.store import GenerationStore

if TYPE_CHECKING:
    from hexcli.models.loading.loading import LoadedModel
    from hexcli.sampling.batch import Batch
    from hexcli.sampling.decoded import Decoded
    from hexcli.sampling.row import Row
    from hexcli.sampling.sampler import Sampler

# A job with its response, and whether it was found after all, or is another's twin.
Had = tuple[Job, Response, bool]


def decoded(
    plan: Plan, todo: Todo, store: GenerationStore, watcher: Watcher, device: str, batch_size: int | None
) -> Iterator[Had]:
    """Every job of `todo` with its response. `batch_size` None: a size for the device, halved when memory runs out.

    Raises HexError where the model cannot be loaded, does not fit the memory, or computes nonsense.
    """
    if not todo.by_key:
        return
    require_rules(schedule.certainty for schedule in plan.schedules)
    store.require_writable()
    # Torch takes seconds to import: only where something is left to decode.
    from hexcli.models.loading.loading import load_model

    model = load_model(
        plan.checkpoint,
        device=device,
        dtype=plan.dtype,
        length=max(len(job.prompt_ids) + job.schedule.gen_length for job in plan.jobs),
        canvas=max(job.schedule.gen_length for job in plan.jobs),
        cached=any(schedule.kv_cache != "none" for schedule in plan.schedules),
        progress=lambda share: watcher.loading(share),
    )
    passes = _Passes(
        plan=plan, todo=todo, store=store, watcher=watcher, device=device, batch_size=batch_size, model=model
    )
    while todo.by_key:
        yield from passes.until_memory_ends()


# Generations without a result, and none with one, after which no more are tried.
HOPELESS = 20


@dataclass(kw_only=True)
class _Passes:
    """One model at work on what is left of a plan.

    found  jobs that another process decoded since we looked
    keys   row in a batch -> the key of its generation, and `rows` the other way round
    spare  rows of a batch up to which it may hold votes that may be in vain
    pieces token -> its text, for a display
    """

    plan: Plan
    todo: Todo
    store: GenerationStore
    watcher: Watcher
    device: str
    batch_size: int | None
    model: "LoadedModel"
    found: list[tuple[Job, Response]] = field(default_factory=list)
    keys: "dict[Row, str]" = field(default_factory=dict)
    pieces: dict[int, str] = field(default_factory=dict)
    rows: "dict[str, Row]" = field(default_factory=dict)
    spare: int = 0

    def __post_init__(self) -> None:
        self.good = 0
        self.bad = 0
        self.auto = AutoBatch.on(self.device, self.batch_size)
        self.spare = spare_rows(self.model.denoiser, self.device, max(job.length for job in self.plan.jobs))

    def until_memory_ends(self) -> Iterator[Had]:
        """Decode all that is left; where memory runs out, stop and leave the rest for smaller batches."""
        import torch

        sampler = self._sampler()

        def stepped(forwards: int) -> None:
            self.watcher.step(forwards)
            sampler.batch_size = self.auto.after_step(forwards)
            if self.watcher.looks and sampler.batch is not None:
                self.watcher.canvases(self._canvases(sampler.batch))

        try:
            for row, canvas in sampler.run(self._rows(), stepped):
                self.good += 1
                yield from self._finished(row, canvas)
                yield from self._drained()
                self._withdraw(sampler)
        except torch.OutOfMemoryError:
            self._shrink()
            torch.cuda.empty_cache()
        except FloatingPointError as error:
            raise HexError(f"{self.plan.checkpoint.name} in {self.plan.dtype}: {error}; try --dtype float32") from None
        self.todo.nfe_wasted += sampler.wasted
        yield from self._drained()

    def _canvases(self, batch: "Batch") -> list[Canvas]:
        """The canvases of the batch, for a display."""
        from hexcli.sampling.glance import glance

        return [
            Canvas(
                problem_id=(job := self.todo.by_key[self.keys[seen.row]][0]).problem.id,
                schedule=seen.row.schedule,
                prompt_name=job.prompt_name,
                pieces=tuple(map(self._piece, seen.token_ids)),
                commit_step=tuple(seen.commit_step),
                confidence=tuple(seen.confidence),
            )
            for seen in glance(batch)
            if seen.row in self.keys
        ]

    def _piece(self, token: int) -> str | None:
        if token == self.plan.mask_id:
            return None
        if token not in self.pieces:
            self.pieces[token] = self.plan.tokenizer.decode([token])
        return self.pieces[token]

    def _withdraw(self, sampler: "Sampler") -> None:
        """Votes that are no longer needed leave the batch."""
        for key in self.todo.take_dropped():
            if key in self.rows:
                row = self.rows.pop(key)
                del self.keys[row]
                sampler.withdraw(row)

    def _sampler(self) -> "Sampler":
        from hexcli.sampling.sampler import Sampler

        sampler = Sampler(
            self.model.denoiser,
            mask_id=self.plan.mask_id,
            batch_size=self.auto.size,
            device=self.device,
            end_ids=self.plan.tokenizer.end_ids,
            end_of_text=self.plan.tokenizer.end_of_text,
            end_of_turn=self.plan.tokenizer.end_of_turn,
        )
        sampler.failed = self._failed
        return sampler

    def _failed(self, row: "Row", reason: str) -> None:
        """A row without a result; the others go on. Raises FloatingPointError where none has one: it is the model."""
        self.bad += 1
        if self.bad >= HOPELESS and not self.good:
            raise FloatingPointError(f"{reason}, in each of {self.bad} generations")
        self.todo.fail(self.keys.pop(row), reason)

    def _rows(self) -> "Iterator[Row]":
        """Rows to decode; as the order of their keys, it may have none now and some later."""
        order = self.todo.order(self.auto.size, spare=self.spare)
        return filter(None, map(self._row, order))

    def _row(self, key: str) -> "Row | None":
        from hexcli.sampling.row import Row

        # Another process may have decoded it since we looked.
        response = self.store.get(key)
        if response is not None:
            self.found.extend((job, response) for job in self.todo.by_key.pop(key))
            return None
        job = self.todo.by_key[key][0]
        row = Row(
            prompt_ids=job.prompt_ids,
            schedule=job.schedule,
            noise_key=job.noise_key,
            trained_block=job.trained_block,
        )
        self.keys[row], self.rows[key] = key, row
        return row

    def _finished(self, row: "Row", canvas: "Decoded") -> Iterator[Had]:
        """A decoded row goes into the cache; whoever asked for it gets it."""
        if row not in self.keys:  # withdrawn, as it was done
            self.todo.nfe_wasted += canvas.nfe
            return
        key = self.keys.pop(row)
        del self.rows[key]
        first, *twins = self.todo.by_key[key]
        response = self._response(canvas)
        self.store.put(key, response, about=first.about)
        del self.todo.by_key[key]
        yield first, response, False
        yield from ((twin, response, True) for twin in twins)

    def _response(self, canvas: "Decoded") -> Response:
        from hexcli.models.loading.loading import device_name

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
            device=device_name(self.device),
            batch_size=canvas.batch_size,
        )

    def _drained(self) -> Iterator[Had]:
        while self.found:
            yield (*self.found.pop(0), True)

    def _shrink(self) -> None:
        """A smaller batch. Raises HexError where its size was asked for, or it is one row already."""
        tried = self.auto.size
        if self.batch_size is not None or not self.auto.out_of_memory():
            raise HexError(
                f"out of memory on {self.device} with a batch of {tried}: "
                "use a smaller --batch-size or --gen-length; what is finished is saved"
            ) from None
        self.keys.clear()
        self.rows.clear()
        self.watcher.note(f"out of memory: going on with batches of {self.auto.size}")
