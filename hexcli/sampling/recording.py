"""Forward passes recorded as CUDA graphs: one launch in the place of a thousand.

A step on few tokens is over sooner than a host in Python can launch its kernels. Shapes recur while the rows of a
batch stay, so a pass is recorded once its shapes have come a few times. What it computes is the same.
"""

import time
import weakref
from collections.abc import Callable, Hashable, Sequence
from typing import Any, cast

import torch
from torch import Tensor

from hexcli.sampling.exchange import CachingDenoiser, Exchange

# Runs a function once, and gives back what repeats it into the same tensor.
Record = Callable[[Callable[[], Tensor]], Callable[[], Tensor]]
_Key = tuple[Hashable, ...]  # what kind of pass, and its shapes

WARM_UP = 1  # passes before one is recorded: kernels are chosen and caches made in them; shapes may not come again
MOST = 128  # recordings kept
# Tokens times width of a pass: of more, the GPU takes longer than its launches (on an H200 from 1,000 to 2,500 tokens
# of LLaDA-8B on, by the host), and recording only costs.
LARGEST = 1 << 24


class Recorded:
    """A denoiser whose forward passes are recorded. It keeps `logits` and all else that the denoiser has."""

    def __init__(self, denoiser: Any, record: Record) -> None:
        self.denoiser = denoiser
        self.record = record
        self.logits: Callable[[Tensor], Tensor] = denoiser.logits
        self._seen: dict[_Key, int] = {}
        self._made: dict[_Key, tuple[Sequence[Tensor], Callable[[], Tensor]]] = {}
        self._cache: Hashable = None
        self.seconds = 0.0  # that recording took

    def __getattr__(self, name: str) -> Any:
        """What else the denoiser tells of itself: `lookback`, `trained_block`."""
        return getattr(self.denoiser, name)

    def features(self, ids: Tensor, real: Tensor | None = None, wanted: Tensor | None = None) -> Tensor:
        """See sampler.Denoiser and MaskPredictor. The result lasts until the next pass."""
        given = [None if part is None else part.shape for part in (real, wanted)]
        inputs = [part for part in (ids, real, wanted) if part is not None]

        def compute(ids: Tensor, *others: Tensor) -> Tensor:
            rest = iter(others)
            return cast(Tensor, self.denoiser.features(ids, *(None if part is None else next(rest) for part in given)))

        return self._run(("rows", ids.shape, *given), compute, inputs)

    def packed_features(self, ids: Tensor, positions: Tensor, exchange: Any, *wanted: Tensor) -> Tensor:
        """See exchange.CachingDenoiser. The result lasts until the next pass. A packing is not recorded."""
        if not isinstance(exchange, Exchange):
            return cast(Tensor, self.denoiser.packed_features(ids, positions, exchange, *wanted))
        if exchange.cache != self._cache:  # recordings hold the memory of the cache as it was
            for known in (self._seen, self._made):
                for key in [key for key in known if key[0] == "windows"]:
                    del known[key]
            self._cache = exchange.cache

        def compute(ids: Tensor, positions: Tensor, chosen: Tensor, *tensors: Tensor) -> Tensor:
            denoiser = cast(CachingDenoiser, self.denoiser)
            return denoiser.packed_features(ids, positions, exchange.over(tensors), chosen)

        key = ("windows", exchange.layout, wanted[0].shape)
        return self._run(key, compute, (ids, positions, wanted[0], *exchange.tensors))

    def _run(self, key: _Key, function: Callable[..., Tensor], inputs: Sequence[Tensor]) -> Tensor:
        if key in self._made:
            fixed, replay = self._made[key]
            for place, value in zip(fixed, inputs, strict=True):
                place.copy_(value)
            return replay()
        seen = self._seen.get(key, 0)
        if seen < WARM_UP or len(self._made) >= MOST:
            out = function(*inputs)
            if inputs[0].numel() * out.shape[-1] <= LARGEST:  # larger ones never have come often enough
                self._seen[key] = seen + 1
            return out
        began = time.perf_counter()
        fixed = [value.clone() for value in inputs]
        replay = self.record(lambda: function(*fixed))
        self.seconds += time.perf_counter() - began
        self._made[key] = fixed, replay
        return replay()


class CudaGraphs:
    """Records on a GPU; all recordings share their working memory, since one runs at a time."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self._pool: Any = None
        self._stream: Any = None
        self._graphs: weakref.WeakSet[torch.cuda.CUDAGraph] = weakref.WeakSet()

    def __call__(self, function: Callable[[], Tensor]) -> Callable[[], Tensor]:
        """See Record."""
        with torch.cuda.device(self.device):
            graph, here = torch.cuda.CUDAGraph(), torch.cuda.current_stream()
            if not self._graphs:
                self._pool = None  # a pool ends with its last graph
            if self._stream is None:
                self._stream = cast(Any, torch.cuda.Stream)()
            # Not `torch.cuda.graph`, which also collects garbage and empties the allocator: slower than what it saves.
            self._stream.wait_stream(here)
            with torch.cuda.stream(self._stream):
                graph.capture_begin(pool=self._pool)
                try:
                    out = function()
                finally:
                    graph.capture_end()
            here.wait_stream(self._stream)
        self._pool = graph.pool()
        self._graphs.add(graph)

        def replay() -> Tensor:
            graph.replay()
            return out

        return replay


def recorded(denoiser: Any, device: torch.device) -> Any:
    """The denoiser, recorded where that can be: on a GPU, and if it says it is `recordable`."""
    wanted = device.type == "cuda" and getattr(denoiser, "recordable", False)
    return Recorded(denoiser, CudaGraphs(device)) if wanted else denoiser
