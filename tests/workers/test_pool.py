"""Rows go to workers and come back, whatever becomes of a worker."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from hexcli import __version__
from hexcli.errors import HexError
from hexcli.sampling.decoded import Decoded
from hexcli.sampling.row import Row
from hexcli.workers.crew import Seat
from hexcli.workers.events import Done, Event, Failed, Returned, Task, Wasted
from hexcli.workers.links import Hear
from hexcli.workers.messages import Message, event_message, event_of, rows_message, tasks_of
from hexcli.workers.pool import RESTARTS, Pool
from tests import samples

CANVAS = Decoded(
    token_ids=(1, 2),
    commit_step=(0, 1),
    commit_confidence=(0.1, 0.30000000000000004),
    first_step_logprob=-1.25,
    nfe=2,
    tokens_computed=9,
    seconds=0.5,
    batch_size=3,
)
DRAFTED = dataclasses.replace(CANVAS, drafts=((0, (1, 2)), (3, (1, 4))))


def task(number: int) -> Task:
    return Task(f"k{number}", Row(prompt_ids=(number, 7), schedule=samples.schedule(), noise_key=2**63 + number))


class Scripted:
    """A launcher whose workers answer by a script: what each says to each message."""

    def __init__(self, *scripts: Callable[[Message], list[Message] | str], size: int = 2) -> None:
        self.scripts = list(scripts)
        self.size = size
        self.given: list[list[str]] = []
        self.killed = 0

    def launch(self, seat: Seat, hear: Hear) -> "Scripted.Link":
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        hear({"ready": {"device": "cpu", "size": self.size, "spare": 0, "version": __version__}})
        return Scripted.Link(self, script, hear)

    def close(self) -> None:
        pass

    class Link:
        def __init__(self, owner: "Scripted", script: Callable[[Message], list[Message] | str], hear: Hear) -> None:
            self.owner, self.script, self.hear = owner, script, hear

        def send(self, message: Message) -> None:
            if "rows" in message:
                self.owner.given.append([row["key"] for row in message["rows"]])
            said = self.script(message)
            for one in [{"ended": said}] if isinstance(said, str) else said:
                self.hear(one)

        def kill(self) -> None:
            self.owner.killed += 1


class Audience:
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.states: Mapping[str, tuple[str, int, int]] = {}

    def loading(self, share: float) -> None: ...
    def at_work(self) -> None: ...
    def step(self, forwards: int) -> None: ...

    def note(self, message: str) -> None:
        self.notes.append(message)

    def workers(self, states: Mapping[str, tuple[str, int, int]]) -> None:
        self.states = states


def decodes(message: Message) -> list[Message]:
    return [event_message(Done(row["key"], CANVAS, "cpu")) for row in message.get("rows", ())]


def dies(message: Message) -> str:
    return "killed by SIGKILL"


def pool_of(launcher: Scripted, count: int = 1) -> tuple[Pool, Audience]:
    audience = Audience()
    pool = Pool(launcher, [Seat(device="cpu")] * count, audience)
    pool.start()
    return pool, audience


def all_of(pool: Pool, tasks: list[Task]) -> list[Event]:
    """What comes of tasks; those that are returned are given again."""
    waiting, left = list(tasks), {one.key: one for one in tasks}
    events: list[Event] = []
    for event in pool.run(lambda: waiting.pop(0) if waiting else None, lambda: len(left)):
        events.append(event)
        if isinstance(event, Returned):
            waiting.extend(left[key] for key in event.keys)
        elif isinstance(event, Done | Failed):
            del left[event.key]
    return events


@pytest.fixture
def tasks() -> Iterator[list[Task]]:
    yield [task(number) for number in range(9)]


@pytest.mark.parametrize(
    "event",
    [
        Done("k", CANVAS, "cpu"),
        Done("k", DRAFTED, "cpu"),
        Failed("k", "nan"),
        Returned(("k", "l"), "memory"),
        Wasted(7),
    ],
)
def test_events_cross_as_they_are(event: Event) -> None:
    assert event_of(as_json(event_message(event))) == event


def test_rows_cross_as_they_are() -> None:
    tasks = [task(1), task(2)]
    assert tasks_of(as_json(rows_message(tasks))) == tasks


def as_json(message: Message) -> Any:
    import json

    return json.loads(json.dumps(message))


@pytest.mark.parametrize("count", [1, 2, 4])
def test_every_row_is_answered_once(tasks: list[Task], count: int) -> None:
    launcher = Scripted(decodes)
    pool, audience = pool_of(launcher, count)
    events = all_of(pool, tasks)
    assert sorted(event.key for event in events if isinstance(event, Done)) == [one.key for one in tasks]
    assert sum(done for _, done, _ in audience.states.values()) == len(tasks)
    assert max(map(len, launcher.given)) <= 4, "a batch and the next one"
    pool.close()
    assert launcher.killed == count


def test_what_a_dead_worker_had_is_given_again(tasks: list[Task]) -> None:
    pool, audience = pool_of(Scripted(dies, decodes), 2)
    events = all_of(pool, tasks)
    assert sorted(event.key for event in events if isinstance(event, Done)) == [one.key for one in tasks]
    (returned,) = (event for event in events if isinstance(event, Returned))
    assert returned.keys == ("k0", "k1", "k2", "k3")
    assert audience.notes == [
        "worker 1 (cpu) ended (killed by SIGKILL): started again; its 4 generations are given out again"
    ]


def test_workers_that_keep_dying_are_given_up(tasks: list[Task]) -> None:
    pool, audience = pool_of(Scripted(dies), 2)
    with pytest.raises(HexError, match="every worker ended, the last one so: killed by SIGKILL; what is finished"):
        all_of(pool, tasks)
    assert len(audience.notes) == 2 * (RESTARTS + 1)
    assert f"not started again, after {RESTARTS + 1} starts" in audience.notes[-1]


def test_what_nobody_needs_is_taken_back(tasks: list[Task]) -> None:
    dropped: list[str] = []

    def slow(message: Message) -> list[Message]:
        dropped.extend(message.get("drop", ()))
        return decodes({"rows": message["rows"][:1]}) if "rows" in message else []

    pool, _ = pool_of(Scripted(slow))
    waiting = tasks[:3]
    events = pool.run(lambda: waiting.pop(0) if waiting else None, lambda: 3)
    assert next(events) == Done("k0", CANVAS, "cpu")
    pool.withdraw(["k1", "k2", "k8"])
    assert list(events) == []
    assert dropped == ["k1", "k2"]


def test_an_error_of_a_worker_ends_the_run(tasks: list[Task]) -> None:
    pool, _ = pool_of(Scripted(lambda message: [{"error": "out of memory with a batch of 1", "code": 1}]))
    with pytest.raises(HexError, match="out of memory with a batch of 1"):
        all_of(pool, tasks)


def test_another_version_is_refused() -> None:
    class Older(Scripted):
        def launch(self, seat: Seat, hear: Hear) -> Scripted.Link:
            hear({"ready": {"device": "cpu", "size": 1, "spare": 0, "version": "0.0.1"}})
            return Scripted.Link(self, decodes, hear)

    with pytest.raises(HexError, match=r"worker 1 \(cpu\) has hex 0.0.1"):
        pool_of(Older(decodes))
