"""One model at work: rows go in as it has room for them, canvases come out; batches shrink where memory runs out."""

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, TypeVar

from hexcli.errors import HexError
from hexcli.workers.batching import AutoBatch, spare_rows
from hexcli.workers.events import Done, Event, Failed, Returned, Task, Wasted
from hexcli.workers.spec import Spec

if TYPE_CHECKING:
    from hexcli.models.loading.loading import LoadedModel
    from hexcli.models.loading.weights import Progress
    from hexcli.sampling.batch import Batch
    from hexcli.sampling.row import Row
    from hexcli.sampling.sampler import Sampler

T = TypeVar("T")


class Hand:
    """A loaded model and the batch that it decodes.

    size   rows that it decodes together, at most
    spare  rows up to which a batch may hold votes that may be in vain (see batching.spare_rows)
    """

    def __init__(self, spec: Spec, model: "LoadedModel") -> None:
        from hexcli.models.loading.loading import device_name

        self.spec = spec
        self.device = device_name(spec.device)
        self.spare = spare_rows(model.denoiser, spec.device, spec.length)
        self._model = model
        self._auto = AutoBatch.on(spec.device, spec.batch_size)
        self._keys: dict[Row, str] = {}
        self._rows: dict[str, Row] = {}
        self._failed: list[Failed] = []
        self._sampler: Sampler | None = None

    @property
    def size(self) -> int:
        return self._auto.size

    @property
    def recording(self) -> float:
        """Seconds that recording passes took (see sampling.recording)."""
        return 0.0 if self._sampler is None else float(getattr(self._sampler.denoiser, "seconds", 0.0))

    @property
    def batch(self) -> "Batch | None":
        """The rows being decoded, to look at."""
        return None if self._sampler is None else self._sampler.batch

    def key(self, row: "Row") -> str | None:
        """The key of a row that is being decoded and still wanted."""
        return self._keys.get(row)

    def withdraw(self, keys: Collection[str]) -> None:
        """These are not needed any more, also where they are being decoded."""
        for key in keys:
            if key in self._rows and self._sampler is not None:
                row = self._rows.pop(key)
                del self._keys[row]
                self._sampler.withdraw(row)

    def run(self, take: Callable[[], Task | None], stepped: Callable[[int], None]) -> Iterator[Event]:
        """Decode what `take` gives until it gives nothing and all is done; `stepped` hears the forwards of each step.

        Ends early where memory ran out. Raises HexError where that is with a batch of one row, or of a size that was
        asked for.
        """
        from hexcli.workers.memory import ran_out, tidy

        if self._sampler is None:
            self._sampler = self._fresh_sampler()
        sampler = self._sampler
        sampler.batch_size = self._auto.size
        sampler.forget()  # recorded passes stay; what was computed of rows that are gone does not

        def after(forwards: int) -> None:
            sampler.batch_size = self._auto.after_step(forwards)
            stepped(forwards)

        def next_row() -> "Row | None":
            if (task := take()) is None:
                return None
            self._keys[task.row], self._rows[task.key] = task.key, task.row
            return task.row

        try:
            for row, canvas in sampler.run(Some(next_row), after):
                yield from self._failures()
                if (key := self._keys.pop(row, None)) is None:  # withdrawn, as it was done
                    yield Wasted(canvas.nfe)
                    continue
                del self._rows[key]
                yield Done(key, canvas, self.device)
        except (RuntimeError, MemoryError) as error:
            if not ran_out(error):
                raise
            self._sampler = None  # with all that it has recorded
            tidy()
            yield self._shrunk()
        yield from self._failures()
        if wasted := sampler.wasted:
            sampler.wasted = 0
            yield Wasted(wasted)

    def _failures(self) -> Iterator[Failed]:
        while self._failed:
            yield self._failed.pop(0)

    def _fresh_sampler(self) -> "Sampler":
        from hexcli.sampling.sampler import Sampler

        sampler = Sampler(
            self._model.denoiser,
            mask_id=self.spec.mask_id,
            batch_size=self._auto.size,
            device=self.spec.device,
            end_ids=self.spec.end_ids,
            end_of_text=self.spec.end_of_text,
            end_of_turn=self.spec.end_of_turn,
            drafts=self.spec.drafts,
        )
        sampler.failed = self._fail
        return sampler

    def _fail(self, row: "Row", reason: str) -> None:
        if (key := self._keys.pop(row, None)) is not None:
            del self._rows[key]
            self._failed.append(Failed(key, reason))

    def _shrunk(self) -> Returned:
        """A smaller batch from here on. Raises HexError where its size was asked for, or it is one row already."""
        tried = self._auto.size
        if self.spec.batch_size is not None or not self._auto.out_of_memory():
            raise HexError(
                f"out of memory on {self.spec.device} with a batch of {tried}: "
                "use a smaller --batch-size or --gen-length; what is finished is saved"
            ) from None
        keys = tuple(self._rows)
        self._keys.clear()
        self._rows.clear()
        return Returned(keys, f"out of memory: going on with batches of {self._auto.size}")


class Some(Iterator[T]):
    """What a function gives. Unlike other iterators it may go on after it ended: none is none for now."""

    def __init__(self, choose: Callable[[], T | None]) -> None:
        self._choose = choose

    def __next__(self) -> T:
        if (chosen := self._choose()) is None:
            raise StopIteration
        return chosen


def start(spec: Spec, progress: "Progress | None" = None) -> Hand:
    """Load the model. Raises HexError where that cannot be done (see loading.load_model)."""
    from hexcli.models.loading.loading import LoadedModel, load_model, torch_dtype

    if spec.untrained is not None:
        from hexcli.models.loading.random_weights import random_weights

        kind = torch_dtype(spec.dtype)
        network = random_weights(
            spec.untrained, spec.reference, device=spec.device, dtype=kind, length=spec.length, canvas=spec.canvas
        )
        return Hand(spec, LoadedModel(denoiser=network, device=spec.device, dtype=spec.dtype))
    model = load_model(
        spec.checkpoint,
        device=spec.device,
        dtype=spec.dtype,
        length=spec.length,
        canvas=spec.canvas,
        cached=spec.cached,
        progress=progress,
    )
    return Hand(spec, model)
