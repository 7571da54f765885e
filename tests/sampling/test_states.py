"""Rows in the same state are computed once, without padding, and decode to the same tokens."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from hexcli.models.network.transformer import MaskPredictor, TransformerConfig
from hexcli.sampling.packing import Packings
from hexcli.sampling.row import Row
from hexcli.sampling.sampler import Sampler
from hexcli.sampling.states import States
from hexcli.schedule import Schedule

MASK = 12


def model(**fields: Any) -> MaskPredictor:
    torch.manual_seed(0)
    config = TransformerConfig(
        vocab_size=13, width=16, layers=2, heads=2, kv_heads=1, mlp_width=24, context=64, **fields
    )
    return MaskPredictor(config).double().eval()


PLAIN, SHIFTED, BLOCKS = model(), model(shifted=True), model(block_length=4)


class Padded:
    """The same model, whole rows only: what it computes is not shared."""

    def __init__(self, model: MaskPredictor) -> None:
        self.features, self.logits = model.features, model.logits


@pytest.mark.parametrize("denoiser", [PLAIN, SHIFTED, BLOCKS], ids=["plain", "shifted", "blocks"])
@pytest.mark.parametrize("threads", [1, 3])
@torch.no_grad()
def test_packed_features_are_those_of_padded_rows(denoiser: MaskPredictor, threads: int) -> None:
    lengths, width = [7, 9, 4, 9, 7, 1], 9
    ids = torch.randint(12, (6, width))
    real = torch.arange(width) >= width - torch.tensor(lengths)[:, None]
    wanted = real & (torch.rand(6, width) < 0.5)
    wanted[:, -1] = True
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        packings = Packings(lengths, width, denoiser.trained_block)
        found = packings.features(denoiser, ids, wanted)
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert len(packings.parts) == threads
    assert torch.allclose(found[wanted], denoiser.features(ids, real)[wanted], atol=1e-12)


SCHEDULES = [
    Schedule.parse("2", gen_length=8),
    Schedule.parse("4", gen_length=8),
    Schedule.parse("8", gen_length=8, temperature=0.9),
    Schedule.parse("5+3", gen_length=8, steps=8, remasking="entropy"),
    Schedule.parse("4", gen_length=8, cfg_scale=0.5),
    Schedule.parse("4", gen_length=8, threshold=0.3),
]


@pytest.mark.parametrize("denoiser", [PLAIN, SHIFTED], ids=["plain", "shifted"])
@settings(max_examples=25, deadline=None)
@given(
    jobs=st.lists(
        st.tuples(st.sampled_from([(1,), (1, 2), (5, 5, 5)]), st.sampled_from(SCHEDULES), st.integers(0, 2)),
        min_size=1,
        max_size=8,
    ),
    size=st.integers(1, 5),
)
def test_rows_that_share_states_decode_as_rows_that_do_not(
    denoiser: MaskPredictor, jobs: list[tuple[tuple[int, ...], Schedule, int]], size: int
) -> None:
    rows = [Row(prompt_ids=prompt, schedule=schedule, noise_key=key) for prompt, schedule, key in jobs]
    sharing = Sampler(denoiser, mask_id=MASK, batch_size=size)
    shared = [(row, canvas.token_ids, canvas.nfe) for row, canvas in sharing.run(rows)]
    alone = [
        (row, canvas.token_ids, canvas.nfe)
        for row, canvas in Sampler(Padded(denoiser), mask_id=MASK, batch_size=size).run(rows)
    ]
    assert shared == alone
    assert sharing.states.asked == sum(nfe for _, _, nfe in shared), "a shared pass counts for each that asked"
    assert sharing.states.computed <= sharing.states.asked


def test_a_state_is_computed_once_whoever_asks_and_when() -> None:
    passes: list[int] = []

    class Counting(MaskPredictor):
        def packed_features(self, ids: Tensor, positions: Tensor, *rest: Any) -> Tensor:
            passes.append(int((positions == 0).sum()))
            return super().packed_features(ids, positions, *rest)

    denoiser = Counting(PLAIN.config).double().eval()
    denoiser.load_state_dict(PLAIN.state_dict())
    rows = [Row(prompt_ids=(1, 2), schedule=SCHEDULES[0], noise_key=key) for key in range(6)]
    sampler = Sampler(denoiser, mask_id=MASK, batch_size=2)
    assert len({canvas.token_ids for _, canvas in sampler.run(rows)}) == 1
    assert sum(passes) == sampler.states.computed == 4
    assert sampler.states.asked == 6 * 4


@torch.no_grad()
def test_what_was_not_asked_for_lately_is_forgotten() -> None:
    one, two = torch.tensor([[1, MASK, MASK]]), torch.tensor([[2, MASK, MASK]])
    wanted = torch.tensor([[False, True, True]])
    states = States(limit=2 * 16 * 8)  # one state: two positions of 16 numbers
    for ids, computed in ((one, 1), (one, 1), (two, 2), (two, 2), (one, 3)):
        found = states.features(PLAIN, ids, [(3, 2, False)], wanted)
        assert states.computed == computed
        assert torch.allclose(found[wanted], PLAIN.features(ids)[wanted], atol=1e-12)
