"""Every published sampler that docs/families.md names, against its transcription, in mixed batches."""

import dataclasses
import inspect
import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from hexcli.models.network.transformer import MaskPredictor, TransformerConfig
from hexcli.sampling import noise
from hexcli.sampling.sampler import Decoded, Row, Sampler
from hexcli.schedule import Schedule
from tests import samplers
from tests.fast_reference import PlainLlama
from tests.toys import MASK, ToyDenoiser

PROMPTS = ([3, 7, 1], [5, 2, 9, 11, 4, 8], [1], [6, 6, 12, 2])
END, TURN = 1, 2


def small(**parts: Any) -> MaskPredictor:
    """A random transformer that is sure of some tokens and unsure of others; the mask is never its choice."""
    torch.manual_seed(3)
    sizes = {"vocab_size": 40, "width": 32, "layers": 2, "heads": 4, "kv_heads": 2, "mlp_width": 48, "context": 256}
    model = MaskPredictor(TransformerConfig(**{**sizes, **parts}))
    for weight in model.parameters():
        weight.data *= 3
    model.embed_tokens.weight.data /= 3
    model.lm_head.weight.data[MASK] = 0
    return model.double().eval().requires_grad_(False)


TOY = ToyDenoiser()
# Toys are sure of nothing; twice as sure they are of some.
SURE = ToyDenoiser()
SURE.head *= 2
SHIFTED = small(shifted=True)
CAUSAL = small(block_length=8)
BOTH = small(shifted=True, block_length=8)


def decode(
    rows: list[Row], denoiser: Any = TOY, batch_size: int = 3, end_ids: tuple[int, ...] = (), **ends: int | None
) -> list[Decoded]:
    """Decoded rows in the order of `rows`."""
    sampler = Sampler(denoiser, mask_id=MASK, batch_size=batch_size, end_ids=end_ids, **ends)
    results = {id(row): decoded for row, decoded in sampler.run(rows)}
    return [results[id(row)] for row in rows]


def schedule(label: str, gen_length: int, **fields: Any) -> Schedule:
    return Schedule.parse(label, gen_length=gen_length, **fields)


def drawn_for(key: int, temperature: float) -> samplers.Draw:
    """The token that our noise gives: argmax of log-probability plus Gumbel noise, as sampling from it."""
    assert temperature > 0

    def draw(step: int, position: int, values: Tensor) -> int:
        stream = noise.position_key(torch.tensor([key]), torch.tensor([step]), torch.tensor([position]))
        uniform = noise.uniform(stream, noise.counters(len(values)))[0]
        return int((values - (-uniform.log()).log()).argmax())

    return draw


@st.composite
def jobs(draw: st.DrawFn, make: Callable[[st.DrawFn], Schedule]) -> list[Row]:
    count = draw(st.integers(1, 4))
    prompts = [draw(st.sampled_from(PROMPTS)) for _ in range(count)]
    return [
        Row(prompt_ids=tuple(prompt), schedule=make(draw), noise_key=draw(st.integers(0, 99))) for prompt in prompts
    ]


def dreams(draw: st.DrawFn) -> Schedule:
    length, steps = draw(st.integers(1, 20)), draw(st.integers(1, 24))
    return schedule(
        str(length),
        length,
        steps=steps,
        alg=draw(st.sampled_from(["maskgit_plus", "topk_margin", "entropy"])),
        eps=draw(st.sampled_from([1e-3, 0.1])),
        top_p=draw(st.sampled_from([None, 0.5, 0.9, 1.0])),
        top_k=draw(st.sampled_from([None, 0, 1, 3, 10])),
        temperature=draw(st.sampled_from([0.0, 0.4, 1.3])),
    )


@settings(max_examples=30)
@given(jobs(dreams))
def test_dream(rows: list[Row]) -> None:
    for row, decoded in zip(rows, decode(rows, SHIFTED), strict=True):
        one = row.schedule
        expected = samplers.dream(
            SHIFTED,
            list(row.prompt_ids),
            gen_length=one.gen_length,
            steps=one.steps,
            mask_id=MASK,
            alg=str(one.alg),
            eps=one.eps,
            top_p=one.top_p,
            top_k=one.top_k,
            temperature=one.temperature,
            draw=ours_of_dream(row),
        )
        assert list(decoded.token_ids) == expected


