"""Workers as actors of a Ray cluster: Ray finds them GPUs, the pool gives what a dead one had to others."""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hexcli.errors import UsageError, plural
from hexcli.workers.crew import Crew, Seat, cores
from hexcli.workers.links import Hear
from hexcli.workers.messages import Message
from hexcli.workers.processes import seated
from hexcli.workers.ray_cluster import connect
from hexcli.workers.spec import Spec

POLL_SECONDS = 5.0  # that an actor keeps a question for news waiting, where there is none


class RayActors:
    """A Launcher of actors that decode with one model."""

    def __init__(self, spec: Spec, note: Callable[[str], None]) -> None:
        self._spec = spec
        self._note = note
        self._ray = connect()

    def seats(self, crew: Crew) -> list[Seat]:
        """A GPU, or as many as are asked for, to each actor; cores where there are none. Raises UsageError."""
        has = self._ray.cluster_resources()
        options = self._spec.checkpoint.options
        if self._spec.device == "cpu":
            if crew.gpus is not None:
                raise UsageError(f"--gpus-per-worker {crew.gpus}, and this Ray cluster has no GPU: leave it out")
            count = crew.count or 1
            return [Seat(device="cpu", threads=max(min(int(has.get("CPU", 1)), cores()) // count, 1))] * count
        here = int(has.get("GPU", 0))
        if options.device_map not in (None, "auto"):
            raise UsageError(f"-M device_map={options.device_map}: with --engine ray say auto, and --gpus-per-worker N")
        each = crew.gpus or (max(here // (crew.count or 1), 1) if options.device_map else 1)
        count = crew.count or max(here // each, 1)
        if count * each > here:
            self._note(
                f"{plural(count, 'worker')} with {plural(each, 'GPU')} each, and the Ray cluster has {here}: some will "
                "wait for more"
            )
        # An actor sees its own GPUs only.
        return [Seat(device="cuda", device_map="auto" if each > 1 else None, gpus=each)] * count

    def launch(self, seat: Seat, hear: Hear) -> "RayLink":
        """See Launcher."""
        total = float(self._ray.cluster_resources().get("CPU", 1))
        groups = self._ray.remote(concurrency_groups={"say": 1, "news": 1})
        actor = groups(_actor_class(self._ray)).options(
            num_cpus=0 if seat.gpus else min(seat.threads or 1, total),
            num_gpus=seat.gpus,
            max_restarts=0,  # the pool starts another one, and knows what this one had
        )
        return RayLink(self._ray, actor.remote(seated(self._spec, seat).to_dict()), hear)

    def close(self) -> None:
        """See Launcher: each actor is killed through its link. The cluster stays for the next run of a sweep."""


class RayLink:
    """A Link to an actor. A thread of its own asks it for news."""

    def __init__(self, ray: Any, actor: Any, hear: Hear) -> None:
        self._ray = ray
        self._actor = actor
        self._hear = hear
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def send(self, message: Message) -> None:
        """See Link."""
        with suppress(self._ray.exceptions.RayError):  # it has ended, and says so
            self._actor.say.remote(message)

    def kill(self) -> None:
        """See Link."""
        with suppress(self._ray.exceptions.RayError, ValueError):
            self._ray.kill(self._actor)
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _listen(self) -> None:
        try:
            while True:
                for message in self._ray.get(self._actor.news.remote()):
                    self._hear(message)
                    if "ended" in message:
                        return
        except self._ray.exceptions.RayError as error:
            lines = [line.strip() for line in str(error).splitlines() if line.strip()]
            self._hear({"ended": f"{type(error).__name__}: {(lines or ['no message'])[0]}"})


class Actor:
    """One worker, in a process of the cluster."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._inbox: queue.Queue[Message] = queue.Queue()
        self._outbox: queue.Queue[Message] = queue.Queue()
        threading.Thread(target=self._serve, args=(fields,), daemon=True).start()

    def say(self, message: Message) -> None:
        """A message for this worker."""
        self._inbox.put(message)

    def news(self) -> list[Message]:
        """What this worker has said since it was last asked; waits for something."""
        found: list[Message] = []
        with suppress(queue.Empty):
            found.append(self._outbox.get(timeout=POLL_SECONDS))
            while True:
                found.append(self._outbox.get_nowait())
        return found

    def _serve(self, fields: dict[str, Any]) -> None:
        from hexcli.errors import HexError
        from hexcli.workers.serving import serve

        try:
            serve(Spec.from_dict(fields).found_here(), self._inbox, self._outbox.put)
        except HexError as error:
            self._outbox.put({"error": str(error), "code": error.exit_code})
        except BaseException as error:
            self._outbox.put({"ended": f"{type(error).__name__}: {error}"})
            raise


def _actor_class(ray: Any) -> type:
    """Actor, whose two methods run side by side, each in the order of its calls."""

    class Worker(Actor):
        say = ray.method(concurrency_group="say")(Actor.say)
        news = ray.method(concurrency_group="news")(Actor.news)

    return Worker
