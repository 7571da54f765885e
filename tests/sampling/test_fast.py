"""Decoding with shortcuts: caches and thresholds against the published loops, and what must not change a generation."""

import dataclasses
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from hexcli.models.network.transformer import MaskPredictor
from hexcli.sampling import course
from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.fast_reference import PlainLlama, cached_decode
from tests.reference import published_decode
from tests.sampling.caching import CACHES, MODEL, PROMPT_REFRESHES, REFRESHES, THRESHOLDS, decode, schedules
from tests.sampling.decoding import PROMPTS
from tests.toys import MASK, ToyDenoiser

PLAIN = PlainLlama(MODEL)


def plain_fields(schedule: Schedule) -> dict[str, Any]:
    names = ("gen_length", "steps", "remasking", "cfg_scale")
    return {"blocks": list(schedule.blocks), **{name: getattr(schedule, name) for name in names}}


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            schedules(kv_cache=CACHES, refresh=REFRESHES, threshold=THRESHOLDS, prompt_refresh=PROMPT_REFRESHES),
            st.sampled_from(PROMPTS),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_mixed_batches_equal_fast_dllm_row_by_row(jobs: list[tuple[Schedule, list[int]]]) -> None:
    rows = [Row(prompt_ids=tuple(prompt), schedule=schedule) for schedule, prompt in jobs]
    for row, decoded in zip(rows, decode(rows), strict=True):
        schedule = row.schedule
        tokens, nfe, computed = cached_decode(
            PLAIN,
            list(row.prompt_ids),
            **plain_fields(schedule),
            mask_id=MASK,
            cache=schedule.kv_cache,
            threshold=schedule.threshold,
            refresh=schedule.refresh,
            prompt_refresh=schedule.prompt_refresh,
        )
        assert list(decoded.token_ids) == tokens
        assert (decoded.nfe, decoded.tokens_computed) == (nfe, computed)


@settings(max_examples=30)
@given(
    schedules(kv_cache=st.just("likely"), refresh=REFRESHES, threshold=THRESHOLDS, prompt_refresh=PROMPT_REFRESHES),
    st.sampled_from(PROMPTS),
    st.integers(1, 4),
)
def test_of_a_block_only_the_likeliest_masked_tokens_are_computed(
    schedule: Schedule, prompt: list[int], hopeful: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "HOPEFUL", hopeful)
        (decoded,) = decode([Row(prompt_ids=tuple(prompt), schedule=schedule)])
    fields = {**plain_fields(schedule), "threshold": schedule.threshold, "refresh": schedule.refresh}
    fields |= {"prompt_refresh": schedule.prompt_refresh, "mask_id": MASK, "cache": "likely", "hopeful": hopeful}
    tokens, nfe, computed = cached_decode(PLAIN, list(prompt), **fields)
    assert (list(decoded.token_ids), decoded.nfe, decoded.tokens_computed) == (tokens, nfe, computed)


def test_votes_on_one_problem_share_their_first_pass() -> None:
    class Counting(MaskPredictor):
        passes: list[int]

        def packed_features(self, ids: Tensor, *rest: Any) -> Tensor:
            self.passes.append(len(ids))
            return super().packed_features(ids, *rest)

    counting = Counting(MODEL.config).eval()
    counting.load_state_dict(MODEL.state_dict())
    counting.passes = []
    ways = [Schedule.parse(blocks, gen_length=16, kv_cache="open", cfg_scale=0.5) for blocks in ("4", "8", "16")]
    rows = [Row(prompt_ids=(3, 7, 1), schedule=schedule) for schedule in ways]
    rows.append(Row(prompt_ids=(5, 2, 9), schedule=ways[0]))
    together = decode(rows, batch_size=4, denoiser=counting)
    assert counting.passes[0] == 2 * 19 + 19, "two prompts, and what is masked throughout"
    for row, found in zip(rows, together, strict=True):
        assert decode([row])[0].token_ids == found.token_ids


def test_a_cache_and_a_threshold_change_what_is_decoded() -> None:
    """Else the equivalences hold for any cache."""
    plain = Schedule.parse("32", gen_length=64, steps=64)
    ways: list[dict[str, Any]] = [
        {},
        {"kv_cache": "prefix"},
        {"kv_cache": "dual"},
        {"kv_cache": "dual", "refresh": 20},
        {"kv_cache": "dual", "refresh": 8, "prompt_refresh": 100},
        {"kv_cache": "open"},
        {"kv_cache": "likely"},
        {"threshold": 0.3},
    ]
    rows = [Row(prompt_ids=(3, 7, 1), schedule=dataclasses.replace(plain, **way)) for way in ways]
    assert len({decoded.token_ids for decoded in decode(rows)}) == len(ways)


