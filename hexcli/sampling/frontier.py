"""Where each row of a batch stands in its canvas, how much of it the next step computes, and how far a step goes.

All of it is int64 or bool [B]; a row's own numbers are its `Mark`, which it takes from batch to batch.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from hexcli.sampling.row import Row
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

# Per row: its table [places, 3] and how long that is, the canvas position behind its last token, the length of its
# trained blocks (1: it has none) and of its prompt, what of its schedule matters here, and its mark.
FIELDS = ("table", "places", "ends", "grid", "origin", "threshold", "uncached", "to_end", "refresh", *Mark._fields)


def steps_of(commits: Sequence[Commit], schedule: Schedule) -> tuple[Commit, ...]:
    """The table of a row: what a step at each place does, `tokens` being the fewest it commits.

    A step goes on by one place. Under a threshold places are the tokens committed so far: a step goes on by as many
    as it commits, and at least to where the schedule's step would end.
    """
    if schedule.threshold is None:
        return tuple(commits)
    return tuple(Commit(start, stop, left) for start, stop, tokens in commits for left in range(tokens, 0, -1))


def fields_of(rows: Sequence[Row]) -> dict[str, Tensor]:
    """What Frontier needs to know of rows that have not begun, on the CPU: see FIELDS."""
    schedules = [row.schedule for row in rows]
    tables = [steps_of(row.commits(), row.schedule) for row in rows]
    longest = max(len(table) for table in tables)
    filler = (Commit(0, 0, 0),)
    kinds = [schedule.kv_cache for schedule in schedules]
    marks = torch.tensor(START).expand(len(rows), -1)
    return {
        "table": torch.tensor([table + filler * (longest - len(table)) for table in tables]),
        "places": torch.tensor([len(table) for table in tables]),
        "ends": torch.tensor([row.canvas_length for row in rows]),
        "grid": torch.tensor([row.trained_block or 1 for row in rows]),
        "origin": torch.tensor([len(row.prompt_ids) for row in rows]),
        "threshold": torch.tensor(
            [torch.inf if schedule.threshold is None else schedule.threshold for schedule in schedules],
            dtype=torch.float64,
        ),
        "uncached": torch.tensor([kind == "none" for kind in kinds]),
        "to_end": torch.tensor([kind == "prefix" for kind in kinds]),
        "refresh": torch.tensor([schedule.refresh or 0 for schedule in schedules]),
        **{name: marks[:, place].clone() for place, name in enumerate(Mark._fields)},
    }


class Frontier:
    """The rows' marks, and what their next steps do.

    start, stop  canvas positions of the current block; least: tokens that the step commits at least
    first, last  canvas positions that the step computes; the prompt's are negative
    whole        whether those are the whole row
    """

    def __init__(self, fields: Mapping[str, Tensor], *, adaptive: bool, caching: bool) -> None:
        """`fields`: see FIELDS. `adaptive`: some row has a threshold; `caching`: some row has a cache."""
        self.table, self.places, self.ends = fields["table"], fields["places"], fields["ends"]
        self.grid, self.origin = fields["grid"], fields["origin"]
        self.threshold, self.refresh = fields["threshold"], fields["refresh"]
        self.uncached, self.to_end = fields["uncached"], fields["to_end"]
        self.step, self.place, self.block = fields["step"], fields["place"], fields["block"]
        self.fresh, self.computed = fields["fresh"], fields["computed"]
        self.adaptive, self.caching = adaptive, caching
        self._look()

    def fields(self) -> dict[str, Tensor]:
        """As they are now."""
        return {name: getattr(self, name) for name in FIELDS}

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

    def marks(self, rows: Tensor) -> list[Mark]:
        """The marks of some rows."""
        fields = torch.stack([getattr(self, name)[rows] for name in Mark._fields], dim=1)
        return [Mark(*values) for values in fields.tolist()]

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
        self.computed = self.computed + computed
        self.place = self.place + (torch.where(torch.isinf(self.threshold), 1, counts) if self.adaptive else 1)
        if self.caching:
            self.fresh = self.fresh.masked_fill(self.whole, 0) + counts
            self.block = self.start
        self.step = self.step + 1
        self._look()
