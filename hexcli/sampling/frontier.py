"""Where each row of a batch stands in its canvas, how much of it the next step computes, and how far a step goes.

All of it is int64 or bool [B]; a row's own numbers are its `Mark`, which it takes from batch to batch.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from hexcli.rules import PIPELINED
from hexcli.sampling.commits import renews
from hexcli.sampling.pipeline import left_to_open
from hexcli.sampling.row import Row
from hexcli.schedule import Commit, Schedule


class Mark(NamedTuple):
    """How far a row is.

    step      steps done
    place     where in its table (`steps_of`) the next step is
    block     canvas position where the last step's block began; -1 before the first step
    fresh     tokens committed since the whole canvas was computed, and `stale` since the prompt was
    computed  tokens that went through the model
    posts     steps done since the block was full: only edits are left
    """

    step: int = 0
    place: int = 0
    block: int = -1
    fresh: int = 0
    stale: int = 0
    computed: int = 0
    posts: int = 0


START = Mark()

# Per row: its table [places, 4] and how long that is, the canvas position behind its last token, the length of its
# trained blocks (1: it has none), how much of one the prompt ends in, the length of the prompt, what of its schedule
# matters here, whether it keeps what cannot change (`exact`), and its mark. The table's last column is where the next
# block's first place is.
PACE = ("cumulative", "blockwise", "max_posts", "opens", "adds")
CACHED = ("uncached", "exact", "to_end", "only_open", "refresh", "prompt_refresh")
FIELDS = ("table", "places", "ends", "grid", "phase", "origin", *PACE, *CACHED, *Mark._fields)


def steps_of(commits: Sequence[Commit], schedule: Schedule) -> tuple[Commit, ...]:
    """The table of a row: what a step at each place does, `tokens` being the fewest it commits.

    A step goes on by one place. Under a threshold places are the tokens committed so far: a step goes on by as many
    as it commits, and at least to where the schedule's step would end. Where shares are renewed, it goes on to the next
    block once its own is full; where tokens are edited, by way of a place without tokens, where it stays a while. Where
    several blocks are decoded at once, a place is the last one that is open (pipeline.py).
    """
    if schedule.sampler in PIPELINED:
        spans = dict.fromkeys((commit.start, commit.stop) for commit in commits)
        return tuple(Commit(start, stop, int(schedule.sampler == "d3llm")) for start, stop in spans)
    if renews(schedule):
        if not schedule.max_post_steps or schedule.editing_threshold is None:
            return tuple(commits)
        blocks = itertools.groupby(commits, key=lambda commit: (commit.start, commit.stop))
        return tuple(commit for (start, stop), steps in blocks for commit in (*steps, Commit(start, stop, 0)))
    if not schedule.adaptive:
        return tuple(commits)
    return tuple(Commit(start, stop, left) for start, stop, tokens in commits for left in range(tokens, 0, -1))


def _with_next(table: Sequence[Commit]) -> list[tuple[int, ...]]:
    """Every place with that of the next block's first one."""
    starts = [commit.start for commit in table]
    later = {start: place + 1 for place, start in enumerate(starts)}
    return [(*commit, later[commit.start]) for commit in table]


def keeps(row: Row) -> bool:
    """Whether a row's keys and values are kept, where the denoiser can: where a cache is asked for, and where it loses
    nothing, since the model sees only its block and those before, and no token is replaced."""
    return row.schedule.kv_cache != "none" or (row.trained_block is not None and not row.edits)


def fields_of(rows: Sequence[Row], *, windows: bool) -> dict[str, Tensor]:
    """What Frontier needs to know of rows that have not begun, on the CPU: see FIELDS. `windows`: whether the denoiser
    can compute parts of a row."""
    schedules = [row.schedule for row in rows]
    tables = [_with_next(steps_of(row.commits(), row.schedule)) for row in rows]
    longest = max(len(table) for table in tables)
    filler = [(0, 0, 0, 0)]
    kinds = [schedule.kv_cache for schedule in schedules]
    marks = torch.tensor(START).expand(len(rows), -1)
    return {
        "table": torch.tensor([table + filler * (longest - len(table)) for table in tables]),
        "places": torch.tensor([len(table) for table in tables]),
        "ends": torch.tensor([row.canvas_length for row in rows]),
        "grid": torch.tensor([abs(row.trained_block or 1) for row in rows]),
        "phase": torch.tensor([row.phase for row in rows]),
        "origin": torch.tensor([len(row.prompt_ids) for row in rows]),
        "cumulative": torch.tensor([s.adaptive and not renews(s) and s.sampler not in PIPELINED for s in schedules]),
        "blockwise": torch.tensor([renews(schedule) for schedule in schedules]),
        "opens": torch.tensor([row.opens for row in rows]),
        "adds": torch.tensor([left_to_open(schedule) for schedule in schedules]),
        "max_posts": torch.tensor([row.schedule.max_post_steps if row.edits else 0 for row in rows]),
        "uncached": torch.tensor([not (windows and keeps(row)) for row in rows]),
        "exact": torch.tensor([windows and keeps(row) and row.schedule.kv_cache == "none" for row in rows]),
        "to_end": torch.tensor([kind == "prefix" for kind in kinds]),
        "only_open": torch.tensor([kind == "open" for kind in kinds]),
        "refresh": torch.tensor([schedule.refresh or 0 for schedule in schedules]),
        "prompt_refresh": torch.tensor([schedule.prompt_refresh or 0 for schedule in schedules]),
        **{name: marks[:, place].clone() for place, name in enumerate(Mark._fields)},
    }


