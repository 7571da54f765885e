"""dInfer's credit, against its transcription."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.sampling.credit import Credit
from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.samplers.llada import credit
from tests.sampling.decoding import SURE, decode, jobs, schedule
from tests.toys import MASK


def credits(draw: st.DrawFn) -> Schedule:
    block, count = draw(st.integers(2, 9)), draw(st.integers(1, 3))
    gamma, beta = draw(st.sampled_from([(0.2, 0.8), (1.0, 0.5)]))
    return schedule(
        str(block),
        block * count,
        threshold=draw(st.sampled_from([0.4, 0.7, 0.9])),
        credit_alpha=draw(st.sampled_from([0.7, 3.0])),
        boost_gamma=gamma,
        decay_beta=beta,
    )


@settings(max_examples=40)
@given(jobs(credits), st.booleans())
def test_dinfers_credit(rows: list[Row], beside: bool) -> None:
    extra = [Row(prompt_ids=(3, 7), schedule=schedule("4", 16))] if beside else []
    for row, decoded in zip(rows, decode([*rows, *extra], SURE), strict=False):
        one = row.schedule
        assert one.threshold is not None and one.credit_alpha is not None
        tokens, nfe = credit(
            SURE,
            list(row.prompt_ids),
            blocks=list(one.blocks),
            mask_id=MASK,
            threshold=one.threshold,
            alpha=one.credit_alpha,
            gamma=one.boost_gamma,
            beta=one.decay_beta,
        )
        assert (list(decoded.token_ids), decoded.nfe) == (tokens, nfe)


def test_credit_fades_from_step_to_step() -> None:
    credit = Credit(alpha=1.0, gamma=1.0, beta=0.5)
    logits, place = torch.tensor([[0.75, 0.25]]).log(), torch.tensor([0])
    for due in (0.75, 0.75 * 0.5 + 0.75):
        credit.begin(0, 1, torch.device("cpu"))
        added = (credit.added(logits, place) - logits)[0]
        assert added.tolist() == pytest.approx([math.log1p(due), 0.0])
