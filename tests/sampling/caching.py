"""Rows, schedules with shortcuts and a random model that tests of caches share."""

import itertools
from typing import Any

from hypothesis import strategies as st

from hexcli.models.network.transformer import MaskPredictor
from hexcli.sampling.sampler import Decoded, Row, Sampler
from hexcli.schedule import Schedule
from tests.sampling.decoding import small
from tests.toys import MASK

MODEL = small()


def decode(rows: list[Row], batch_size: int = 3, denoiser: Any = MODEL, end_ids: tuple[int, ...] = ()) -> list[Decoded]:
    """Decoded rows in the order of `rows`."""
    sampler = Sampler(denoiser, mask_id=MASK, batch_size=batch_size, end_ids=end_ids)
    results = {id(row): decoded for row, decoded in sampler.run(rows)}
    return [results[id(row)] for row in rows]


@st.composite
def schedules(draw: st.DrawFn, **fast: Any) -> Schedule:
    """Schedules of every kind, even and uneven, whose steps suit a threshold (one token a step)."""
    blocks = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    if draw(st.booleans()):
        blocks = [blocks[0]] * len(blocks)
    even, gen_length = len(set(blocks)) == 1, sum(blocks)
    chosen = {name: draw(value) for name, value in fast.items()}
    steps = gen_length
    if chosen.get("threshold") is None:
        steps = len(blocks) * draw(st.integers(1, blocks[0])) if even else draw(st.sampled_from([1, gen_length]))
    return Schedule(
        blocks=tuple(blocks),
        gen_length=gen_length,
        steps=steps,
        remasking=draw(st.sampled_from(["low_confidence", "topk_margin", "entropy"])),
        cfg_scale=draw(st.sampled_from([0.0, 0.0, 0.7])),
        **chosen,
    )


CACHES = st.sampled_from(["prefix", "dual", "open", "likely"])
REFRESHES = st.sampled_from([None, None, 1, 3, 8])
PROMPT_REFRESHES = st.sampled_from([None, None, 4, 1000])
THRESHOLDS = st.sampled_from([None, 0.3, 0.6])


def causal(trained: int, proposes_mask: bool, shifted: bool) -> MaskPredictor:
    model = small(block_length=trained, shifted=shifted)
    if proposes_mask:  # now and then
        model.lm_head.weight.data[MASK] = model.lm_head.weight.data[1] * 1.02
    return model


CAUSAL = {key: causal(*key) for key in itertools.product((2, 4), (False, True), (False, True))}