def ours_of_dream(row: Row) -> samplers.Draw | None:
    """Published steps that commit nothing are no step of ours: the noise of a step is that of ours."""
    one = row.schedule
    if one.temperature == 0:
        return None
    times, left, numbers, number = torch.linspace(1, one.eps, one.steps + 1), one.gen_length, [], 0
    for i in range(one.steps):
        numbers.append(number)
        count = int(torch.tensor(left) / 1 * (1 - times[i + 1] / times[i])) if i < one.steps - 1 else left
        left, number = left - count, number + (count > 0)
    draw = drawn_for(row.noise_key, one.temperature)
    return lambda step, position, values: draw(numbers[step], position, values)


def test_two_tokens_in_two_steps_are_committed_at_the_last() -> None:
    (decoded,) = decode([Row(prompt_ids=(3, 7), schedule=schedule("2", 2, steps=2, alg="maskgit_plus"))])
    assert (decoded.nfe, decoded.commit_step) == (1, (0, 0))


def test_dream_takes_50_candidates_unless_another_number_is_said() -> None:
    assert schedule("8", 8, alg="entropy").top_k == 50
    assert schedule("8", 8, alg="entropy", top_k=7).top_k == 7
    assert schedule("8", 8, alg="entropy", top_k=0).top_k is None
    assert schedule("8", 8, sampler="dream").alg == "origin"


def test_origin_commits_each_position_with_the_probability_of_its_step() -> None:
    """Of 4000 positions in 4 steps to eps 0.1: 1 - s / t at each, the rest at the last."""
    one = schedule("200", 200, steps=4, sampler="dream", eps=0.1)
    rows = [Row(prompt_ids=(3,), schedule=one, noise_key=key) for key in range(20)]
    steps = torch.tensor([decoded.commit_step for decoded in decode(rows, batch_size=20)]).flatten()
    times = [1.0, 0.775, 0.55, 0.325, 0.0]
    expected = torch.tensor([t - s for t, s in itertools.pairwise(times)])
    assert torch.allclose(torch.bincount(steps) / len(steps), expected.float(), atol=0.03)
    assert not torch.equal(steps[:200], steps[200:400])


def test_origin_commits_by_chance_and_not_by_certainty_and_never_moves() -> None:
    one = schedule("30", 30, steps=6, sampler="dream")
    row = Row(prompt_ids=(3,), schedule=one, noise_key=7)
    (alone,) = decode([row])
    others = decode([row, *(Row(prompt_ids=(1, 2), schedule=one, noise_key=key) for key in range(3))], batch_size=4)
    assert (others[0].token_ids, others[0].commit_step) == (alone.token_ids, alone.commit_step)
    (elsewhere,) = decode([dataclasses.replace(row, prompt_ids=(9, 9, 9))])
    assert elsewhere.commit_step == alone.commit_step, "the model has no say"
    assert not one.deterministic


def test_alg_temp_draws_positions_in_proportion_to_the_softmax_of_their_certainty() -> None:
    """First commits of 3000 rows, one a step: a position's share is softmax(certainty / alg_temp)."""
    one = schedule("3", 3, steps=3, alg="maskgit_plus", alg_temp=0.2, top_k=0, eps=1e-9)
    rows = [Row(prompt_ids=(3, 7), schedule=one, noise_key=key) for key in range(3000)]
    first = torch.tensor([decoded.commit_step.index(0) for decoded in decode(rows, batch_size=500)])
    sure = TOY(torch.tensor([[3, 7, MASK, MASK, MASK]]))[0, 2:].softmax(-1).amax(-1)
    assert torch.allclose(torch.bincount(first, minlength=3) / 3000, (sure / 0.2).softmax(0).float(), atol=0.03)


PLAIN = PlainLlama(SHIFTED)


def plain(ids: list[int], past: Any, first: int) -> Any:
    by_position = "at" in inspect.signature(PlainLlama.__call__).parameters
    return PLAIN(ids, past, list(range(first, first + len(ids))) if by_position else first)


def fast_dreams(draw: st.DrawFn) -> Schedule:
    block, count = draw(st.integers(2, 8)), draw(st.integers(1, 3))
    ways: list[dict[str, Any]] = [
        {"alg": "confidence_threshold", "threshold": draw(st.sampled_from([0.1, 0.3, 0.9]))},
        {"alg": "entropy", "steps": count * draw(st.integers(2, 10))},
    ]
    return schedule(
        str(block),
        block * count,
        kv_cache=draw(st.sampled_from(["prefix", "dual"])),
        top_p=draw(st.sampled_from([None, 0.9])),
        top_k=draw(st.sampled_from([0, 10])),
        **draw(st.sampled_from(ways)),
    )


