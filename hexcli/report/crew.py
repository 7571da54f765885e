"""How the workers of a run do, in lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hexcli.errors import plural

# Workers that get a line each; more share one.
MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Crew:
    """Workers by name: starting, ready or gone, generations finished, forward passes; since `started` on `clock`."""

    states: Mapping[str, tuple[str, int, int]]
    started: float
    clock: Callable[[], float]

    @property
    def summary(self) -> str:
        """All of them in a few words."""
        counts = {state: sum(one == state for one, _, _ in self.states.values()) for state in ("ready", "starting")}
        said = [f"{counts['ready']} of {len(self.states)} workers at work"]
        if counts["starting"]:
            said.append(f"{counts['starting']} starting")
        if gone := len(self.states) - sum(counts.values()):
            said.append(f"{gone} gone")
        return ", ".join(said)

    def lines(self) -> list[str]:
        """A line a worker, or one for all where they are many."""
        if len(self.states) > MOST_LINES:
            return [self.summary]
        seconds = max(self.clock() - self.started, 1e-9)
        width = max(map(len, self.states), default=0)
        return [
            f"{name:{width}}  "
            + (f"{plural(done, 'generation')}, {passes / seconds:.0f} NFE/s" if state == "ready" else state)
            for name, (state, done, passes) in self.states.items()
        ]
