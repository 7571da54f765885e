"""A look at the rows of a batch while they are being decoded: what a display shows."""

from collections.abc import Iterator
from dataclasses import dataclass

from hexcli.sampling.batch import Batch
from hexcli.sampling.joining import GRIDS
from hexcli.sampling.row import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A row's canvas as it stands. The lists mean what they mean in `Decoded`; a masked token has the mask's id."""

    row: Row
    token_ids: list[int]
    commit_step: list[int]
    confidence: list[float]


def glance(batch: Batch) -> Iterator[Glance]:
    """The canvases of all rows. It waits for the device, and changes nothing."""
    ids, steps, confidences = (getattr(batch, name).cpu() for name in GRIDS)
    for place, slot in enumerate(batch.slots):
        canvas = slice(
            batch.width - slot.row.canvas_length, batch.width - slot.row.canvas_length + slot.row.schedule.gen_length
        )
        yield Glance(
            row=slot.row,
            token_ids=ids[place, canvas].tolist(),
            commit_step=steps[place, canvas].tolist(),
            confidence=confidences[place, canvas].tolist(),
        )
