"""`hex decode --live`: the canvases of one problem side by side, filling in as they are decoded, and its votes."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TextIO

from hexcli.records import Canvas, Generation
from hexcli.report.console import console
from hexcli.report.motion.filling import canvas_text
from hexcli.report.motion.frames import canvas_of
from hexcli.report.progress import Meter
from hexcli.report.terminal import visible
from hexcli.voter import Voter, in_cast_order, voter_names

if TYPE_CHECKING:
    from rich.console import Console, Group, RenderableType

# Looks a second at most: enough to see every step of a real model.
RATE = 12.0
# The share of the time that looking and drawing may take: a slow terminal is looked at less often.
SHARE = 0.03
NARROWEST = 34

Answers = Callable[[Generation], str | None]


class LiveMeter(Meter):
    """Shows the problem that is being decoded; the next one once its votes are all cast.

    answers  a generation -> the answer that it votes for
    by       what colours a token: see filling.canvas_text
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        answers: Answers,
        by: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(stream, clock)
        self.answers = answers
        self.by = by
        self.out: Console = console(stream)
        self.looked = self.next_look = -1.0
        self.problem: str | None = None
        self.now: dict[Voter, Canvas] = {}
        self.cast: dict[str, dict[Voter, tuple[Canvas, str | None]]] = {}
        self.draw: Callable[[], None] = lambda: None

    def begin(self, *, total: int, reused: int, nfe: int, left: Mapping[str, int], at_most: bool) -> None:
        """See Watcher."""
        super().begin(total=total, reused=reused, nfe=nfe, left=left, at_most=at_most)
        self.problem, self.now, self.cast = None, {}, {}

    def note(self, message: str) -> None:
        """Print above the display."""
        self.out.print(visible(message))

    @property
    def looks(self) -> bool:
        """See Watcher: so often that it is seen to move, so seldom that it costs next to nothing."""
        now = self.clock()
        if now < self.next_look:
            return False
        self.looked = now
        return True

    def canvases(self, canvases: Sequence[Canvas]) -> None:
        """See Watcher."""
        if self.problem is None or not self.left.get(self.problem):
            self._turn_to(next((canvas.problem_id for canvas in canvases), self.problem))
        self.now.update({one.voter: one for one in canvases if one.problem_id == self.problem})
        self.draw()
        now = self.clock()
        self.next_look = now + max(1 / RATE, (now - self.looked) / SHARE)

    def finished(self, generation: Generation) -> None:
        """See Watcher."""
        super().finished(generation)
        problem = generation.problem.id
        self.cast.setdefault(problem, {})[generation.voter] = canvas_of(generation), self.answers(generation)
        if self.left[problem]:
            return  # the next look shows it
        if problem == self.problem:
            self.draw()
        else:
            del self.cast[problem]

    def _turn_to(self, problem: str | None) -> None:
        """Show another problem, with the votes that it has already."""
        if self.problem is not None and not self.left.get(self.problem):
            self.cast.pop(self.problem, None)
        self.problem, self.now = problem, {}

    @property
    def votes(self) -> Mapping[Voter, tuple[Canvas, str | None]]:
        """The finished canvases of the problem that is shown, and what they vote for."""
        return self.cast.get(self.problem or "", {})

    def view(self) -> "Group":
        """What is shown: as many canvases as fit, the votes so far, and how the work goes."""
        from rich.console import Group
        from rich.text import Text

        if self.problem is None:
            return Group(Text("waiting for the model", style="dim"))
        canvases = {**self.now, **{voter: canvas for voter, (canvas, _) in self.votes.items()}}
        called = voter_names(canvases)
        shown = [self._panel(canvases[one], called[one.expert]) for one in in_cast_order(canvases)]
        across = max(1, min(len(shown), self.out.width // NARROWEST))
        lines = max(self.out.height - 5, 6)
        fitting, hidden = _fitting(shown, across, lines, self.out.width)
        more = [Text(f"and {hidden} more", style="dim")] if hidden else []
        head, how = Text(visible(self.problem), style="bold"), Text(self.line, style="dim")
        return Group(head, fitting, *more, self._votes(), how)

    def _panel(self, canvas: Canvas, name: str) -> "RenderableType":
        from rich.panel import Panel
        from rich.text import Text

        schedule = canvas.schedule
        title = Text(f"block {name}" if schedule.deterministic else f"block {name} seed {schedule.seed}")
        if canvas.voter in self.votes:
            _, answer = self.votes[canvas.voter]
            title.append(f"  votes {visible(answer)}" if answer is not None else "  no answer", style="bold")
        return Panel(canvas_text(canvas, self.by), title=title, title_align="left", style="default")

    def _votes(self) -> "RenderableType":
        from rich.text import Text

        counts: dict[str | None, int] = {}
        for _, answer in self.votes.values():
            counts[answer] = counts.get(answer, 0) + 1
        ranked = sorted(counts.items(), key=lambda item: (item[0] is None, -item[1]))
        said = [f"{'no answer' if answer is None else visible(answer)} x {count}" for answer, count in ranked]
        return Text("votes: " + (", ".join(said) if said else "none yet"))


def _fitting(panels: "list[RenderableType]", across: int, lines: int, width: int) -> "tuple[RenderableType, int]":
    """A grid of the panels that fit, and how many do not."""
    from rich.table import Table

    each = 5 if len(panels) > across else lines
    rows = max(1, lines // each)
    kept = panels[: across * rows]
    grid = Table.grid(expand=True)
    for _ in range(across):
        grid.add_column(ratio=1, max_width=width // across)
    for place in range(0, len(kept), across):
        row = kept[place : place + across]
        grid.add_row(*row, *[""] * (across - len(row)))
    return grid, len(panels) - len(kept)


class LiveDisplay(AbstractContextManager[Meter]):
    """A LiveMeter and its display on a terminal; the last picture stays."""

    def __init__(self, stream: TextIO, *, answers: Answers, by: str) -> None:
        from rich.live import Live

        self.meter = LiveMeter(stream, answers=answers, by=by)
        self.live = Live(console=self.meter.out, auto_refresh=False, get_renderable=self.meter.view, transient=False)
        self.meter.draw = self.live.refresh

    def __enter__(self) -> Meter:
        self.live.start()
        return self.meter

    def __exit__(self, *_: object) -> None:
        self.live.stop()