class Frontier:
    """The rows' marks, and what their next steps do.

    start, stop  canvas positions of the current block; least: tokens that the step commits at least; after: see table
    first, last  canvas positions between which the step computes; the prompt's are negative
    prompt       whether it computes the whole row, and `whole` the whole canvas
    narrow       whether it computes only what is masked, or was committed lately
    """

    def __init__(self, fields: Mapping[str, Tensor], *, adaptive: bool, caching: bool) -> None:
        """`fields`: see FIELDS. `adaptive`: some row may commit more; `caching`: some row has a cache."""
        self.table, self.places, self.ends = fields["table"], fields["places"], fields["ends"]
        self.grid, self.phase, self.origin = fields["grid"], fields["phase"], fields["origin"]
        self.cumulative, self.blockwise, self.max_posts, self.opens, self.adds = (fields[name] for name in PACE)
        self.uncached, self.exact, self.to_end, self.only_open, self.refresh, self.prompt_refresh = (
            fields[name] for name in CACHED
        )
        self.step, self.place, self.block, self.fresh, self.stale, self.computed, self.posts = (
            fields[name] for name in Mark._fields
        )
        self.adaptive, self.caching = adaptive, caching
        self._look()

    def fields(self) -> dict[str, Tensor]:
        """As they are now."""
        return {name: getattr(self, name) for name in FIELDS}

    def _in_block(self, place: Tensor, left: Tensor, edited: Tensor) -> Tensor:
        """The next place of rows that go on once their block is full, and nothing in it changes any more."""
        post = self.least == 0
        self.posts = torch.where(post, self.posts + 1, 0)
        full = torch.where(self.max_posts > 0, self.after - 1, self.after)
        stays = post & edited & (self.posts < self.max_posts)
        return torch.where(post, self.place.where(stays, self.after), torch.where(left == 0, full, place))

    def _pipelined(self, left: Tensor, masked: Tensor) -> Tensor:
        """The next place of rows that decode several blocks at once: the last open one."""
        last = self.place + 1 >= self.places
        return self.place + torch.where(last, masked == 0, left <= self.adds).long()

    def _look(self) -> None:
        place = self.place.clamp(max=self.table.shape[1] - 1)
        here = self.table[torch.arange(len(place), device=place.device), place]
        self.start, self.stop, self.least, self.after = here.unbind(1)
        if self.caching:
            due = torch.where(self.refresh > 0, self.fresh >= self.refresh, self.start != self.block) & ~self.exact
            always = self.uncached | (self.block < 0)
            self.prompt = always | (due & (self.stale >= self.prompt_refresh))
            self.whole = always | due
            self.narrow = self.only_open & ~self.whole
            # The last block's tokens that were committed last are still cached as masks: its first step behind it
            # computes it once more. Trained blocks see themselves whole, so they are computed whole.
            begin = self.block.masked_fill(self.whole, 0)
            self.first = torch.where(self.prompt, -self.origin, self.grid_before(begin))
            last = -(-(self.stop + self.phase) // self.grid) * self.grid - self.phase
            self.last = torch.where(self.whole | self.to_end, self.ends, last)

    def grid_before(self, position: Tensor) -> Tensor:
        """The canvas positions int [B] where the trained blocks of these begin; themselves, where there are none."""
        return (position + self.phase) // self.grid * self.grid - self.phase

    @property
    def done(self) -> Tensor:
        """bool [B]: whether every step is done."""
        return self.place >= self.places

    def marks(self, rows: Tensor) -> list[Mark]:
        """The marks of some rows."""
        fields = torch.stack([getattr(self, name)[rows] for name in Mark._fields], dim=1)
        return [Mark(*values) for values in fields.tolist()]

    @property
    def opening(self) -> Tensor:
        """bool [B]: whether the step commits its block's first token, whatever is certain."""
        begins = (self.start + self.phase) % self.opens.clamp(min=1) == 0
        return (self.opens > 0) & begins & (self.start != self.block)

    @property
    def room(self) -> Tensor:
        """int [B]: tokens that the block has left, where places are tokens: a model may propose the mask again and
        again, and each time counts."""
        return self.stop - self.place

    def advance(
        self,
        counts: Tensor,
        computed: Tensor,
        left: Tensor | None = None,
        edited: Tensor | None = None,
        masked: Tensor | None = None,
    ) -> None:
        """Go on to the next step, `counts` int [B] tokens having been committed, and `computed` int [B] computed.

        Where some row goes block by block, `left` int [B] are masked in its block, and `edited` bool [B] says whether
        one of its tokens was replaced.
        """
        self.computed = self.computed + computed
        place = self.place + (counts.where(self.cumulative, 1) if self.adaptive else 1)
        if left is not None and edited is not None:
            place = torch.where(self.blockwise, self._in_block(place, left, edited), place)
            if masked is not None:
                place = torch.where(self.adds >= 0, self._pipelined(left, masked), place)
        self.place = place
        if self.caching:
            self.fresh = self.fresh.masked_fill(self.whole, 0) + counts
            self.stale = self.stale.masked_fill(self.prompt, 0) + counts
            self.block = self.start
        self.step = self.step + 1
        self._look()
