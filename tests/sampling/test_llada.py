"""What keeps LLaDA's loop and exchanges a part of it, against its transcriptions, in mixed batches."""

from typing import Any

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.fast_reference import PlainLlama
from tests.samplers.llada import fast_llada, pick_by_entropy, pick_by_factor, pick_share, semi_autoregressive
from tests.samplers.parts import dllm_shares, even_shares
from tests.sampling.decoding import END, SURE, TURN, decode, jobs, schedule, small
from tests.toys import MASK


def llada_like(draw: st.DrawFn) -> Schedule:
    """Of everything that keeps LLaDA's loop and exchanges a part of it."""
    count = draw(st.integers(1, 3))
    block = draw(st.integers(1, 9))
    length = block * count
    ways: list[dict[str, Any]] = [
        {"sampler": "dllm", "steps": draw(st.integers(1, 2 * length))},
        {"sampler": "dllm", "steps": draw(st.integers(1, 2 * length)), "suppress_tokens": (5, 9)},
        {"entropy_threshold": draw(st.sampled_from([0.3, 1.0, 2.0])), "remasking": "entropy"},
        {"factor": draw(st.sampled_from([0.5, 1.0, 2.0]))},
        {"logits_eos_inf": True, "steps": count * draw(st.integers(1, block))},
        {"confidence_eos_eot_inf": True, "steps": count * draw(st.integers(1, block))},
        {"early_ban_steps": draw(st.integers(1, 10)), "steps": count * draw(st.integers(1, block))},
    ]
    return schedule(str(block), length, **draw(st.sampled_from(ways)))


@settings(max_examples=70)
@given(jobs(llada_like))
def test_what_keeps_lladas_loop_and_exchanges_a_part(rows: list[Row]) -> None:
    for row, decoded in zip(rows, decode(rows, SURE, end_of_text=END, end_of_turn=TURN), strict=True):
        one = row.schedule
        per_block = -(-one.steps // len(one.blocks))
        parts: dict[str, Any] = {"shares": even_shares(per_block), "picks": pick_share}
        if one.sampler == "dllm":
            suppressed = list(one.suppress_tokens)
            parts |= {"shares": dllm_shares(per_block), "banned": lambda nfe, ids=suppressed: set(ids)}
            parts["confidence"] = lambda values, ids=suppressed: values.index_fill_(
                0, torch.tensor(ids).long(), -torch.inf
            )
        elif one.entropy_threshold is not None:
            parts["picks"] = pick_by_entropy(one.entropy_threshold)
        elif one.factor is not None:
            parts["picks"] = pick_by_factor(one.factor)
        elif one.logits_eos_inf:
            parts |= {"banned": lambda nfe: {END}, "confidence": lambda values: without(values, END)}
        elif one.confidence_eos_eot_inf:
            parts["confidence"] = lambda values: without(values, END, TURN)
        elif one.early_ban_steps is not None:
            parts["banned"] = lambda nfe, early=one.early_ban_steps: {END} if nfe < early else set()
        tokens, nfe = semi_autoregressive(SURE, list(row.prompt_ids), blocks=list(one.blocks), mask_id=MASK, **parts)
        assert (list(decoded.token_ids), decoded.nfe) == (tokens, nfe)


def without(values: Tensor, *tokens: int) -> Tensor:
    values[list(tokens)] = -torch.inf
    return values


def cached(draw: st.DrawFn) -> Schedule:
    block, count = draw(st.integers(1, 8)), draw(st.integers(1, 3))
    ways: list[dict[str, Any]] = [
        {"factor": draw(st.sampled_from([0.3, 1.0, 1.7]))},
        {"entropy_threshold": draw(st.sampled_from([0.3, 1.0, 2.5])), "remasking": "entropy"},
    ]
    kind = draw(st.sampled_from(["prefix", "dual"]))
    return schedule(str(block), block * count, kv_cache=kind, **draw(st.sampled_from(ways)))


FULL = small().double()
PLAIN_FULL = PlainLlama(FULL)


@settings(max_examples=30)
@given(jobs(cached))
def test_factor_and_entropy_threshold_with_fast_dllms_caches(rows: list[Row]) -> None:
    def model(ids: list[int], past: Any, first: int) -> Any:
        return PLAIN_FULL(ids, past, list(range(first, first + len(ids))))

    for row, decoded in zip(rows, decode(rows, FULL), strict=True):
        one = row.schedule
        picks = pick_by_entropy(one.entropy_threshold or 0.0)
        tokens, nfe = fast_llada(
            model,
            list(row.prompt_ids),
            blocks=len(one.blocks),
            block_length=one.blocks[0],
            mask_id=MASK,
            picks=picks if one.factor is None else pick_by_factor(one.factor),
            dual=one.kv_cache == "dual",
        )
        assert (list(decoded.token_ids), decoded.nfe) == (tokens, nfe)
