"""LLaDA2.1, which revises what it has committed, against its transcription."""

import dataclasses
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.samplers.blocks import editing
from tests.sampling.decoding import CAUSAL, decode, jobs, schedule
from tests.toys import MASK


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
    return editing(
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
