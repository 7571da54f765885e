"""The rows being decoded now, as tensors: what the sampler's loop reads and writes.

Rows are right-aligned: padding goes left and is masked out of attention, and every canvas ends in the last
column. All that a step needs lies in tensors; when rows come or go, these are cut and joined for all rows at once.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli.sampling import noise, remasking
from hexcli.sampling.candidates import Candidates
from hexcli.sampling.commits import Commits
from hexcli.sampling.credit import Credit
from hexcli.sampling.edits import Edits
from hexcli.sampling.frontier import Frontier, fields_of, keeps
from hexcli.sampling.joining import GRIDS, joined
from hexcli.sampling.kv_cache import CachingDenoiser, KeyValueCache
from hexcli.sampling.order import Order
from hexcli.sampling.packing import PackedDenoiser
from hexcli.sampling.pipeline import Pipeline
from hexcli.sampling.row import Row
from hexcli.sampling.slot import Slot
from hexcli.sampling.states import States
from hexcli.sampling.ties import Ties

# Steps for which a token that is committed is computed again where only what is open is: what it says to others settles
# as its neighbours are committed.
RECENT, LONG_AGO = 4, 1 << 30
# Per row: tokens of prompt and canvas, tokens of the canvas, and what of its schedule matters here.
NUMBERS = ("length", "canvas", "noise_key", "guidance", "rule")


class Batch:
    """Slots side by side. B rows, T columns; column T - 1 is the last token of every canvas.

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
        """`end_ids`: tokens that end a text; `lookback`: see kv_cache.CachingDenoiser, None where it is none; `ends`:
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
        new = {name: field.to(self.device) for name, field in self._fields_of(rows).items()}
        fields = joined(self._fields(), new) if self.slots else new
        self.slots += [Slot(row=row, seconds=self.clock, credit=Credit.of(row.schedule)) for row in rows]
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
            self._set({name: field[:, -width:] if name in GRIDS else field for name, field in fields.items()})
        return done

    def _fields_of(self, rows: Sequence[Row]) -> dict[str, Tensor]:
        """All that is kept of rows that have not begun: see GRIDS, NUMBERS and frontier.FIELDS."""
        schedules = [row.schedule for row in rows]
        lengths = [len(row.prompt_ids) + row.canvas_length for row in rows]
        width = max(lengths)
        ids = torch.tensor(
            [
                (0,) * (width - length) + row.prompt_ids + (self.mask_id,) * row.canvas_length
                for row, length in zip(rows, lengths, strict=True)
            ]
        )
        return {
            "ids": ids,
            "commit_step": torch.full_like(ids, -1),
            "confidence": torch.zeros(ids.shape, dtype=torch.float64),
            "length": torch.tensor(lengths),
            "canvas": torch.tensor([row.canvas_length for row in rows]),
            "noise_key": torch.tensor([row.noise_key for row in rows]),
            "guidance": torch.tensor([schedule.cfg_scale + 1 for schedule in schedules]),
            "rule": torch.tensor([remasking.place(schedule.certainty) for schedule in schedules]),
            **fields_of(rows, windows=self.can_keep),
        }

    def _fields(self) -> dict[str, Tensor]:
        """The same, of the rows here and as they are now."""
        return {name: getattr(self, name) for name in (*GRIDS, *NUMBERS)} | self.frontier.fields()

    def _set(self, fields: Mapping[str, Tensor]) -> None:
        """Take these fields, of `slots`, and derive what else a step needs."""
        slots, schedules = self.slots, [slot.row.schedule for slot in self.slots]
        self.ids, self.commit_step, self.confidence = (fields[name] for name in GRIDS)
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
        self.opening = any(slot.row.opens for slot in slots)
        self.credits = {index: slot.credit for index, slot in enumerate(slots) if slot.credit is not None}
        self.guided = [index for index, slot in enumerate(slots) if slot.forwards == 2]
        self.with_twins = self._tensor([*range(len(slots)), *self.guided])
        self.forwards = len(slots) + len(self.guided)
        # Where each guided row's unconditional twin stands in the model's batch.
        twins = [-1] * len(slots)
        for offset, index in enumerate(self.guided):
            twins[index] = len(slots) + offset
        self.twins, self.twin = twins, self._tensor(twins)

    def _tensor(self, values: Sequence[int]) -> Tensor:
        return torch.tensor(values, device=self.device)

    def inputs(self) -> tuple[Tensor, Tensor | None]:
        """Ids and real positions for the model: the rows, then the unconditional twins, prompts masked."""
        ids, real = self.ids, self.real
        if self.guided:
            twins = self.with_twins[len(self.slots) :]
            prompt = self.columns < self.start[twins][:, None]
            ids = torch.cat([ids, ids[twins].masked_fill(prompt, self.mask_id)])
            real = torch.cat([real, real[twins]])
        return ids, real if self.padded else None

    def shared(self, denoiser: PackedDenoiser, states: States) -> Tensor:
        """Features of the rows and their twins, wherever a canvas is masked: [>= B, T, width]"""
        ids, _ = self.inputs()
        canvas = self.columns >= self.start[self.with_twins][:, None]
        rows = [(slot.length, slot.row.canvas_length, slot.row.edits) for slot in self.slots]
        rows += [rows[index] for index in self.guided]
        masked = ids == self.mask_id
        if self.edits.any:
            masked |= self.edits.rows[self.with_twins][:, None]
        return states.features(denoiser, ids, rows, canvas & masked)

    def windows(self, denoiser: CachingDenoiser) -> Tensor:
        """Features of the rows and their twins, as much of each as `frontier` wants: [>= B, T, width]"""
        ids, _ = self.inputs()
        new = [slot for slot in self.slots if not slot.cached]
        taken = iter(self.cache.take(sum(slot.forwards for slot in new), self.width))
        for slot in new:
            slot.cached = tuple(itertools.islice(taken, slot.forwards))
        places = [slot.cached[0] for slot in self.slots] + [self.slots[index].cached[1] for index in self.guided]
        self.computing, twice = self._window(), self.with_twins
        return self.cache.features(denoiser, ids, self.real[twice], self.computing[twice], places)

    def _window(self) -> Tensor:
        """bool [B, T]: what the next step computes of each row."""
        frontier, masked = self.frontier, self.ids == self.mask_id
        ago = (frontier.step[:, None] - self.commit_step).where(self.commit_step >= 0, LONG_AGO)
        # A row that keeps only what cannot change: all before the first token that changed, or may, is as it was.
        changing = ((masked & (self.columns >= self.start[:, None])) | (ago == 1)).long().argmax(1) - self.start
        first = torch.where(frontier.exact & ~frontier.whole, frontier.grid_before(changing), frontier.first)
        first, last = self.start + first, self.start + frontier.last
        window = (self.columns >= first[:, None]) & (self.columns < last[:, None]) & self.real
        window &= masked | (ago <= RECENT) | ~frontier.narrow[:, None]
        if self.lookback:
            # Where blocks begin with their first token, nobody asks for the features of what stands before them.
            before = F.pad(window[:, self.lookback :], (0, self.lookback)) & self.real
            window |= before & (frontier.narrow | frontier.exact | (frontier.opens == 0))[:, None]
        return window

    def keep_first(self, features: Tensor) -> None:
        """Remember the first forward's features of the rows that have just come: features [>= B, T, width]."""
        alike: dict[tuple[int, int, int], list[int]] = {}
        for place, slot in enumerate(self.slots):
            if not slot.first:
                row = slot.row
                alike.setdefault((row.canvas_length, row.schedule.gen_length, slot.forwards), []).append(place)
        for (canvas_length, gen_length, forwards), places in alike.items():
            columns = slice(self.width - canvas_length, self.width - canvas_length + gen_length)
            both = (places, [self.twins[place] for place in places])[:forwards]
            kept = [features[self._tensor(rows), columns] for rows in both]
            for index, place in enumerate(places):
                self.slots[place].first = tuple(part[index] for part in kept)

    def open_positions(self) -> Tensor:
        """bool [B, T]: the positions that may commit now, masked and not behind the current block."""
        stop = self.start + self.frontier.stop
        start = self.start
        if self.frontier.caching:
            start = torch.where(self.frontier.whole | self.frontier.exact, start, start + self.frontier.start)
        in_reach = (self.columns >= start[:, None]) & (self.columns < stop[:, None])
        return in_reach & (self.ids == self.mask_id)

    def begin_step(self) -> None:
        """What has to be known before a step."""
        for index, credit in self.credits.items():
            credit.begin(int(self.frontier.start[index]), int(self.frontier.stop[index]), self.device)

    def editable(self) -> Tensor:
        """bool [B, T]: the tokens that may be replaced now: those of the current block that are committed."""
        return self._block() & (self.ids != self.mask_id) & self.edits.rows[:, None]

    def noise_keys(self, rows: Tensor, columns: Tensor, step: Tensor) -> Tensor:
        """The noise stream of each position at its `step`, named by job, step and canvas position only: [N]."""
        return noise.position_key(self.noise_key[rows], step, columns - self.start[rows])

    def commit(self, commit: Tensor, rows: Tensor, columns: Tensor, tokens: Tensor, confidence: Tensor) -> None:
        """Of N positions write the tokens of those that `commit` (bool [N]), and go on to the next step."""
        place = rows, columns
        before = self.ids[place]
        self.ids[place] = tokens.where(commit, before)
        self.commit_step[place] = self.frontier.step[rows].where(commit, self.commit_step[place])
        self.confidence[place] = confidence.where(commit, self.confidence[place])
        computed = self.length
        if self.computing is not None:
            computed, self.computing = self.computing.sum(1), None
        counts = torch.zeros_like(self.length).index_add_(0, rows, (commit & (before == self.mask_id)).long())
        if self.commits.renewing or self.pipeline.any:
            edits = torch.zeros_like(self.length).index_add_(0, rows, (commit & (before != self.mask_id)).long())
            masked = ((self.ids == self.mask_id) & (self.columns >= self.start[:, None])).sum(1)
            self.frontier.advance(counts, computed, self._left(), edits > 0, masked if self.pipeline.any else None)
        else:
            self.frontier.advance(counts, computed)
        for slot, finished in zip(self.slots, (self._ended() | self.frontier.done).tolist(), strict=True):
            slot.finished = finished

    def _left(self) -> Tensor:
        """int [B]: positions of the current block that are masked."""
        return (self._block() & (self.ids == self.mask_id)).sum(1)

    def _block(self) -> Tensor:
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
