"""Features of rows whose keys and values are kept: a window of each goes through the model, packed with the others.

Rows whose whole sequence is in the same state, as the votes on one problem are at their first step, are computed once:
the others take what is cached of the first of them.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from hexcli.sampling.exchange import CachingDenoiser, Exchange
from hexcli.sampling.kv_cache import KeyValueCache
from hexcli.sampling.padded import Padded
from hexcli.sampling.places import positions
from hexcli.sampling.ragged import Ragged
from hexcli.sampling.rounding import tiled
from hexcli.sampling.window import Window, filled


class Plan(NamedTuple):
    """What a pass of windows needs, found out without a question to the device: so on a GPU it is known, but for how
    much of it there is, while the pass before is still on its way.

    token      of the window's tokens those whose features somebody looks at, rising
    exchange   how they attend, where they do without padding
    """

    window: Window
    ids: Tensor
    token: Tensor
    exchange: Ragged | None

    @classmethod
    def of(
        cls,
        cache: KeyValueCache,
        denoiser: CachingDenoiser,
        ids: Tensor,
        real: Tensor,
        computed: Tensor,
        looked: Tensor,
        held: Tensor,
    ) -> "Plan":
        """See `features`; held: the rows' places in the cache, int [B]"""
        window = Window.of(computed, real, held)
        inside = looked[window.row, window.column] & window.mine
        ragged = denoiser.ragged and denoiser.trained_block is None
        exchange = Ragged.of(cache, window) if ragged else None
        return cls(window, ids[window.row, window.column], positions(inside, len(inside)), exchange)


class Wanted(NamedTuple):
    """Whose features somebody looks at, bool [B, T], all of them computed; and how many, where that is known."""

    where: Tensor
    many: int | None = None


def features(
    cache: KeyValueCache,
    denoiser: CachingDenoiser,
    ids: Tensor,
    real: Tensor,
    computed: Tensor,
    widths: list[int],
    wanted: Wanted,
    places: Sequence[int],
    states: Sequence[Hashable] = (),
    plan: Plan | None = None,
) -> Tensor:
    """Features [B, T, width] of ids [B, T], where real bool [B, T] is False on padding.

    The tokens that are `computed`, bool [B, T], so many of each row as `widths` says, go through the model; features
    are those `wanted` of them, and mean nothing elsewhere. `places`: the rows' own in the cache; `states`: of each row
    what is equal where two rows' tokens all are, all being computed and alike wanted; None where nothing is known;
    `plan`: of this pass, where somebody has made it.
    """
    first = _first_alike(states)
    looked, many = wanted
    if first:
        rows = torch.tensor(list(first), device=ids.device)
        computed = computed.index_fill(0, rows, False)
        leads = torch.tensor(list(first.values()), device=ids.device)
        widths = [0 if row in first else width for row, width in enumerate(widths)]
    if plan is None or first:
        plan = Plan.of(cache, denoiser, ids, real, computed, looked, torch.tensor(places, device=ids.device))
    window = plan.window
    exchange: Exchange
    if plan.exchange is None:
        exchange = Padded.of(cache, window, widths, denoiser.trained_block)
    else:
        exchange = plan.exchange.cut(widths)
    size = len(exchange.tensors[0])
    if many is None:
        many = int((looked & computed).sum())
    token = plan.token[:many]
    found = denoiser.packed_features(
        filled(plan.ids, size), filled(window.positions, size), exchange, filled(plan.token, tiled(many))
    )
    out = found.new_zeros(*ids.shape, found.shape[-1])
    out[window.row[token], window.column[token]] = found[:many]
    if first:
        out[rows] = out[leads]
        cache.copy([places[lead] for lead in first.values()], [places[row] for row in first])
    return out


def _first_alike(states: Sequence[Hashable]) -> dict[int, int]:
    """Rows that are in the state of an earlier one, and which that is: the first of them."""
    seen: dict[Hashable, int] = {}
    found = {}
    for row, state in enumerate(states):
        lead = row if state is None else seen.setdefault(state, row)
        if lead != row:
            found[row] = lead
    return found
