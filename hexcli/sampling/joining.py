"""Rows of two batches become those of one: their tensors are joined, all rows at once."""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

# Per row and column, and what stands where a row has no column.
GRIDS: dict[str, float] = {"ids": 0, "commit_step": -1, "confidence": 0}


def joined(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The rows of both: grids end in one column, tables begin in one."""
    found = {}
    for name, field in one.items():
        pair = [field, other[name]]
        if name in GRIDS:
            width = max(part.shape[1] for part in pair)
            pair = [F.pad(part, (width - part.shape[1], 0), value=GRIDS[name]) for part in pair]
        elif name == "table":
            places = max(part.shape[1] for part in pair)
            pair = [F.pad(part, (0, 0, 0, places - part.shape[1])) for part in pair]
        found[name] = torch.cat(pair)
    return found
