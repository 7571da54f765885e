"""Samplers of models whose blocks see earlier blocks only, against their transcriptions, in mixed batches."""

import dataclasses
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.samplers.blocks import block_diffusion, fast_dllm_v2
from tests.sampling.decoding import BOTH, CAUSAL, decode, drawn_for, jobs, schedule
from tests.toys import MASK


def llada2s(draw: st.DrawFn) -> Schedule:
    count, per_block = draw(st.integers(1, 3)), draw(st.integers(1, 8))
    kind = draw(st.sampled_from(["static", "dynamic", "dynamic", "sequential", "entropy_bounded"]))
    temperature = draw(st.sampled_from([0.0, 0.7, 1.0]))
    ways: dict[str, dict[str, Any]] = {
        "static": {},
        "dynamic": {"threshold": draw(st.sampled_from([0.05, 0.3, 0.6]))},
        "sequential": {"remasking": "sequential"},
        "entropy_bounded": {"remasking": "entropy_bounded", "eb_threshold": draw(st.sampled_from([None, 2.0, 5.0]))},
    }
    steps = 8 * count if kind == "entropy_bounded" else count * per_block
    filters = {"top_k": draw(st.sampled_from([None, 4])), "top_p": draw(st.sampled_from([None, 0.7]))}
    return schedule("8", 8 * count, steps=steps, sampler="sdar", temperature=temperature, **ways[kind], **filters)


@settings(max_examples=40)
@given(jobs(llada2s))
def test_sdar_and_llada2(rows: list[Row]) -> None:
    rows = [dataclasses.replace(row, trained_block=8) for row in rows]
    for row, decoded in zip(rows, decode(rows, CAUSAL), strict=True):
        one = row.schedule
        strategy = one.remasking
        if strategy == "low_confidence":
            strategy += "_static" if one.threshold is None else "_dynamic"
        tokens, nfe = block_diffusion(
            CAUSAL,
            list(row.prompt_ids),
            gen_length=one.gen_length,
            block_length=8,
            denoising_steps=one.steps // len(one.blocks),
            mask_id=MASK,
            strategy=strategy,
            threshold=one.eb_threshold or one.threshold or math.inf,
            temperature=one.temperature,
            top_k=one.top_k,
            top_p=one.top_p,
            draw=drawn_for(row.noise_key, one.temperature) if one.temperature else None,
        )
        assert (list(decoded.token_ids), decoded.nfe) == (tokens, nfe)


def fast_v2s(draw: st.DrawFn) -> Schedule:
    temperature = draw(st.sampled_from([0.0, 0.0, 0.6, 1.0]))
    return schedule(
        str(draw(st.sampled_from([2, 4, 8]))),
        8 * draw(st.integers(1, 3)),
        sampler="fast_dllm_v2",
        threshold=draw(st.sampled_from([0.05, 0.2, 0.5, 1.0])),
        temperature=temperature,
        top_p=draw(st.sampled_from([None, 0.7, 0.95])) if temperature else None,
    )


@settings(max_examples=50)
@given(jobs(fast_v2s), st.sampled_from([None, "plain", "cached"]))
def test_fast_dllm_v2(rows: list[Row], beside: str | None) -> None:
    """Prompts that end anywhere in a block of 8, also at its end."""
    rows = [dataclasses.replace(row, trained_block=8) for row in (*rows, rows[0])]
    rows[-1] = dataclasses.replace(rows[0], prompt_ids=(3, 7, 1, 9) * 4)
    other = schedule("8", 16, kv_cache="dual" if beside == "cached" else "none")
    extra = [Row(prompt_ids=(3, 7), schedule=other, trained_block=8)] if beside else []
    for row, decoded in zip(rows, decode([*rows, *extra], BOTH, batch_size=4), strict=False):
        one = row.schedule
        tokens, nfe = fast_dllm_v2(
            BOTH,
            list(row.prompt_ids),
            new_tokens=one.gen_length,
            block_size=8,
            small_block_size=one.blocks[0],
            mask_id=MASK,
            threshold=one.threshold or 1.0,
            temperature=one.temperature,
            top_p=one.top_p,
            draw=drawn_for(row.noise_key, one.temperature) if one.temperature else None,
        )
        assert (list(decoded.token_ids), decoded.nfe) == (tokens, nfe)


def test_a_renewed_share_is_not_the_share_that_catches_up() -> None:
    """Else the equivalence above holds for LLaDA's rule as well."""
    found = {}
    for sampler in ("llada", "sdar"):
        ways = [schedule("8", 32, steps=16, threshold=n / 20, sampler=sampler) for n in range(2, 18)]
        rows = [Row(prompt_ids=(3, 7, 1), schedule=one, trained_block=8) for one in ways]
        found[sampler] = [decoded.commit_step for decoded in decode(rows, CAUSAL, batch_size=16)]
    assert found["llada"] != found["sdar"]
