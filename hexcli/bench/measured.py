"""A crew, and what its decoding took."""

import time
from collections.abc import Sequence

from hexcli.engine.passes import Alone, Decoders
from hexcli.errors import HexError
from hexcli.workers.events import Done, Failed, Returned, Task
from hexcli.workers.pool import Pool


class Measured:
    """Who decodes the rows, round after round.

    count    of workers
    started  seconds until all could work, and had done so once
    seconds  of each round; tokens = of every row, in the last one
    cpu      seconds of this process's processor in all rounds
    spent    seconds of all rounds by worker: decoding, recording passes (part of that), saying what came, cpu
    """

    def __init__(self, who: Decoders, count: int) -> None:
        self.who = who
        self.count = count
        self.started = self.cpu = 0.0
        self.seconds: list[float] = []
        self.tokens: dict[str, tuple[int, ...]] = {}
        self.spent: dict[str, dict[str, float]] = {}

    def start(self, tasks: Sequence[Task]) -> float:
        """Seconds to start all, not only the first of them, and to decode these rows."""
        began = time.perf_counter()
        self.who.start()
        if isinstance(self.who, Pool):
            self.who.await_all(self.count)
        self._decode(tasks)
        self.started = time.perf_counter() - began
        return self.started

    def decode(self, tasks: Sequence[Task]) -> float:
        """Seconds of a round. Raises HexError where a row fails."""
        before, began = self._spent(), time.process_time()
        started = time.perf_counter()
        self.tokens = self._decode(tasks)
        taken = time.perf_counter() - started
        self.seconds.append(taken)
        self.cpu += time.process_time() - began
        after = self._spent()
        if isinstance(self.who, Alone):
            after["this process"]["decoding"] = before["this process"]["decoding"] + taken
        for name, now in after.items():
            own = self.spent.setdefault(name, dict.fromkeys(now, 0.0))
            for kind, value in now.items():
                own[kind] += value - before.get(name, {}).get(kind, 0.0)
        return taken

    def _spent(self) -> dict[str, dict[str, float]]:
        """As of now."""
        if isinstance(self.who, Pool):
            return {name: dict(own) for name, own in self.who.spent.items()}
        recording = self.who.hand.recording if isinstance(self.who, Alone) else 0.0
        return {"this process": {"decoding": 0.0, "recording": recording, "saying": 0.0, "cpu": time.process_time()}}

    def _decode(self, tasks: Sequence[Task]) -> dict[str, tuple[int, ...]]:
        waiting = list(tasks)[::-1]
        by_key = {task.key: task for task in tasks}
        found: dict[str, tuple[int, ...]] = {}
        while len(found) < len(tasks):
            for event in self.who.run(lambda: waiting.pop() if waiting else None, lambda: len(tasks) - len(found)):
                match event:
                    case Done():
                        found[event.key] = event.canvas.token_ids
                    case Returned():
                        waiting.extend(by_key[key] for key in event.keys)
                    case Failed():
                        raise HexError(f"{event.key} failed: {event.reason}")
        return found
