"""What connects the driver with a worker, whatever carries the messages."""

from collections.abc import Callable
from typing import Protocol

from hexcli.workers.crew import Seat
from hexcli.workers.messages import Message

# Hears every message of one worker in order; at last `ended`, with why, once it can say nothing more.
Hear = Callable[[Message], None]


class Link(Protocol):
    """One worker that was started."""

    def send(self, message: Message) -> None:
        """Say something to it; to one that has ended it is lost."""
        ...

    def kill(self) -> None:
        """End it, whatever it is doing. It may say `ended` still."""
        ...


class Launcher(Protocol):
    """Starts workers."""

    def launch(self, seat: Seat, hear: Hear) -> Link:
        """Start a worker. Raises HexError where none can be."""
        ...

    def close(self) -> None:
        """Nobody is started any more; all workers are killed."""
        ...
