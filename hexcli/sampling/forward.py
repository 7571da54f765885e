"""A forward pass of a batch, each way that a device and the rows allow."""

import itertools
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli.sampling import cached
from hexcli.sampling.ahead import Ahead
from hexcli.sampling.exchange import CachingDenoiser
from hexcli.sampling.packing import PackedDenoiser
from hexcli.sampling.places import runs_apart
from hexcli.sampling.rounding import tiled
from hexcli.sampling.states import States

if TYPE_CHECKING:
    from hexcli.sampling.batch import Batch


def features(batch: "Batch", denoiser: Any, states: States, ahead: Ahead, *, everywhere: bool = False) -> Tensor:
    """Features of the rows and their unconditional twins, [>= B, T, width], where the step scores, and on canvases that
    have just come; `everywhere`: of whole rows, wherever a canvas is masked. Elsewhere they mean nothing."""
    if ahead.computing is not None:
        return _windows(batch, denoiser, ahead, ahead.computing)
    if batch.device.type == "cpu" and hasattr(denoiser, "lookback"):
        return _shared(batch, denoiser, states)
    ids, real = _inputs(batch)
    if everywhere or not getattr(denoiser, "picks", lambda tokens: False)(ids.numel()):
        return cast(Tensor, denoiser.features(ids, real))
    wanted = _places(batch, ahead)
    found = denoiser.features(ids, real, F.pad(wanted, (0, tiled(len(wanted)) - len(wanted))))
    out = found.new_zeros(ids.numel(), found.shape[1])
    out[wanted] = found[: len(wanted)]
    return cast(Tensor, out.view(*ids.shape, -1))


def _places(batch: "Batch", ahead: Ahead) -> Tensor:
    """Where in the flattened rows and twins somebody looks, rising; the device is asked only where rows have just come,
    or have twins."""
    if batch.twins.guided or not all(slot.first for slot in batch.slots):
        return _wanted(batch, ahead.scored).flatten().nonzero().squeeze(1)
    rows, columns = ahead.where()
    return rows * batch.width + columns


def prepare(batch: "Batch", denoiser: Any, ahead: Ahead) -> None:
    """Find out what the next pass needs while this one is on its way: a GPU then waits for a few launches only once the
    host knows how far the step went. Only rows that stay, and have no twin, are worth it."""
    if not runs_apart(batch.device):
        return
    ahead.find()
    if ahead.computing is not None and batch.held is not None and not batch.twins.guided:
        computing, looked = ahead.computing, ahead.scored
        ahead.plan = cached.Plan.of(batch.cache, denoiser, batch.ids, batch.real, computing, looked, batch.held)


def _inputs(batch: "Batch") -> tuple[Tensor, Tensor | None]:
    """Ids and real positions for the model: the rows, then the unconditional twins, prompts masked."""
    ids, real = batch.ids, batch.real
    if batch.twins.guided:
        twins = batch.twins.rows
        prompt = batch.columns < batch.start[twins][:, None]
        ids = torch.cat([ids, ids[twins].masked_fill(prompt, batch.mask_id)])
        real = torch.cat([real, real[twins]])
    return ids, real if batch.padded else None


def _wanted(batch: "Batch", scored: Tensor) -> Tensor:
    """bool [>= B, T]: whose features somebody looks at: what is scored, and canvases of which the first are kept."""
    new = [place for place, slot in enumerate(batch.slots) if not slot.first]
    if new:
        rows = torch.tensor(new, device=batch.device)
        scored = scored.index_put((rows,), scored[rows] | (batch.columns >= batch.start[rows][:, None]))
    return batch.twins.behind(scored)


def _shared(batch: "Batch", denoiser: PackedDenoiser, states: States) -> Tensor:
    """So, wherever a canvas is masked: rows in one state are computed once."""
    ids, _ = _inputs(batch)
    canvas = batch.columns >= batch.twins.behind(batch.start)[:, None]
    rows = [(slot.length, slot.row.canvas_length, slot.row.edits) for slot in batch.slots]
    rows += [rows[index] for index in batch.twins.guided]
    masked = ids == batch.mask_id
    if batch.edits.any:
        masked |= batch.twins.behind(batch.edits.rows)[:, None]
    return states.features(denoiser, ids, rows, canvas & masked)


def _windows(batch: "Batch", denoiser: CachingDenoiser, ahead: Ahead, computing: Tensor) -> Tensor:
    """So, of what the step is `computing`."""
    ids, _ = _inputs(batch)
    slots = batch.slots
    new = [slot for slot in slots if not slot.cached]
    taken = iter(batch.cache.take(sum(slot.forwards for slot in new), batch.width))
    for slot in new:
        slot.cached = tuple(itertools.islice(taken, slot.forwards))
    places = [slot.cached[0] for slot in slots] + [slots[index].cached[1] for index in batch.twins.guided]
    batch.held = torch.tensor(places, device=batch.device) if batch.held is None else batch.held
    # A row that has just come is a prompt before a masked canvas; its twin is all masked.
    first: list[Hashable] = [None if slot.first else (slot.row.prompt_ids, slot.length) for slot in slots]
    first += [None if slots[i].first else (slots[i].prompt_length, slots[i].length) for i in batch.twins.guided]
    widths = ahead.widths + [ahead.widths[index] for index in batch.twins.guided]
    count = None if any(state is not None for state in first) or batch.twins.guided else ahead.scores
    wanted = cached.Wanted(_wanted(batch, ahead.scored), count)
    real, computed = (batch.twins.behind(part) for part in (batch.real, computing))
    return cached.features(batch.cache, denoiser, ids, real, computed, widths, wanted, places, first, ahead.plan)
