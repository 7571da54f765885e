"""Rows of two batches become those of one: their tensors are joined, all rows at once."""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

# Per row and column, and what stands where a row has no column.
GRIDS: dict[str, float] = {"ids": 0, "commit_step": -1, "confidence": 0}
# So, too: the probability of the likeliest token when a position was last looked at; infinite before.
KEPT: dict[str, float] = {**GRIDS, "peak": float("inf")}


def joined(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The rows of both: grids end in one column, tables begin in one."""
    found = {}
    for name, field in one.items():
        pair = [field, other[name]]
        if name in KEPT:
            width = max(part.shape[1] for part in pair)
            pair = [F.pad(part, (width - part.shape[1], 0), value=KEPT[name]) for part in pair]
        elif name == "table":
            places = max(part.shape[1] for part in pair)
            pair = [F.pad(part, (0, 0, 0, places - part.shape[1])) for part in pair]
        found[name] = torch.cat(pair)
    return found
