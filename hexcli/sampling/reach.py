"""What the next step computes of each row whose keys and values are kept."""

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from hexcli.sampling.frontier import Frontier

# Steps for which a token that is committed is computed again where only what is open is: what it says to others settles
# as its neighbours are committed.
RECENT, LONG_AGO = 4, 1 << 30


class Canvases(Protocol):
    """What has to be known of a batch: see Batch."""

    frontier: Frontier
    ids: Tensor
    commit_step: Tensor
    peak: Tensor
    columns: Tensor
    start: Tensor
    real: Tensor
    mask_id: int
    width: int
    lookback: int
    hopeful: int

    def block(self) -> Tensor:
        """bool [B, T]: the current block of each row."""
        ...


def reach(batch: Canvases) -> Tensor:
    """bool [B, T]: what the next step computes of each row."""
    frontier, columns, masked = batch.frontier, batch.columns, batch.ids == batch.mask_id
    ago = (frontier.step[:, None] - batch.commit_step).where(batch.commit_step >= 0, LONG_AGO)
    # A row that keeps only what cannot change: all before the first token that changed, or may, is as it was.
    changing = ((masked & (columns >= batch.start[:, None])) | (ago == 1)).long().argmax(1) - batch.start
    first = torch.where(frontier.exact & ~frontier.whole, frontier.grid_before(changing), frontier.first)
    first, last = batch.start + first, batch.start + frontier.last
    found = (columns >= first[:, None]) & (columns < last[:, None]) & batch.real
    found &= masked | (ago <= RECENT) | ~frontier.narrow[:, None]
    if batch.hopeful:
        some = (frontier.hopeful > 0) & ~frontier.always
        found &= ~masked | _hopeful(batch, masked) | ~some[:, None]
    if batch.lookback:
        # Where blocks begin with their first token, nobody asks for the features of what stands before them.
        before = F.pad(found[:, batch.lookback :], (0, batch.lookback)) & batch.real
        found |= before & (frontier.narrow | frontier.exact | (frontier.opens == 0))[:, None]
    return found


def _hopeful(batch: Canvases, masked: Tensor) -> Tensor:
    """bool [B, T]: what is masked in a row's current block, where everything is computed; else those of it that had the
    likeliest tokens when last looked at, or were never."""
    frontier, inside = batch.frontier, masked & batch.block()
    peak = batch.peak.where(inside, -torch.inf)
    best = peak.topk(min(batch.hopeful, batch.width), dim=1).values
    edge = best.gather(1, (frontier.hopeful - 1).clamp(0, best.shape[1] - 1)[:, None])
    return inside & (frontier.whole[:, None] | (peak >= edge))
