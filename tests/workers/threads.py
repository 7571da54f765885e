"""Workers that are threads of this process: messages and work are those of processes, and they are there at once."""

import json
import queue
import threading
from collections.abc import Callable
from typing import Any

import pytest

from hexcli.models.loading.loading import LoadedModel
from hexcli.workers import serving
from hexcli.workers.crew import Seat
from hexcli.workers.hand import Hand, start
from hexcli.workers.links import Hear
from hexcli.workers.messages import Message
from hexcli.workers.processes import seated
from hexcli.workers.spec import Spec


class Threads:
    """A launcher, in the place of `Processes`."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec

    def launch(self, seat: Seat, hear: Hear) -> "Link":
        return Link(Spec.from_dict(json.loads(json.dumps(seated(self._spec, seat).to_dict()))), hear)

    def close(self) -> None: ...


class Link:
    def __init__(self, spec: Spec, hear: Hear) -> None:
        self.inbox: queue.Queue[Message] = queue.Queue()
        said: Hear = lambda message: hear(json.loads(json.dumps(message)))  # noqa: E731
        self.thread = threading.Thread(target=serving.serve, args=(spec, self.inbox, said), daemon=True)
        self.thread.start()

    def send(self, message: Message) -> None:
        self.inbox.put(json.loads(json.dumps(message)))

    def kill(self) -> None:
        self.send({"end": True})
        self.thread.join()


def use_threads(patch: pytest.MonkeyPatch, around: Callable[[Any], Any] | None = None) -> None:
    """Let `--workers` start threads; `around` is put around the denoiser of each."""
    patch.setattr("hexcli.workers.processes.Processes", Threads)
    if around is None:
        return

    def started(spec: Spec, progress: Any = None) -> Hand:
        hand = start(spec, progress)
        model = hand._model
        return Hand(spec, LoadedModel(denoiser=around(model.denoiser), device=model.device, dtype=model.dtype))

    patch.setattr(serving, "start", started)
