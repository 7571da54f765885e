"""Dream's loop and Fast-dLLM's for it, against their transcriptions, in mixed batches."""

import dataclasses
import itertools
from typing import Any

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.fast_reference import PlainLlama
from tests.samplers.dream import dream, fast_dream
from tests.samplers.parts import Draw
from tests.sampling.decoding import SHIFTED, TOY, decode, drawn_for, jobs, schedule
from tests.toys import MASK


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
        expected = dream(
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


def ours_of_dream(row: Row) -> Draw | None:
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
    return PLAIN(ids, past, list(range(first, first + len(ids))))


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
        tokens, nfe = fast_dream(
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
