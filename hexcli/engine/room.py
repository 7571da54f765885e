"""How much memory decoding takes, and how many rows a card has room for: from the sizes of a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from hexcli.models.cards import Card
from hexcli.models.network.architecture import TransformerConfig
from hexcli.schedule import Schedule
from hexcli.workers.batching import FIRST, FULL, MOST

GIB = 1 << 30
USUAL = (24, 40, 80)  # GB of cards that people have, where nobody named one
USABLE = 0.98  # of the GB that a card is sold with


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Bytes on the device: the model's `weights`, each `row` more, and all with `rows` decoded together, at least what
    the weights take while they are read.

    fits  how many rows fit a card of so many GB; 0: not one
    """

    weights: int
    row: int
    rows: int
    together: int
    fits: dict[str, int]


def on_gpu(device: str) -> bool:
    """Whether a device, also one that is not here, has memory and passes as cards have them."""
    return device.partition(":")[0] not in ("cpu", "mps")


def room_of(
    config: TransformerConfig,
    dtype: str,
    schedules: Sequence[Schedule],
    *,
    length: int,
    device: str,
    card: Card | None,
    batch_size: int | None,
    left: int,
) -> Room:
    """Of rows of at most `length` tokens. `batch_size` None: as many as the device begins with; `left`: generations."""
    import torch

    from hexcli.models.loading.loading import FLOAT8, torch_dtype
    from hexcli.models.loading.memory import held_bytes, weight_bytes, working_bytes
    from hexcli.models.network.transformer import MaskPredictor

    with torch.device("meta"):
        model = MaskPredictor(config)
    read = weight_bytes(model, torch_dtype(dtype))
    weights = held_bytes(model, torch_dtype(dtype), float8=dtype == FLOAT8)
    twins = 2 if any(one.cfg_scale > 0 for one in schedules) else 1
    working = partial(
        working_bytes,
        config,
        torch_dtype(dtype),
        length=length,
        canvas=max((one.gen_length for one in schedules), default=0),
        cached=any(one.kv_cache != "none" for one in schedules),
        filtered=any(one.top_p is not None or one.top_k is not None for one in schedules),
        fused=on_gpu(device),
    )

    def together(rows: int) -> int:
        return max(weights + working(rows=twins * rows), read)

    def fitting(gigabytes: int) -> int:
        room, low, high = FULL * USABLE * gigabytes * GIB, 0, MOST
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if together(middle) <= room else (low, middle - 1)
        return low

    fits = {str(size): fitting(size) for size in ((card.memory,) if card else USUAL)} if on_gpu(device) else {}
    first = batch_size or FIRST["cuda" if on_gpu(device) else "cpu"]
    rows = max(min(first, left, *(size for size in fits.values() if card)), 1)
    return Room(
        weights=weights,
        row=(together(2 * MOST) - together(MOST)) // MOST,
        rows=rows,
        together=together(rows),
        fits=fits,
    )
