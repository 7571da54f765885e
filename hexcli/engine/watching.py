"""How the work goes, told to whoever shows it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hexcli.records import Canvas, Generation


class Watcher(Protocol):
    """Who is told how the work goes: a progress bar, or nobody."""

    def begin(self, *, total: int, reused: int, nfe: int, left: Mapping[str, int], at_most: bool) -> None:
        """`total` generations are wanted, `reused` are there, the others take at most `nfe` forward passes.

        `left` has the generations to decode of each problem, by problem id; 0 where all are there. `at_most`: some
        may turn out not to be needed.
        """
        ...

    def unneeded(self, problem_id: str, nfe: int) -> None:
        """A generation of the problem, of so many forward passes, will not be decoded: its vote is decided."""
        ...

    def loading(self, share: float) -> None:
        """So much of a large model's weights is read, from 0 to 1."""
        ...

    def at_work(self) -> None:
        """A model is loaded, the first of several workers' too: what comes now is decoding."""
        ...

    def step(self, forwards: int) -> None:
        """So many rows went through the model."""
        ...

    @property
    def looks(self) -> bool:
        """Whether it wants to see the canvases now: a display has a rate of its own."""
        ...

    def canvases(self, canvases: Sequence[Canvas]) -> None:
        """What the batch looks like after this step; only where it `looks`."""
        ...

    def finished(self, generation: Generation) -> None:
        """A generation is done and saved."""
        ...

    def workers(self, states: Mapping[str, tuple[str, int, int]]) -> None:
        """Each worker by its name: starting, ready or gone, the generations it finished, its forward passes."""
        ...

    def note(self, message: str) -> None:
        """Something to know, in one line."""
        ...
