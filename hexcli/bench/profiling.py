"""Where the time of a mode goes, without a line of it in the sampler: the denoiser is wrapped, and timed.

channels  forward = the transformer, head = the vocabulary scores, sampling = the rest of a step (noise,
          probabilities, commits), host = what is between the steps (rows that come and go)

On a GPU every channel is waited for, which hides how far the host is ahead; so this is a run of its own, beside the
timed ones.
"""

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import torch
from torch import Tensor

from hexcli.bench import machine
from hexcli.bench.modes import Mode, Stage
from hexcli.sampling.recording import recorded
from hexcli.sampling.sampler import Denoiser, Row

CHANNELS = ("forward", "head", "sampling", "host")


class Stopwatch:
    """A denoiser that takes the time of its two halves, and of the steps they are in."""

    recordable = False  # waiting for the device is no part of a recording

    def __init__(self, denoiser: Denoiser, device: str) -> None:
        self.denoiser = denoiser
        self.device = device
        self.forward = self.head = self.head_in_steps = self.steps = 0.0
        self._began: float | None = None
        # On a CPU several threads are in the transformer at once: their time is that of the clock, not their sum.
        self._lock = threading.Lock()
        self._inside, self._entered = 0, 0.0

    def features(self, ids: Tensor, real: Tensor | None = None) -> Tensor:
        """See sampler.Denoiser. A step begins here."""
        with self._transformer():
            return self.denoiser.features(ids, real)

    def logits(self, features: Tensor) -> Tensor:
        """See sampler.Denoiser."""
        started = self.now()
        out = self.denoiser.logits(features)
        passed = self.now() - started
        self.head += passed
        if self._began is not None:
            self.head_in_steps += passed
        return out

    def packed_features(self, *inputs: Any) -> Tensor:
        """See exchange.CachingDenoiser and packing.PackedDenoiser. A step may begin here, too."""
        with self._transformer():
            out: Tensor = cast(Any, self.denoiser).packed_features(*inputs)
        return out

    @contextmanager
    def _transformer(self) -> Iterator[None]:
        now = self.now()
        with self._lock:
            if self._began is None:
                self._began = now
            if self._inside == 0:
                self._entered = now
            self._inside += 1
        try:
            yield
        finally:
            now = self.now()
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self.forward += now - self._entered

    def __getattr__(self, name: str) -> object:
        """What else the denoiser tells of itself, if it does: `lookback`, `trained_block`."""
        return getattr(self.denoiser, name)

    def step(self, forwards: int) -> None:
        """A step ends."""
        if self._began is not None:
            self.steps += self.now() - self._began
            self._began = None

    def now(self) -> float:
        """The time when all that was asked of the device is done."""
        machine.synchronize(self.device)
        return time.perf_counter()


def channels(mode: Mode, stage: Stage, rows: Sequence[Row]) -> dict[str, float]:
    """Seconds in each of CHANNELS while the mode decodes the rows."""
    return measure_channels(mode, stage, lambda watched, step: _drain(mode, watched, rows, step))


def measure_channels(
    mode: Mode, stage: Stage, decode: Callable[[Stage, Callable[[int], None]], object]
) -> dict[str, float]:
    """Seconds in each of CHANNELS while `decode`, in that mode, works on a stage and tells of its steps."""
    # What our engine records on a GPU is recorded here, too; the published loop launches kernel by kernel.
    denoiser = recorded(stage.denoiser, torch.device(stage.device)) if mode.mixed else stage.denoiser
    watch = Stopwatch(denoiser, stage.device)
    started = watch.now()
    decode(dataclasses.replace(stage, denoiser=watch), watch.step)
    whole = watch.now() - started
    # What is between two readings of the clock is rounding, and no time that ran backwards.
    sampling = max(watch.steps - watch.forward - watch.head_in_steps, 0.0)
    host = max(whole - watch.forward - watch.head - sampling, 0.0)
    return {"forward": watch.forward, "head": watch.head, "sampling": sampling, "host": host}


def _drain(mode: Mode, stage: Stage, rows: Sequence[Row], step: Callable[[int], None]) -> None:
    for _ in mode.decode(stage, rows, step):
        pass
