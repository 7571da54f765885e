"""The work of a worker, whoever carries its messages: load the model, decode what is asked for, say what comes."""

import collections
import queue
import time
from collections.abc import Callable, Mapping
from typing import Any

from hexcli.errors import HexError
from hexcli.plugins.registering import register_installed, register_rules
from hexcli.version import VERSION
from hexcli.workers.events import Event, Task
from hexcli.workers.hand import Hand, start
from hexcli.workers.messages import Message, event_message, tasks_of
from hexcli.workers.spec import Spec

# Seconds between two words about forward passes.
SAY_SECONDS = 0.25


def serve(spec: Spec, inbox: "queue.Queue[Message]", send: Callable[[Message], None]) -> None:
    """Decode until the message `end` comes. What a user can mend is said as `error`; other exceptions are raised."""
    try:
        register_installed(lambda message: None)  # the driver has said what there is to say
        register_rules(spec.rules)
        if spec.threads is not None:
            import torch

            torch.set_num_threads(spec.threads)
        hand = start(spec, lambda share: send({"loading": share}))
        ready = {"device": hand.device, "size": hand.size, "spare": hand.spare, "version": VERSION}
        send({"ready": ready})
        _Serving(hand, inbox, send).until_end()
    except HexError as error:
        send({"error": str(error), "code": error.exit_code})


class _Serving:
    """One worker between its messages."""

    def __init__(self, hand: Hand, inbox: "queue.Queue[Message]", send: Callable[[Message], None]) -> None:
        self.hand = hand
        self.inbox = inbox
        self.send = send
        self.tasks: collections.deque[Task] = collections.deque()
        self.ended = False
        self.forwards = 0
        self.said = 0.0
        self.size = hand.size
        self.began = self.decoding = self.saying = 0.0

    def until_end(self) -> None:
        """Decode what comes."""
        while not self.ended:
            if not self.tasks:
                self.hear(self.inbox.get())
            self.began = time.perf_counter()
            for event in self.hand.run(self.take, self.stepped):
                self.tell(event)
            self.lap()
            self.say_steps()

    def lap(self) -> None:
        """It has decoded until now."""
        now = time.perf_counter()
        self.decoding, self.began = self.decoding + now - self.began, now

    def tell(self, event: Event) -> None:
        """Say what became of a row. What that takes is no decoding."""
        self.lap()
        said = self.began
        self.say_steps()
        self.send(event_message(event))
        self.began = time.perf_counter()
        self.saying += self.began - said

    def take(self) -> Task | None:
        """The next row, where there is one now."""
        self.listen()
        return self.tasks.popleft() if self.tasks and not self.ended else None

    def listen(self) -> None:
        """Hear all that was said."""
        while True:
            try:
                self.hear(self.inbox.get_nowait())
            except queue.Empty:
                return

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take one message to heart."""
        if "rows" in message:
            self.tasks.extend(tasks_of(message))
        elif "drop" in message:
            dropped = frozenset(message["drop"])
            self.tasks = collections.deque(task for task in self.tasks if task.key not in dropped)
            self.hand.withdraw(dropped)
        elif "end" in message:
            self.ended = True

    def stepped(self, forwards: int) -> None:
        """A step is done: say so now and then, and hear what is not needed any more."""
        self.forwards += forwards
        self.lap()
        self.listen()
        if time.monotonic() - self.said >= SAY_SECONDS or self.hand.size != self.size:
            self.say_steps()

    def say_steps(self) -> None:
        """The forward passes since this was last said."""
        if self.forwards:
            self.size = self.hand.size
            spent = {
                "decoding": self.decoding,
                "recording": self.hand.recording,
                "saying": self.saying,
                "cpu": time.process_time(),
            }
            self.send({"stepped": self.forwards, "size": self.size, "spent": spent})
            self.forwards, self.said = 0, time.monotonic()
