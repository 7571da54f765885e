"""Where each row of a batch stands in its canvas, how much of it the next step computes, and how far a step goes.

All of it is int64 or bool [B]; a row's own numbers are its `Mark`, which it takes from batch to batch.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from hexcli.schedule import Commit, Schedule


class Mark(NamedTuple):
    """How far a row is.

    step      steps done
    place     where in its table (`steps_of`) the next step is
    block     canvas position where the last step's block began; -1 before the first step
    fresh     tokens committed since the whole row was computed
    computed  tokens that went through the model
    """

    step: int = 0
    place: int = 0
    block: int = -1
    fresh: int = 0
    computed: int = 0


START = Mark()


def steps_of(commits: Sequence[Commit], schedule: Schedule) -> tuple[Commit, ...]:
    """The table of a row: what a step at each place does, `tokens` being the fewest it commits.

    A step goes on by one place. Under a threshold places are the tokens committed so far: a step goes on by as many
    as it commits, and at least to where the schedule's step would end.
    """
    if schedule.threshold is None:
        return tuple(commits)
    return tuple(Commit(start, stop, left) for start, stop, tokens in commits for left in range(tokens, 0, -1))


class Frontier:
    """The rows' marks, and what their next steps do.

    start, stop  canvas positions of the current block; least: tokens that the step commits at least
    first, last  canvas positions that the step computes; the prompt's are negative
    whole        whether those are the whole row
    """

    def __init__(
        self,
        tables: Sequence[tuple[Commit, ...]],
        marks: Sequence[Mark],
        schedules: Sequence[Schedule],
        ends: Sequence[int],
        grids: Sequence[tuple[int, int]],
        device: torch.device,
    ) -> None:
        """`ends`: the canvas position behind each row's last token.

        `grids`: of each row the length of its trained blocks (1 = it has none), and of its prompt.
        """
        self.places = torch.tensor([len(table) for table in tables], device=device)
        places = max(len(table) for table in tables)
        filler = Commit(0, 0, 0)
        self.table = torch.tensor([table + (filler,) * (places - len(table)) for table in tables], device=device)
        self.step, self.place, self.block, self.fresh, self.computed = torch.tensor(marks, device=device).unbind(1)
        self.ends = torch.tensor(ends, device=device)
        self.grid, self.origin = torch.tensor(grids, device=device).unbind(1)
        self.adaptive = any(schedule.threshold is not None for schedule in schedules)
        limits = [torch.inf if schedule.threshold is None else schedule.threshold for schedule in schedules]
        self.threshold = torch.tensor(limits, dtype=torch.float64, device=device)
        kinds = [schedule.kv_cache for schedule in schedules]
        self.caching = any(kind != "none" for kind in kinds)
        self.uncached = torch.tensor([kind == "none" for kind in kinds], device=device)
        self.to_end = torch.tensor([kind == "prefix" for kind in kinds], device=device)
        self.refresh = torch.tensor([schedule.refresh or 0 for schedule in schedules], device=device)
        self._look()

    def _look(self) -> None:
        place = self.place.clamp(max=self.table.shape[1] - 1)
        self.start, self.stop, self.least = self.table[torch.arange(len(place), device=place.device), place].unbind(1)
        if self.caching:
            due = torch.where(self.refresh > 0, self.fresh >= self.refresh, self.start != self.block)
            self.whole = self.uncached | (self.block < 0) | due
            # The last block's tokens that were committed last are still cached as masks: its first step behind it
            # computes it once more. Trained blocks see themselves whole, so they are computed whole.
            first = (self.block + self.origin) // self.grid * self.grid - self.origin
            last = -(-(self.stop + self.origin) // self.grid) * self.grid - self.origin
            self.first = torch.where(self.whole, -self.origin, first)
            self.last = torch.where(self.whole | self.to_end, self.ends, last)

    @property
    def done(self) -> Tensor:
        """bool [B]: whether every step is done."""
        return self.place >= self.places

    def marks(self) -> list[Mark]:
        """Every row's mark."""
        fields = (self.step, self.place, self.block, self.fresh, self.computed)
        return [Mark(*values) for values in torch.stack(fields, dim=1).tolist()]

    def chosen(self, rows: Tensor, rank: Tensor, confidence: Tensor) -> Tensor:
        """Which of N open positions commit, bool [N]: their rows, rank in certainty (0 = first) and probability."""
        commit = rank < self.least[rows]
        if self.adaptive:
            # Not more than the block has left: a model may propose the mask again and again.
            room = (self.stop - self.place)[rows]
            commit |= (confidence >= self.threshold[rows]) & (rank < room)
        return commit

    def advance(self, counts: Tensor, computed: Tensor) -> None:
        """Go on to the next step, `counts` int [B] tokens having been committed, and `computed` int [B] computed."""
        self.computed += computed
        self.place += torch.where(torch.isinf(self.threshold), 1, counts) if self.adaptive else 1
        if self.caching:
            self.fresh = self.fresh.masked_fill(self.whole, 0) + counts
            self.block = self.start
        self.step += 1
        self._look()
