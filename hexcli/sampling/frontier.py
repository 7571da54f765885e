"""Where each row of a batch stands in its canvas, how much of it the next step computes, and how far a step goes.

All of it is int64 or bool [B]; a row's own numbers are its `Mark`, which it takes from batch to batch.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from hexcli.sampling.course import CACHED, FIELDS, PACE, Mark


class Frontier:
    """The rows' marks, and what their next steps do.

    start, stop  canvas positions of the current block; least: tokens that the step commits at least; after: see table
    first, last  canvas positions between which the step computes; the prompt's are negative
    prompt       whether it computes the whole row, and `whole` the whole canvas
    narrow       whether it computes only what is masked, or was committed lately; of that, so many masked tokens of
                 the current block as `hopeful` says (0: all)
    always       whether it computes everything, whatever the schedule's cache leaves out
    """

    def __init__(self, fields: Mapping[str, Tensor], *, adaptive: bool, caching: bool) -> None:
        """`fields`: see FIELDS. `adaptive`: some row may commit more; `caching`: some row has a cache."""
        self.table, self.places, self.ends = fields["table"], fields["places"], fields["ends"]
        self.grid, self.phase, self.origin = fields["grid"], fields["phase"], fields["origin"]
        self.cumulative, self.blockwise, self.max_posts, self.opens, self.adds = (fields[name] for name in PACE)
        self.uncached, self.exact, self.to_end, self.only_open, self.hopeful, self.refresh, self.prompt_refresh = (
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
            self.always = self.uncached | (self.block < 0)
            self.prompt = self.always | (due & (self.stale >= self.prompt_refresh))
            self.whole = self.always | due
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
