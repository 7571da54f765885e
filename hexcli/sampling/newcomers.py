"""Rows that have not begun, as the tensors of a batch."""

from collections.abc import Sequence

import torch
from torch import Tensor

from hexcli.sampling import remasking
from hexcli.sampling.course import fields_of
from hexcli.sampling.joining import KEPT
from hexcli.sampling.row import Row

# Per row: tokens of prompt and canvas, tokens of the canvas, and what of its schedule matters here.
NUMBERS = ("length", "canvas", "noise_key", "guidance", "rule")


def newcomers(rows: Sequence[Row], mask_id: int, *, windows: bool) -> dict[str, Tensor]:
    """All that is kept of them, on the CPU, their canvases masked: see KEPT, NUMBERS and course.FIELDS. `windows`:
    whether the denoiser can compute parts of a row."""
    schedules = [row.schedule for row in rows]
    lengths = [len(row.prompt_ids) + row.canvas_length for row in rows]
    width = max(lengths)
    ids = torch.tensor(
        [
            (0,) * (width - length) + row.prompt_ids + (mask_id,) * row.canvas_length
            for row, length in zip(rows, lengths, strict=True)
        ]
    )
    return {
        "ids": ids,
        "commit_step": torch.full_like(ids, -1),
        "confidence": torch.zeros(ids.shape, dtype=torch.float64),
        "peak": torch.full(ids.shape, KEPT["peak"], dtype=torch.float64),
        "length": torch.tensor(lengths),
        "canvas": torch.tensor([row.canvas_length for row in rows]),
        "noise_key": torch.tensor([row.noise_key for row in rows]),
        "guidance": torch.tensor([schedule.cfg_scale + 1 for schedule in schedules]),
        "rule": torch.tensor([remasking.place(schedule.certainty) for schedule in schedules]),
        **fields_of(rows, windows=windows),
    }
