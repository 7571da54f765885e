"""How the work goes, on stderr: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TextIO

from hexcli.errors import plural
from hexcli.records import Canvas, Generation
from hexcli.report.console import console
from hexcli.report.crew import Crew
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# Seconds between plain lines: a log of an hour stays readable.
PLAIN_INTERVAL = 10.0
_BAR = 20  # columns of the bar
# The parts of the line where there is no room for all: time left, generations, their rate, problems, NFE.
_IMPORTANCE = (4, 1, 2, 0, 3)


class Meter:
    """Counts what is done and how fast. An engine.watching.Watcher; subclasses show it."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream = stream
        self.clock = clock
        self.total = self.generations = self.nfe = self.nfe_wanted = self.problems = self.decoded = 0
        self.left: dict[str, int] = {}
        self.at_most = ""
        self.started = clock()
        self.crew: Crew | None = None

    def begin(self, *, total: int, reused: int, nfe: int, left: Mapping[str, int], at_most: bool) -> None:
        """See Watcher."""
        self.total, self.generations, self.nfe_wanted = total, reused, nfe
        self.at_most = "at most " if at_most else ""
        self.nfe = self.decoded = 0
        self.left = dict(left)
        self.problems = sum(count == 0 for count in self.left.values())
        self.started = self.clock()
        if reused:
            self.note(f"reusing {reused} of {plural(total, 'generation')}")
        if nfe:
            self.note(f"decoding {self.at_most}{plural(total - reused, 'generation')}, at most {nfe} NFE")
        self.show()

    def unneeded(self, problem_id: str, nfe: int) -> None:
        """See Watcher."""
        self.total -= 1
        self.nfe_wanted -= nfe
        self._done(problem_id)

    def loading(self, share: float) -> None:
        """See Watcher."""

    def at_work(self) -> None:
        """See Watcher: rates and the time left are those of decoding, whatever it took to begin."""
        self.started = self.clock()

    def step(self, forwards: int) -> None:
        """See Watcher."""
        self.nfe += forwards
        self.show()

    @property
    def looks(self) -> bool:
        """See Watcher: a bar shows no canvas."""
        return False

    def canvases(self, canvases: Sequence[Canvas]) -> None:
        """See Watcher."""

    def finished(self, generation: Generation) -> None:
        """See Watcher."""
        self.generations += 1
        self.decoded += 1
        if not generation.cached:  # a text that ended early leaves forward passes over
            self.nfe_wanted -= max(generation.schedule.nfe - generation.response.nfe, 0)
        self._done(generation.problem.id)

    def _done(self, problem_id: str) -> None:
        self.left[problem_id] -= 1
        self.problems += self.left[problem_id] == 0
        self.show()

    def workers(self, states: Mapping[str, tuple[str, int, int]]) -> None:
        """See Watcher."""
        self.crew = Crew(states, self.started, self.clock)

    def note(self, message: str) -> None:
        """See Watcher."""
        print(visible(message), file=self.stream, flush=True)

    def show(self) -> None:
        """Bring the display up to date."""

    @property
    def line(self) -> str:
        """Problems, generations a second, NFE a second and the time left, in words."""
        return ", ".join(self._said())

    def line_in(self, width: int) -> str:
        """As much of the line as has room, the time left before all else."""
        said = self._said()
        kept: list[int] = []
        for place in _IMPORTANCE:
            if sum(len(said[other]) + 2 for other in [*kept, place]) - 2 <= width or not kept:
                kept.append(place)
        return ", ".join(said[place] for place in sorted(kept))

    def _said(self) -> tuple[str, str, str, str, str]:
        seconds = max(self.clock() - self.started, 1e-9)
        rate = self.nfe / seconds
        # What a lost worker had begun counts twice, and what another process decoded not at all.
        ahead = max(self.nfe_wanted - self.nfe, 0) if self.generations < self.total else 0
        return (
            f"{self.problems}/{len(self.left)} problems",
            f"{self.generations}/{self.total} generations",
            f"{self.decoded / seconds:.1f} generations/s",
            f"{rate:.0f} NFE/s",
            f"at most {_clock(ahead / rate)} left" if rate else "starting",
        )


class PlainMeter(Meter):
    """A line now and then, where stderr is a file or a pipe."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, clock)
        self.shown = self.started

    def loading(self, share: float) -> None:
        """Print a line if the last one is old enough, or all is read."""
        if share >= 1 or self.clock() - self.shown >= PLAIN_INTERVAL:
            self.shown = self.clock()
            self.note(f"reading the model: {share:.0%}")

    def at_work(self) -> None:
        """See Watcher. A first line right now would tell of the first step only."""
        super().at_work()
        self.shown = self.started

    def show(self) -> None:
        """Print a line if the last one is old enough, or all is done."""
        done = self.nfe_wanted > 0 and self.generations == self.total
        if self.nfe and (done or self.clock() - self.shown >= PLAIN_INTERVAL):
            self.shown = self.clock()
            self.note(self.line if self.crew is None else f"{self.line}; {self.crew.summary}")


class BarMeter(Meter):
    """A live bar."""

    def __init__(self, stream: TextIO, bar: "Progress", clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, clock)
        self.bar = bar
        self.task = bar.add_task("", total=None, visible=False)
        self.own: list[TaskID] = []  # lines of the workers

    def note(self, message: str) -> None:
        """Print above the bar."""
        self.bar.console.print(visible(message))

    def loading(self, share: float) -> None:
        """Draw how much is read."""
        self.bar.update(
            self.task, visible=True, total=1, completed=share, description=f"reading the model: {share:.0%}"
        )

    def workers(self, states: Mapping[str, tuple[str, int, int]]) -> None:
        """See Watcher: a line each under the bar."""
        super().workers(states)
        lines = self.crew.lines() if self.crew is not None else []
        while len(self.own) < len(lines):
            self.own.append(self.bar.add_task("", total=None))
        for task, line in zip(self.own, lines, strict=False):
            self.bar.update(task, description=visible(line[: self.bar.console.width - _BAR - 2]))

    def show(self) -> None:
        """Redraw, only where there is something to decode."""
        if self.nfe_wanted:
            said = self.line_in(self.bar.console.width - _BAR - 2)
            self.bar.update(self.task, visible=True, total=self.nfe_wanted, completed=self.nfe, description=said)


def meter(stream: TextIO | None = None) -> AbstractContextManager[Meter]:
    """The fitting meter for stderr (or `stream`), to be used in a `with`."""
    stream = stream or sys.stderr
    if not stream.isatty():
        return nullcontext(PlainMeter(stream))
    return _Bar(stream)


class _Bar(AbstractContextManager[Meter]):
    """Starts and stops the live display around a BarMeter."""

    def __init__(self, stream: TextIO) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        self.bar = Progress(
            BarColumn(_BAR), TextColumn("{task.description}", markup=False), console=console(stream), transient=True
        )
        self.meter = BarMeter(stream, self.bar)

    def __enter__(self) -> Meter:
        self.bar.start()
        return self.meter

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
