"""What the modes of `hex bench` have in common: what they decode with, and what comes of a row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hexcli.engine.plan import Plan
from hexcli.sampling.sampler import Denoiser, Row, Sampler
from hexcli.voting.deciding import CERTAIN
from hexcli.workers.batching import AutoBatch

# Rows of one left-padded batch of the published loop.
PUBLISHED_BATCH = 8
PUBLISHED_BATCHES = (8, 32, 128, 512)  # those tried on a GPU

Step = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all modes decode with.

    batch                 rows that our engine decodes together; the published loop has its own number
    end_ids, end_of_text  see sampler.Sampler; the published loop knows no end
    plan                  whose jobs the rows are; None where they are of no problems
    certainty             at which a mode that counts votes calls a problem decided; `wasted` has the forward passes of
                          votes that were on their way by then, chunk by chunk
    """

    denoiser: Denoiser
    mask_id: int
    device: str
    batch: AutoBatch
    published_batch: int = PUBLISHED_BATCH
    end_ids: frozenset[int] = frozenset()
    end_of_text: int | None = None
    plan: Plan | None = None
    commits: int | None = None
    certainty: float = CERTAIN
    wasted: list[int] = field(default_factory=list)
    samplers: dict[Denoiser, Sampler] = field(default_factory=dict)


class Canvas(NamedTuple):
    """A decoded row: its tokens, and what they cost (see records.Response)."""

    token_ids: tuple[int, ...]
    nfe: int
    tokens_computed: int


Decode = Callable[[Stage, Sequence[Row], Step], Iterator[tuple[Row, Canvas]]]


class Mode(NamedTuple):
    """How rows are decoded: yields each with its canvas, in any order.

    mixed   schedules share a batch
    counts  it counts votes as they come, so it needs a plan
    float8  products are in 8-bit floats; for shapes only
    """

    decode: Decode
    mixed: bool = True
    counts: bool = False
    float8: bool = False
