"""Confidence in the logits' own type: equals commit as torch.topk has them."""

from typing import Any

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.sampling.decoding import PROMPTS, decode, schedule
from tests.toys import MASK, ToyDenoiser


class Coarse(ToyDenoiser):
    """A toy whose logits are bfloat16, so that many positions are as sure as others, and tokens as likely."""

    def logits(self, features: Tensor) -> Tensor:
        return (super().logits(features) * 0.3).bfloat16()


COARSE = Coarse()


def in_the_models_type(prompt: list[int], one: Schedule) -> list[int]:
    """generate.py of ML-GSAI/LLaDA as it is now, dllm's mdlm.py, and Dream's generation_utils.py, all in the type of
    the logits: softmax, comparison and torch.topk over the whole row."""
    x = torch.tensor([prompt + [MASK] * one.gen_length])
    for start, stop, count in one.commits():
        logits = COARSE(x)
        masked = x == MASK
        masked[:, len(prompt) + stop :] = False
        probs = logits.softmax(-1)
        tokens = probs.max(-1).indices if one.sampler == "dream" else logits.argmax(-1)
        sure = probs.gather(-1, tokens[..., None]).squeeze(-1)
        if one.alg == "topk_margin":
            ranked = torch.sort(probs, descending=True).values
            sure = ranked[..., 0] - ranked[..., 1]
        chosen = torch.topk(torch.where(masked, sure, -torch.inf)[0], count).indices
        x[0, chosen] = tokens[0, chosen]
        assert start < stop
    return x[0, len(prompt) :].tolist()


WAYS: list[dict[str, Any]] = [
    {},
    {"sampler": "dllm"},
    {"alg": "maskgit_plus", "top_k": 0},
    {"alg": "topk_margin", "top_k": 0},
]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(PROMPTS), st.sampled_from(WAYS), st.integers(1, 24)), min_size=1, max_size=4))
def test_in_the_models_type_equals_commit_as_torch_topk_has_them(asked: list[tuple[list[int], Any, int]]) -> None:
    """Row by row, whatever shares the batch; also where bfloat16 makes most positions equals."""
    rows = [
        Row(
            prompt_ids=tuple(prompt),
            schedule=schedule("24", 24, steps=steps, confidence_dtype="model", **way),
        )
        for prompt, way, steps in asked
    ]
    for row, decoded in zip(rows, decode(rows, COARSE), strict=True):
        assert list(decoded.token_ids) == in_the_models_type(list(row.prompt_ids), row.schedule)


def test_in_float64_they_would_commit_otherwise() -> None:
    """Else the equivalence above holds without ties."""
    found = {}
    for dtype in ("float64", "model"):
        ways = [schedule("24", 24, steps=steps, confidence_dtype=dtype) for steps in range(1, 24)]
        found[dtype] = [one.commit_step for one in decode([Row(prompt_ids=(3,), schedule=way) for way in ways], COARSE)]
    assert found["float64"] != found["model"]
