"""How rows are dealt out: simulated workers, whose clock is an event list, keep busy and end together."""

import collections
import heapq
import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest

from hexcli import __version__
from hexcli.workers.crew import Seat
from hexcli.workers.events import Done, Task
from hexcli.workers.links import Hear
from hexcli.workers.messages import Message, event_message
from hexcli.workers.pool import Pool
from tests.workers.test_pool import CANVAS, Audience, task

LATENCY = 0.05  # of a message, in steps of one row


class World:
    """Workers in a time of their own, and the queue through which their messages come.

    steps  of each row, by its key; cost = of a step of so many rows; size = rows of a batch
    """

    def __init__(self, steps: dict[str, int], cost: Callable[[int], float], size: int) -> None:
        self.steps, self.cost, self.size = steps, cost, size
        self.now = 0.0
        self._order = itertools.count()
        self._events: list[tuple[float, int, Callable[[], Any]]] = []
        self.heard: collections.deque[Any] = collections.deque()
        self.given: list[set[str]] = []  # of each worker, the prompts of its rows

    def later(self, delay: float, action: Callable[[], Any]) -> None:
        heapq.heappush(self._events, (self.now + delay, next(self._order), action))

    def put(self, item: Any) -> None:
        self.later(LATENCY, lambda: self.heard.append(item))

    def get(self, timeout: float) -> Any:
        while not self.heard:
            self.now, _, action = heapq.heappop(self._events)
            action()
        return self.heard.popleft()

    def launch(self, seat: Seat, hear: Hear) -> "Worker":
        return Worker(self, hear)

    def close(self) -> None: ...


class Worker:
    """Decodes in batches, step by step: a row that is done leaves its place to the next that is here by then."""

    def __init__(self, world: World, hear: Hear) -> None:
        self.world, self.hear = world, hear
        self.prompts: set[str] = set()
        world.given.append(self.prompts)
        self.waiting: collections.deque[str] = collections.deque()
        self.batch: dict[str, int] = {}
        hear({"ready": {"device": "cpu", "size": world.size, "spare": 0, "version": __version__}})

    def send(self, message: Message) -> None:
        self.prompts |= {str(row["prompt_ids"]) for row in message["rows"]}
        self.world.later(LATENCY, lambda: self.get([row["key"] for row in message["rows"]]))

    def get(self, keys: list[str]) -> None:
        self.waiting.extend(keys)
        if not self.batch:
            self.step()

    def step(self) -> None:
        while self.waiting and len(self.batch) < self.world.size:
            key = self.waiting.popleft()
            self.batch[key] = self.world.steps[key]
        if self.batch:
            self.world.later(self.world.cost(len(self.batch)), self.stepped)

    def stepped(self) -> None:
        for key in list(self.batch):
            self.batch[key] -= 1
            if not self.batch[key]:
                del self.batch[key]
                self.hear(event_message(Done(key, CANVAS, "cpu")))
        self.step()

    def kill(self) -> None: ...


def time_of(device: str, count: int, tasks: list[Task], world: World) -> float:
    """Steps until all is decoded."""
    pool = Pool(world, [Seat(device=device)] * count, Audience())
    pool._heard = world  # type: ignore[assignment]
    pool.start()
    waiting, done = list(tasks), set[str]()
    for event in pool.run(lambda: waiting.pop(0) if waiting else None, lambda: len(tasks) - len(done)):
        assert isinstance(event, Done)
        done.add(event.key)
    assert len(done) == len(tasks)
    return world.now


def ratio(device: str, count: int, lengths: list[int], cost: Callable[[int], float], size: int) -> float:
    tasks = [task(number) for number in range(len(lengths))]
    steps = {one.key: length for one, length in zip(tasks, lengths, strict=True)}
    alone, crew = (time_of(device, many, tasks, World(steps, cost, size)) for many in (1, count))
    return alone / crew


@pytest.mark.parametrize("count", [2, 4])
def test_gpus_that_end_a_batch_all_at_once_begin_the_next_one_whole(count: int) -> None:
    assert ratio("cuda", count, [64] * 16 * 8, lambda rows: 1.0, 16) > 0.97 * count


def test_gpus_whose_rows_end_one_by_one_are_kept_full() -> None:
    draw = random.Random(0)
    lengths = [draw.randint(15, 64) for _ in range(512)]
    assert ratio("cuda", 2, lengths, lambda rows: 1.0, 16) > 1.9


@pytest.mark.parametrize(("count", "rows"), [(2, 40), (2, 120), (4, 240)])
def test_cpus_end_together_though_some_rows_take_longer(count: int, rows: int) -> None:
    draw = random.Random(0)
    lengths = [draw.randint(15, 64) for _ in range(rows)]
    assert ratio("cpu", count, lengths, lambda rows: float(max(rows, 4)), 16) > 0.9 * count


@pytest.mark.parametrize("count", [2, 4])
def test_votes_on_one_problem_go_to_one_cpu(count: int) -> None:
    """They share passes there; only the last ones, which everybody has to end with, are spread."""
    draw = random.Random(0)
    prompts = 8 * count
    tasks = [Task(f"k{number}", task(number // 15).row) for number in range(15 * prompts)]
    steps = {one.key: draw.randint(15, 64) for one in tasks}
    alone, world = World(steps, float, 16), World(steps, float, 16)
    ratio = time_of("cpu", 1, tasks, alone) / time_of("cpu", count, tasks, world)
    assert ratio > 0.9 * count
    assert sum(map(len, world.given)) <= prompts + 3 * count