@settings(max_examples=25)
@given(schedules(kv_cache=st.sampled_from(["prefix", "dual", "open"]), refresh=st.just(1)), st.sampled_from(PROMPTS))
def test_refreshed_at_every_step_a_cache_changes_nothing(schedule: Schedule, prompt: list[int]) -> None:
    (decoded,) = decode([Row(prompt_ids=tuple(prompt), schedule=schedule)])
    fields = plain_fields(schedule)
    logits_of = lambda ids: MODEL.logits(MODEL.features(ids))  # noqa: E731
    assert list(decoded.token_ids) == published_decode(logits_of, prompt, **fields, mask_id=MASK)
    assert decoded.tokens_computed == decoded.nfe * (len(prompt) + schedule.gen_length)


def noisy_rows() -> list[Row]:
    """Rows that have nothing in common, some without shortcuts, some guided."""
    ways: list[dict[str, Any]] = [
        {"kv_cache": "dual", "refresh": 8, "threshold": 0.5},
        {"kv_cache": "prefix", "cfg_scale": 0.7},
        {},
        {"kv_cache": "dual", "threshold": 0.3, "cfg_scale": 0.4},
        {"kv_cache": "dual", "remasking": "random"},
        {"kv_cache": "open", "refresh": 8, "prompt_refresh": 12, "threshold": 0.6},
        {"threshold": 0.4},
    ]
    return [
        Row(
            prompt_ids=tuple(prompt),
            schedule=Schedule.parse(label, gen_length=16, temperature=0.7, **way),
            noise_key=1000 * number + 17,
        )
        for number, way in enumerate(ways)
        for prompt, label in zip(PROMPTS, ("4", "8", "2", "5+11"), strict=True)
    ]


@pytest.mark.parametrize("batch_size", [3, 24])
def test_a_generation_does_not_depend_on_its_batch(batch_size: int) -> None:
    rows = noisy_rows()
    alone = [decode([row], 1)[0] for row in rows]
    backwards = decode(rows[::-1], batch_size)[::-1]
    for name in ("token_ids", "commit_step", "nfe", "tokens_computed"):
        assert [getattr(d, name) for d in backwards] == [getattr(d, name) for d in alone], name


def test_a_whole_row_is_computed_at_the_first_step_whatever_the_refresh() -> None:
    schedule = Schedule.parse("4", gen_length=16, steps=16, kv_cache="dual", refresh=1000)
    (decoded,) = decode([Row(prompt_ids=(3, 7, 1), schedule=schedule)])
    # One whole row, 12 more steps inside blocks, and 3 that begin one and compute the one before, too.
    assert decoded.tokens_computed == 19 + 12 * 4 + 3 * 8
    (lossless,) = decode([Row(prompt_ids=(3, 7, 1), schedule=schedule.lossless())])
    ids = torch.tensor([[3, 7, 1] + [MASK] * 16])
    scores = MODEL(ids)[0, 3:].double().log_softmax(-1)
    for found in (decoded, lossless):
        expected = scores[torch.arange(16), torch.tensor(found.token_ids)].mean()
        assert found.first_step_logprob == pytest.approx(float(expected), abs=1e-5)


@settings(max_examples=25)
@given(
    st.lists(schedules(kv_cache=CACHES, refresh=REFRESHES, threshold=THRESHOLDS), min_size=1, max_size=4),
    st.sets(st.integers(1, 39), min_size=3, max_size=12),
)
def test_stopping_at_the_end_changes_no_text(chosen: list[Schedule], end_ids: set[int]) -> None:
    rows = [Row(prompt_ids=(3, 7, 1), schedule=schedule) for schedule in chosen]
    for whole, stopped in zip(decode(rows), decode(rows, end_ids=tuple(end_ids)), strict=True):
        ends = [place for place, token in enumerate(whole.token_ids) if token in end_ids]
        length = ends[0] + 1 if ends else len(whole.token_ids)
        assert stopped.token_ids[:length] == whole.token_ids[:length]
        assert stopped.nfe <= whole.nfe
        assert stopped.tokens_computed <= whole.tokens_computed


def test_a_denoiser_that_computes_whole_rows_only_takes_no_cache() -> None:
    row = Row(prompt_ids=(3,), schedule=Schedule.parse("4", gen_length=4, kv_cache="dual"))
    with pytest.raises(ValueError, match="kv_cache dual: this denoiser computes whole rows only"):
        decode([row], denoiser=ToyDenoiser())
