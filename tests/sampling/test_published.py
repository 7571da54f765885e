"""Every rule of docs/families.md beside every other: whatever shares a batch, each row is decoded as alone."""

import dataclasses
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.sampling.sampler import Row
from tests.sampling.decoding import END, PROMPTS, TOY, TURN, decode, schedule, small
from tests.toys import MASK


@settings(max_examples=20)
@given(st.sampled_from(["4", "8", "5+3+8"]), st.sampled_from([0.0, 0.8]), st.sampled_from(PROMPTS), st.integers(0, 9))
def test_a_full_canvas_has_the_same_text_and_hexs_likelihood(
    label: str, temperature: float, prompt: list[int], key: int
) -> None:
    """HEX's one-step estimate is of the tokens that its loop, which never stops, leaves in the canvas."""
    ends = (2, 5, 8, 11, 14, 17)
    plain = schedule(label, 16, temperature=temperature, steps=16)
    rows = [
        Row(prompt_ids=tuple(prompt), schedule=one, noise_key=key)
        for one in (plain, dataclasses.replace(plain, full_canvas=True))
    ]
    stopped, whole = decode(rows, end_ids=ends, end_of_text=ends[0])
    (never,) = decode(rows[:1])
    assert (whole.token_ids, whole.commit_step, whole.nfe) == (never.token_ids, never.commit_step, never.nfe)
    end = next((place for place, token in enumerate(whole.token_ids) if token in ends), 15)
    assert stopped.token_ids[: end + 1] == whole.token_ids[: end + 1]
    first = TOY(torch.tensor([prompt + [MASK] * 16]))[0, len(prompt) :].log_softmax(-1)
    hexs = first.gather(1, torch.tensor(whole.token_ids)[:, None]).mean()
    assert whole.first_step_logprob == pytest.approx(float(hexs))


def test_an_end_that_no_tokenizer_names_is_an_error() -> None:
    for field in ({"logits_eos_inf": True}, {"confidence_eos_eot_inf": True}, {"early_ban_steps": 3}):
        with pytest.raises(ValueError, match=f"{next(iter(field))}: no end of text is known"):
            decode([Row(prompt_ids=(1,), schedule=schedule("4", 4, **field))])


EVERY: list[dict[str, Any]] = [
    {},
    {"alg": "origin"},
    {"alg": "maskgit_plus", "alg_temp": 0.3, "top_p": 0.8},
    {"alg": "entropy", "kv_cache": "dual", "steps": 16},
    {"sampler": "sdar", "threshold": 0.3, "top_k": 5},
    {"sampler": "sdar", "threshold": 0.3, "editing_threshold": 0.2},
    {"sampler": "fast_dllm_v2", "threshold": 0.3},
    {"sampler": "d3llm", "entropy_threshold": 2.0, "block_add_threshold": 0.3},
    {"sampler": "d3llm_dream", "entropy_threshold": 1.0},
    {"remasking": "sequential"},
    {"remasking": "entropy_bounded", "eb_threshold": 3.0},
    {"sampler": "dllm", "steps": 7, "suppress_tokens": (4, 5)},
    {"entropy_threshold": 2.0},
    {"factor": 2.0},
    {"threshold": 0.4, "credit_alpha": 0.7},
    {"threshold": 0.4, "kv_cache": "prefix"},
    {"logits_eos_inf": True},
    {"confidence_eos_eot_inf": True, "full_canvas": True},
    {"early_ban_steps": 4, "confidence_dtype": "model"},
]


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("cfg_scale", [0.0, 0.6])
def test_whatever_shares_its_batch_a_row_is_decoded_as_alone(cached: bool, cfg_scale: float) -> None:
    """Every rule beside every other, with noise and guidance; with and without rows that keep a cache."""
    ways = [fields for fields in EVERY if cached or "kv_cache" not in fields]
    rows = [
        Row(
            prompt_ids=tuple(PROMPTS[index % len(PROMPTS)]),
            schedule=schedule("8", 24 - 8 * (index % 2), temperature=0.5, cfg_scale=cfg_scale, **fields),
            noise_key=index,
        )
        for index, fields in enumerate(ways)
    ]
    model, ends = small().double(), {"end_ids": (END, TURN), "end_of_text": END, "end_of_turn": TURN}
    alone = [decode([row], model, 1, **ends)[0] for row in rows]
    together = decode(rows, model, len(rows), **ends)
    few = decode(rows[::-1], model, 5, **ends)[::-1]
    for one, other, third in zip(alone, together, few, strict=True):
        assert one.token_ids == other.token_ids == third.token_ids
        assert one.commit_step == other.commit_step == third.commit_step
        assert one.nfe == other.nfe == third.nfe
    assert len({decoded.token_ids for decoded in alone}) > len(ways) // 2
