"""The published loop of `hex bench`: the oracle's tokens, our sampler's tokens, and the published distribution."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.bench.modes import MODES, Stage
from hexcli.bench.published import Decoding, decode_batch
from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from hexcli.workers.batching import AutoBatch
from tests.reference import published_decode
from tests.toys import MASK, ToyDenoiser

PROMPTS = ((3, 7, 1), (5, 2, 9, 11, 4, 8), (1,), (6, 6, 12, 2))


def stage(denoiser: ToyDenoiser, batch_size: int = 3) -> Stage:
    return Stage(denoiser=denoiser, mask_id=MASK, device="cpu", batch=AutoBatch(batch_size), published_batch=3)


@st.composite
def even_schedules(draw: st.DrawFn) -> Schedule:
    block, count = draw(st.integers(1, 9)), draw(st.integers(1, 4))
    return Schedule(blocks=(block,) * count, gen_length=block * count, steps=count * draw(st.integers(1, 2 * block)))


@settings(max_examples=12)
@given(
    st.lists(st.tuples(even_schedules(), st.sampled_from(PROMPTS)), min_size=1, max_size=6, unique=True),
    st.booleans(),
)
def test_every_mode_gives_the_oracles_tokens_row_by_row(
    jobs: list[tuple[Schedule, tuple[int, ...]]], proposes_mask: bool
) -> None:
    denoiser = ToyDenoiser(proposes_mask=proposes_mask)
    rows = [Row(prompt_ids=prompt, schedule=schedule) for schedule, prompt in jobs]
    for name in ("published", "lossless"):
        canvases = dict(MODES[name].decode(stage(denoiser), rows, lambda forwards: None))
        for row in rows:
            expected = published_decode(
                denoiser,
                list(row.prompt_ids),
                blocks=list(row.schedule.blocks),
                gen_length=row.schedule.gen_length,
                steps=row.schedule.steps,
                mask_id=MASK,
            )
            assert list(canvases[row].token_ids) == expected, name


def test_rows_of_one_schedule_share_a_batch_and_no_others() -> None:
    schedules = [Schedule.parse(label, gen_length=8) for label in ("4", "8")]
    rows = [Row(prompt_ids=prompt, schedule=schedule) for prompt in PROMPTS for schedule in schedules]
    batches: list[int] = []
    canvases = dict(MODES["published"].decode(stage(ToyDenoiser()), rows, batches.append))
    assert batches == [3] * 4 + [1] * 4 + [3] * 4 + [1] * 4
    assert {canvas.nfe for canvas in canvases.values()} == {4}
    assert canvases[rows[0]].tokens_computed == 4 * (3 + 8), "padding is no token"


def test_the_temperature_gives_the_softmax_distribution() -> None:
    logits = torch.tensor([-50.0, 1.0, 0.0, 2.0])
    drawn = decode_batch(
        lambda ids, real: logits.expand(*ids.shape, 4),
        [(1,)] * 4000,
        Decoding(gen_length=1, block_length=1, steps=1, temperature=0.5, mask_id=MASK),
        torch.Generator().manual_seed(0),
    )
    frequencies = torch.bincount(drawn[:, 0], minlength=4) / 4000
    assert torch.allclose(frequencies, torch.softmax(logits / 0.5, 0), atol=0.03)


def test_the_noise_is_the_generators_and_nothing_elses() -> None:
    denoiser, how = ToyDenoiser(), Decoding(gen_length=8, block_length=4, steps=4, temperature=0.9, mask_id=MASK)

    def canvas(seed: int) -> list[int]:
        forward = lambda ids, real: denoiser.logits(denoiser.features(ids, real))  # noqa: E731
        return decode_batch(forward, PROMPTS, how, torch.Generator().manual_seed(seed)).tolist()

    assert canvas(1) == canvas(1) != canvas(2)


@pytest.mark.parametrize(("block_length", "steps"), [(3, 4), (4, 5), (16, 4)])
def test_what_does_not_divide_is_refused(block_length: int, steps: int) -> None:
    how = Decoding(gen_length=8, block_length=block_length, steps=steps, temperature=0, mask_id=MASK)
    with pytest.raises(ValueError, match="do not divide 8 tokens"):
        decode_batch(lambda ids, real: torch.zeros(*ids.shape, 4), [(1,)], how, torch.Generator())
