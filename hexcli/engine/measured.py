"""What a forward pass takes by our documents, for those who have no generation of a model on their device yet."""

from collections.abc import Sequence
from typing import NamedTuple

from hexcli.models.registry import MODELS
from hexcli.schedule import Schedule

PROMPT = 150  # tokens of a prompt there


class Measured(NamedTuple):
    """Seconds of one forward pass of one row, of 25 decoded together at a canvas of 256, and where that stands."""

    seconds: float
    source: str


# (sizes, kind of key/value cache) -> what was measured in bfloat16. Each number is in the document that it names.
MEASURED = {
    ("llada-8b", "none"): Measured(32 / 3200, "README.md: 32 s a problem's 25 votes on an H200, version 0.1.0"),
    ("llada-8b", "open"): Measured(0.0337 / 25, "docs/speed.md: `open`, 33.7 ms a step of 25 rows on an H100"),
    ("llada-8b", "likely"): Measured(0.0245 / 25, "docs/speed.md: `fast`, 24.5 ms a step of 25 rows on an H100"),
}
_CANVAS = 256


def measured(model: str, dtype: str, device: str, schedules: Sequence[Schedule]) -> Measured | None:
    """Of a model by its short name; None where nothing like it was measured: another canvas, type or device, several
    caches."""
    entry, ways = MODELS.get(model), {(one.kv_cache, one.gen_length) for one in schedules}
    if entry is None or entry.shape is None or len(ways) != 1 or (dtype, device[:4]) != ("bfloat16", "cuda"):
        return None
    kind, canvas = ways.pop()
    return MEASURED.get((entry.shape, kind)) if canvas == _CANVAS else None
