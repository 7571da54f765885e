"""The rows being decoded now, as tensors: what the sampler's loop reads and writes.

Rows are right-aligned: padding goes left and is masked out of attention, and every canvas ends in the last
column. All that a step needs lies in tensors; when rows come or go, these are cut and joined for all rows at once.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import torch
from torch import Tensor

from hexcli.sampling import noise
from hexcli.sampling.ahead import Ahead
from hexcli.sampling.candidates import Candidates
from hexcli.sampling.commits import Commits
from hexcli.sampling.course import keeps
from hexcli.sampling.credit import Credit
from hexcli.sampling.edits import Edits
from hexcli.sampling.frontier import Frontier
from hexcli.sampling.joining import GRIDS, KEPT, joined
from hexcli.sampling.kv_cache import KeyValueCache
from hexcli.sampling.newcomers import NUMBERS, newcomers
from hexcli.sampling.order import Order
from hexcli.sampling.pipeline import Pipeline
from hexcli.sampling.reach import reach
from hexcli.sampling.row import Row
from hexcli.sampling.slot import Slot
from hexcli.sampling.ties import Ties
from hexcli.sampling.twins import Twins


class Batch:
    """Slots side by side. B rows, T columns; column T - 1 is the last token of every canvas.

    held   the rows' places in the cache, and their twins', int [B + twins], once all have some
    clock  seconds that a row has taken that was there all the time, each step shared evenly among its rows
    """

    def __init__(
        self,
        mask_id: int,
        device: torch.device,
        end_ids: Collection[int] = (),
        lookback: int | None = None,
        ends: tuple[int | None, int | None] = (None, None),
        cache: KeyValueCache | None = None,
    ) -> None:
        """`end_ids`: tokens that end a text; `lookback`: see exchange.CachingDenoiser, None where it is none; `ends`:
        see Candidates; `cache`: for the rows that want one."""
        self.ends = ends
        self.mask_id = mask_id
        self.lookback = lookback or 0
        self.can_keep = lookback is not None
        self.cache = cache or KeyValueCache()
        self.computing: Tensor | None = None
        self.device = device
        self.end_ids = torch.tensor(sorted(end_ids), dtype=torch.long, device=device)
        self.slots: list[Slot] = []
        self.clock = 0.0

    def admit(self, rows: Sequence[Row]) -> None:
        """Add rows with their canvases all masked."""
        if not rows:
            return
        known = newcomers(rows, self.mask_id, windows=self.can_keep)
        new = {name: field.to(self.device) for name, field in known.items()}
        fields = joined(self._fields(), new) if self.slots else new
        self.slots += [
            Slot(row=row, seconds=self.clock, credit=Credit.of(row.schedule), hopeful=hopeful)
            for row, hopeful in zip(rows, known["hopeful"].tolist(), strict=True)
        ]
        for slot in self.slots:
            slot.batch_size = max(slot.batch_size, len(self.slots))
        self._set(fields)

    def withdraw(self, rows: Collection[Row]) -> list[Slot]:
        """Take these rows out as they are, if they are here."""
        for slot in self.slots:
            slot.withdrawn = slot.row in rows
            slot.finished |= slot.withdrawn
        return self.release()

    def release(self) -> list[Slot]:
        """Take the finished rows out."""
        if not any(slot.finished for slot in self.slots):
            return []
        places = [place for place, slot in enumerate(self.slots) if slot.finished]
        rows = self._tensor(places)
        done = [self.slots[place] for place in places]
        for slot in done:
            self.cache.give(slot.cached)
        grids = {name: getattr(self, name)[rows].cpu() for name in GRIDS}
        marks, all_steps = self.frontier.marks(rows), self.frontier.done[rows].tolist()
        for index, slot in enumerate(done):
            slot.seconds, slot.mark, slot.all_steps = self.clock - slot.seconds, marks[index], all_steps[index]
            slot.ids, slot.commit_step, slot.confidence = (grid[index, -slot.length :] for grid in grids.values())
        stays = [place for place, slot in enumerate(self.slots) if not slot.finished]
        self.slots = [self.slots[place] for place in stays]
        if stays:
            rows, width = self._tensor(stays), max(slot.length for slot in self.slots)
            fields = {name: field[rows] for name, field in self._fields().items()}
            self._set({name: field[:, -width:] if name in KEPT else field for name, field in fields.items()})
        return done

    def _fields(self) -> dict[str, Tensor]:
        """The same, of the rows here and as they are now."""
        return {name: getattr(self, name) for name in (*KEPT, *NUMBERS)} | self.frontier.fields()

    def _set(self, fields: Mapping[str, Tensor]) -> None:
        """Take these fields, of `slots`, and derive what else a step needs."""
        slots, schedules = self.slots, [slot.row.schedule for slot in self.slots]
        self.ids, self.commit_step, self.confidence, self.peak = (fields[name] for name in KEPT)
        self.length, self.canvas, self.noise_key, self.guidance, self.rule = (fields[name] for name in NUMBERS)
        self.width = self.ids.shape[1]
        self.frontier = Frontier(
            fields,
            adaptive=any(schedule.adaptive for schedule in schedules),
            caching=self.can_keep and any(keeps(slot.row) for slot in slots),
        )
        self.start = self.width - self.canvas
        self.columns = torch.arange(self.width, device=self.device)
        self.real = self.columns >= self.width - self.length[:, None]
        self.padded = any(slot.length != self.width for slot in slots)
        self.candidates = Candidates(schedules, self.device, *self.ends)
        self.commits = Commits(schedules, self.device)
        self.order = Order(schedules, self.rule)
        self.edits = Edits(schedules, self.device)
        self.pipeline = Pipeline(schedules, self.device)
        self.ties = Ties([slot.row for slot in slots])
        self.hopeful = max(slot.hopeful for slot in slots)
        self._ahead: Ahead | None = None
        self.held: Tensor | None = None
        self.opening = any(slot.row.opens for slot in slots)
        self.credits = {index: slot.credit for index, slot in enumerate(slots) if slot.credit is not None}
        self.twins = Twins(slots, self.device)
        self.forwards = self.twins.forwards

    def _tensor(self, values: Sequence[int]) -> Tensor:
        return torch.tensor(values, device=self.device)

    def keep_first(self, features: Tensor) -> None:
        """Remember the first forward's features of the rows that have just come: features [>= B, T, width]."""
        alike: dict[tuple[int, int, int], list[int]] = {}
        for place, slot in enumerate(self.slots):
            if not slot.first:
                row = slot.row
                alike.setdefault((row.canvas_length, row.schedule.gen_length, slot.forwards), []).append(place)
        for (canvas_length, gen_length, forwards), places in alike.items():
            columns = slice(self.width - canvas_length, self.width - canvas_length + gen_length)
            both = (places, [self.twins.places[place] for place in places])[:forwards]
            kept = [features[self._tensor(rows), columns] for rows in both]
            for index, place in enumerate(places):
                self.slots[place].first = tuple(part[index] for part in kept)

    def begin_step(self) -> Ahead:
        """What has to be known before a step."""
        for index, credit in self.credits.items():
            credit.begin(int(self.frontier.start[index]), int(self.frontier.stop[index]), self.device)
        ahead = self._ahead
        if ahead is None:
            ahead = self._look_ahead()
            counts = torch.cat(ahead.counts()).tolist()
            ahead.known(counts)
        self._ahead, self.computing = None, ahead.computing
        return ahead

    def _look_ahead(self) -> Ahead:
        """The next step, asking the device nothing."""
        computing = reach(self) if self.frontier.caching else None
        allowed = self._open_positions(computing)
        return Ahead(computing, allowed, allowed | self.editable() if self.edits.any else allowed)

    def _open_positions(self, computing: Tensor | None) -> Tensor:
        """bool [B, T]: the positions that may commit now, masked and not behind the current block."""
        stop = self.start + self.frontier.stop
        start = self.start
        if self.frontier.caching:
            start = torch.where(self.frontier.whole | self.frontier.exact, start, start + self.frontier.start)
        in_reach = (self.columns >= start[:, None]) & (self.columns < stop[:, None])
        if computing is not None:
            in_reach &= computing
        return in_reach & (self.ids == self.mask_id)

    def editable(self) -> Tensor:
        """bool [B, T]: the tokens that may be replaced now: those of the current block that are committed."""
        return self.block() & (self.ids != self.mask_id) & self.edits.rows[:, None]

    def noise_keys(self, rows: Tensor, columns: Tensor, step: Tensor) -> Tensor:
        """The noise stream of each position at its `step`, named by job, step and canvas position only: [N]."""
        return noise.position_key(self.noise_key[rows], step, columns - self.start[rows])

    def commit(
        self,
        commit: Tensor,
        rows: Tensor,
        columns: Tensor,
        tokens: Tensor,
        confidence: Tensor,
        peak: Tensor,
        prepare: Callable[[Ahead], None],
    ) -> None:
        """Of N positions write the tokens of those that `commit` (bool [N]), and go on to the next step, which somebody
        may `prepare` before the device is asked how far this one is."""
        place = rows, columns
        before = self.ids[place]
        self.ids[place] = tokens.where(commit, before)
        self.commit_step[place] = self.frontier.step[rows].where(commit, self.commit_step[place])
        self.confidence[place] = confidence.where(commit, self.confidence[place])
        self.peak[place] = peak.nan_to_num(1.0)
        computed = self.length if self.computing is None else self.computing.sum(1)
        counts = torch.zeros_like(self.length).index_add_(0, rows, (commit & (before == self.mask_id)).long())
        if self.commits.renewing or self.pipeline.any:
            edits = torch.zeros_like(self.length).index_add_(0, rows, (commit & (before != self.mask_id)).long())
            masked = ((self.ids == self.mask_id) & (self.columns >= self.start[:, None])).sum(1)
            self.frontier.advance(counts, computed, self._left(), edits > 0, masked if self.pipeline.any else None)
        else:
            self.frontier.advance(counts, computed)
        # What the next step needs is known with who is finished: the device is asked once.
        ahead = self._look_ahead()
        prepare(ahead)
        numbers = torch.cat([(self._ended() | self.frontier.done).long(), *ahead.counts()]).tolist()
        for slot, finished in zip(self.slots, numbers, strict=False):
            slot.finished = bool(finished)
        ahead.known(numbers[len(self.slots) :])
        self._ahead = ahead

    def _left(self) -> Tensor:
        """int [B]: positions of the current block that are masked."""
        return (self.block() & (self.ids == self.mask_id)).sum(1)

    def block(self) -> Tensor:
        """bool [B, T]: the current block of each row."""
        first, stop = self.start + self.frontier.start, self.start + self.frontier.stop
        return (self.columns >= first[:, None]) & (self.columns < stop[:, None])

    def tick(self, seconds: float) -> None:
        """A step has taken so long."""
        self.clock += seconds / len(self.slots)

    def _ended(self) -> Tensor:
        """bool [B]: whether an end token stands before the first masked position, and can change no more."""
        canvas = self.columns >= self.start[:, None]
        ends = torch.isin(self.ids, self.end_ids) & canvas
        masked = (self.ids == self.mask_id) & canvas
        first_end, first_mask = (self.columns.where(found, self.width).amin(1) for found in (ends, masked))
        return (first_end < first_mask) & self.edits.settled(first_end - self.start, self.frontier.start)
