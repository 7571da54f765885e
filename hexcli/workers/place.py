"""One seat of a crew, and the worker that now sits there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hexcli.workers.crew import Seat
from hexcli.workers.events import Task
from hexcli.workers.links import Link


@dataclass(slots=True, kw_only=True)
class Place:
    """A seat, and what its worker is at.

    held   what it was given and has not answered, by key
    times  it was started; `vain` = it ended since it last finished anything
    spent  seconds, as it last said (see Pool.spent)
    """

    number: int
    seat: Seat
    link: Link | None = None
    state: str = "starting"
    size: int = 1
    spare: int = 0
    share: float = 0.0
    held: dict[str, Task] = field(default_factory=dict)
    times: int = 0
    vain: int = 0
    done: int = 0
    passes: int = 0
    spent: Mapping[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the user sees."""
        return f"worker {self.number} ({self.seat.device})"
