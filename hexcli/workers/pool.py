"""Several workers at one list of rows: each is given as many as it has room for; what one that died had goes to others.

The driver that holds the pool is the only one who knows of votes, cache and run folder.
"""

import queue
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol

from hexcli.errors import HexError, UsageError
from hexcli.version import VERSION
from hexcli.workers.crew import Seat
from hexcli.workers.dealing import Dealer
from hexcli.workers.events import Done, Event, Failed, Returned, Task, Waited, Wasted
from hexcli.workers.links import Launcher
from hexcli.workers.messages import Message, event_of
from hexcli.workers.place import Place

RESTARTS = 3  # of one worker that finished nothing in between
MOST_RESTARTS = 20  # of one worker in all
WAIT_SECONDS = 0.5


class Audience(Protocol):
    """Who is told how the workers do."""

    def loading(self, share: float) -> None: ...
    def at_work(self) -> None: ...
    def step(self, forwards: int) -> None: ...
    def note(self, message: str) -> None: ...
    def workers(self, states: Mapping[str, tuple[str, int, int]]) -> None: ...


class Pool:
    """Workers on their seats. A context manager; everything it starts ends with it.

    size, spare  of all workers together, see Hand
    """

    def __init__(self, launcher: Launcher, seats: Sequence[Seat], audience: Audience) -> None:
        self._launcher = launcher
        self._audience = audience
        self._places = [Place(number=number, seat=seat) for number, seat in enumerate(seats, start=1)]
        # A simple one, which Ctrl-C cannot leave locked: whoever ends the workers waits for those that say things here.
        self._heard: queue.SimpleQueue[tuple[Place, int, Message]] = queue.SimpleQueue()
        self._shown = 0.0
        self._dealer = Dealer(self._places)

    def start(self) -> None:
        """Start all workers, and wait for the first that is ready. Raises HexError where one cannot work."""
        for place in self._places:
            self._launch(place)
        while not any(place.state == "ready" for place in self._places):
            for _ in self._hear():
                """Nobody was given anything yet."""
        self._audience.at_work()

    def await_all(self, count: int) -> None:
        """Wait until so many are ready: to measure, not to work. Raises HexError as `start`."""
        while sum(place.state == "ready" for place in self._places) < count:
            for _ in self._hear():
                """Nobody was given anything yet."""

    def close(self) -> None:
        """End all workers, also where Ctrl-C comes meanwhile."""
        try:
            self._end_all()
        except KeyboardInterrupt:
            self._end_all()
            raise

    def _end_all(self) -> None:
        for place in self._places:
            if place.link is not None:
                place.times += 1  # what it still says is not heard
                place.link.kill()
                place.link = None
        self._launcher.close()

    @property
    def size(self) -> int:
        return sum(place.size for place in self._places)

    @property
    def spare(self) -> int:
        return max(place.spare for place in self._places) * len(self._alive)

    @property
    def spent(self) -> dict[str, Mapping[str, float]]:
        """Seconds that each worker has spent so far, by its name, as it last said: decoding, recording passes (part of
        that), saying what came, and those of its processor (cpu)."""
        return {place.name: place.spent for place in self._places}

    @property
    def _alive(self) -> list[Place]:
        return [place for place in self._places if place.state != "gone"]

    def run(self, take: Callable[[], Task | None], left: Callable[[], int]) -> Iterator[Event]:
        """Have decoded what `take` gives until it gives nothing and all is answered; `left` = tasks not done yet.

        Raises HexError where a worker cannot go on, or all have ended too often.
        """
        while True:
            self._dealer.deal(take, left)
            ready = any(place.state == "ready" for place in self._places)
            if ready and not any(place.held for place in self._places):
                self._show(at_once=True)
                return
            yield from self._hear()

    def withdraw(self, keys: Collection[str]) -> None:
        """These are not needed any more, also where they are being decoded."""
        for place in self._places:
            dropped = [key for key in keys if place.held.pop(key, None) is not None]
            if dropped and place.link is not None:
                place.link.send({"drop": dropped})

    def _launch(self, place: Place) -> None:
        place.times += 1
        place.state = "starting"
        number = place.times
        place.link = self._launcher.launch(place.seat, lambda message: self._heard.put((place, number, message)))

    def _hear(self) -> Iterator[Event]:
        """What the next message says; that there was none for a while."""
        try:
            place, times, message = self._heard.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            yield Waited()
            return
        if times != place.times:
            return  # of a worker that has ended
        if "error" in message:
            kind = UsageError if message["code"] == UsageError.exit_code else HexError
            raise kind(message["error"])
        if "ended" in message:
            yield from self._ended(place, message["ended"])
        elif "ready" in message:
            self._ready(place, message["ready"])
        elif "loading" in message:
            place.share = message["loading"]
            self._audience.loading(min(one.share for one in self._alive))
        elif "stepped" in message:
            place.size = message["size"]
            place.passes += message["stepped"]
            place.spent = message["spent"]
            self._audience.step(message["stepped"])
        elif (event := event_of(message)) is not None:
            yield from self._answered(place, event)
        self._show(at_once=not {"stepped", "done", "failed", "wasted"} & message.keys())

    def _ready(self, place: Place, said: Mapping[str, object]) -> None:
        if said["version"] != VERSION:
            raise HexError(f"{place.name} has hex {said['version']}, the driver {VERSION}: install the same")
        place.state, place.share = "ready", 1.0
        place.size, place.spare = int(str(said["size"])), int(str(said["spare"]))

    def _answered(self, place: Place, event: Event) -> Iterator[Event]:
        match event:
            case Done():
                if place.held.pop(event.key, None) is None:  # it was withdrawn in that moment
                    yield Wasted(event.canvas.nfe)
                    return
                place.done += 1
                place.vain = 0
            case Failed():
                if place.held.pop(event.key, None) is None:
                    return
            case Returned():
                self._audience.note(f"{place.name}: {event.why}")
                event = Returned(tuple(key for key in event.keys if place.held.pop(key, None)), event.why)
        yield event

    def _ended(self, place: Place, why: str) -> Iterator[Event]:
        """A worker is no more: what it had is returned, and it is started again unless it keeps ending."""
        keys = tuple(place.held)
        place.held.clear()
        place.vain += 1
        again = place.vain <= RESTARTS and place.times <= MOST_RESTARTS
        if place.link is not None:
            place.link.kill()  # of a process, to close its pipes
        place.link, place.state = None, "gone"
        had = f"; its {len(keys)} generation{'s are' if len(keys) > 1 else ' is'} given out again" if keys else ""
        then = "started again" if again else f"not started again, after {place.times} starts"
        self._audience.note(f"{place.name} ended ({why}): {then}{had}")
        if again:
            self._launch(place)
        elif not self._alive:
            raise HexError(f"every worker ended, the last one so: {why}; what is finished is saved")
        if keys:
            yield Returned(keys, why)

    def _show(self, *, at_once: bool) -> None:
        now = time.monotonic()
        if at_once or now - self._shown > WAIT_SECONDS:
            self._shown = now
            self._audience.workers({place.name: (place.state, place.done, place.passes) for place in self._places})