@settings(max_examples=40)
@given(jobs(fast_dreams), st.booleans())
def test_fast_dllm_on_dream(rows: list[Row], beside: bool) -> None:
    extra = [Row(prompt_ids=(3, 7), schedule=schedule("4", 16, kv_cache="dual"))] if beside else []
    for row, decoded in zip(rows, decode([*rows, *extra], SHIFTED, batch_size=4), strict=False):
        one = row.schedule
        tokens, nfe = samplers.fast_dream(
            plain,
            list(row.prompt_ids),
            blocks=len(one.blocks),
            block_length=one.blocks[0],
            steps=one.steps,
            mask_id=MASK,
            alg=str(one.alg),
            dual=one.kv_cache == "dual",
            threshold=one.threshold or 0.9,
            top_p=one.top_p,
            top_k=one.top_k,
        )
        # Steps that commit nothing are no steps of ours, and change nothing: what is cached stays as it was.
        assert (list(decoded.token_ids), decoded.nfe <= nfe) == (tokens, True)


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
        tokens, nfe = samplers.block_diffusion(
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
        tokens, nfe = samplers.fast_dllm_v2(
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


def editings(draw: st.DrawFn) -> Schedule:
    count = draw(st.integers(1, 3))
    return schedule(
        "8",
        8 * count,
        steps=8 * count // draw(st.sampled_from([1, 2, 4])),
        sampler="sdar",
        threshold=draw(st.sampled_from([0.05, 0.2, 0.5, None])),
        editing_threshold=draw(st.sampled_from([0.0, 0.05, 0.2, 0.5])),
        max_post_steps=draw(st.sampled_from([0, 1, 3, 16])),
    )


def edited(row: Row, **more: Any) -> tuple[list[int], int]:
    one = row.schedule
    assert one.editing_threshold is not None
    return samplers.editing(
        CAUSAL,
        list(row.prompt_ids),
        gen_length=one.gen_length,
        block_length=8,
        mask_id=MASK,
        threshold=math.inf if one.threshold is None else one.threshold,
        editing_threshold=one.editing_threshold,
        max_post_steps=one.max_post_steps,
        num_to_transfer=one.gen_length // one.steps,
        **more,
    )


@settings(max_examples=30)
@given(jobs(editings), st.sampled_from([None, "plain", "cached"]))
def test_llada21_edits(rows: list[Row], beside: str | None) -> None:
    rows = [dataclasses.replace(row, trained_block=8) for row in rows]
    other = schedule("8", 16, kv_cache="dual" if beside == "cached" else "none")
    extra = [Row(prompt_ids=(3, 7), schedule=other, trained_block=8)] if beside else []
    found = decode([*rows, *extra], CAUSAL, batch_size=4)
    for row, decoded in zip(rows, found, strict=False):
        assert (list(decoded.token_ids), decoded.nfe) == edited(row)
        assert decoded.nfe <= sum(row.schedule.nfe for _ in (0,)) + 2 * (8 + row.schedule.max_post_steps)


def test_an_edit_is_the_exception_to_what_never_changes() -> None:
    """Else the equivalence above holds without edits; and what stands is recorded with the step that wrote it."""
    plain = schedule("8", 24, steps=24, sampler="sdar", threshold=0.05)
    editing = dataclasses.replace(plain, editing_threshold=0.05)
    rows = [Row(prompt_ids=(3, 7, 1), schedule=one, trained_block=8) for one in (plain, editing)]
    one, other = decode(rows, CAUSAL)
    assert one.token_ids != other.token_ids
    assert max(other.commit_step) > max(one.commit_step)


@pytest.mark.parametrize("end", range(1, 12))
def test_a_text_that_is_edited_has_ended_once_its_block_is_done(end: int) -> None:
    one = schedule("8", 32, sampler="sdar", threshold=0.2, editing_threshold=0.05)
    row = Row(prompt_ids=(3, 7, 1), schedule=one, trained_block=8)
    (decoded,) = decode([row], CAUSAL, end_ids=(end,), end_of_text=end)
    tokens, nfe = edited(row, end_id=end)
    until = tokens.index(end) + 1 if end in tokens else len(tokens)
    assert (list(decoded.token_ids[:until]), decoded.nfe) == (tokens[:until], nfe)


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
        parts: dict[str, Any] = {"shares": samplers.even_shares(per_block), "picks": samplers.pick_share}
        if one.sampler == "dllm":
            suppressed = list(one.suppress_tokens)
            parts |= {"shares": samplers.dllm_shares(per_block), "banned": lambda nfe, ids=suppressed: set(ids)}
            parts["confidence"] = lambda values, ids=suppressed: values.index_fill_(
                0, torch.tensor(ids).long(), -torch.inf
            )
        elif one.entropy_threshold is not None:
            parts["picks"] = samplers.pick_by_entropy(one.entropy_threshold)
        elif one.factor is not None:
            parts["picks"] = samplers.pick_by_factor(one.factor)
        elif one.logits_eos_inf:
            parts |= {"banned": lambda nfe: {END}, "confidence": lambda values: without(values, END)}
        elif one.confidence_eos_eot_inf:
            parts["confidence"] = lambda values: without(values, END, TURN)
        elif one.early_ban_steps is not None:
            parts["banned"] = lambda nfe, early=one.early_ban_steps: {END} if nfe < early else set()
        tokens, nfe = samplers.semi_autoregressive(
            SURE, list(row.prompt_ids), blocks=list(one.blocks), mask_id=MASK, **parts
        )
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


FULL = small()
PLAIN_FULL = PlainLlama(FULL)


@settings(max_examples=30)
@given(jobs(cached))
def test_factor_and_entropy_threshold_with_fast_dllms_caches(rows: list[Row]) -> None:
    def model(ids: list[int], past: Any, first: int) -> Any:
        return PLAIN_FULL(ids, past, list(range(first, first + len(ids))))

    for row, decoded in zip(rows, decode(rows, FULL), strict=True):
        one = row.schedule
        picks = samplers.pick_by_entropy(one.entropy_threshold or 0.0)
        tokens, nfe = samplers.fast_llada(
            model,
            list(row.prompt_ids),
            blocks=len(one.blocks),
            block_length=one.blocks[0],
            mask_id=MASK,
            picks=picks if one.factor is None else samplers.pick_by_factor(one.factor),
            dual=one.kv_cache == "dual",
        )
        assert (list(decoded.token_ids), decoded.nfe) == (tokens, nfe)


def pipelines(draw: st.DrawFn) -> Schedule:
    block = draw(st.integers(1, 8))
    return schedule(
        str(block),
        block * draw(st.integers(1, 5)),
        sampler=draw(st.sampled_from(["d3llm", "d3llm_dream"])),
        entropy_threshold=draw(st.sampled_from([0.1, 0.5, 1.0, 2.0, 3.0])),
        block_add_threshold=draw(st.sampled_from([0.1, 0.3, 0.5, 0.95, 1.0])),
    )


@settings(max_examples=60)
@given(jobs(pipelines), st.sampled_from([0.0, 0.5, 0.95]), st.booleans())
def test_d3llm_decodes_blocks_at_once(rows: list[Row], activation: float, beside: bool) -> None:
    """`decoded_token_threshold` changes nothing: the first block with masks follows a full one."""
    extra = [Row(prompt_ids=(3, 7), schedule=schedule("4", 16, kv_cache="dual"))] if beside else []
    model = SHIFTED if beside else SURE
    for row, decoded in zip(rows, decode([*rows, *extra], model), strict=False):
        one = row.schedule
        tokens, nfe = samplers.multi_block(
            model,
            list(row.prompt_ids),
            new_tokens=one.gen_length,
            block_size=one.blocks[0],
            mask_id=MASK,
            threshold=one.entropy_threshold or 0.0,
            block_add_threshold=one.block_add_threshold,
            decoded_token_threshold=activation,
            for_dream=one.sampler == "d3llm_dream",
        )
        assert (list(decoded.token_ids), decoded.nfe) == (tokens, nfe)
        assert decoded.nfe <= one.nfe


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
        tokens, nfe = samplers.credit(
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
    model, ends = small(), {"end_ids": (END, TURN), "end_of_text": END, "end_of_turn": TURN}
    alone = [decode([row], model, 1, **ends)[0] for row in rows]
    together = decode(rows, model, len(rows), **ends)
    few = decode(rows[::-1], model, 5, **ends)[::-1]
    for one, other, third in zip(alone, together, few, strict=True):
        assert one.token_ids == other.token_ids == third.token_ids
        assert one.commit_step == other.commit_step == third.commit_step
        assert one.nfe == other.nfe == third.nfe
    assert len({decoded.token_ids for decoded in alone}) > len(ways) // 2
