"""Caches on every family, from checkpoints as they are published."""

import dataclasses
from pathlib import Path

import pytest

from hexcli.engine.plan import plan_run
from hexcli.models.loading.loading import load_model
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.sampling.sampler import Decoded, Row, Sampler
from hexcli.shortcuts import FAST
from tests.published import LAYOUTS, write_published

QUESTIONS = ("1 + 1?", "What is two plus two, and why?", "x" * 21)


@pytest.mark.parametrize("family", LAYOUTS)
def test_a_family_computes_windows_as_it_computes_rows(family: str, tmp_path: Path) -> None:
    problems = [Problem(id=str(index), question=question) for index, question in enumerate(QUESTIONS)]
    recipe = Recipe(model=str(write_published(tmp_path / family, family)), task="prompt", schedules=("2", "4"))
    recipe = dataclasses.replace(recipe, gen_length=16, steps=16)
    work = plan_run(recipe, dtype="float32", problems=problems)
    denoiser = load_model(work.checkpoint, device="cpu", dtype="float32").denoiser
    sampler = Sampler(denoiser, mask_id=work.mask_id, batch_size=4)

    def decode(**fast: object) -> list[Decoded]:
        rows = [
            Row(
                prompt_ids=job.prompt_ids,
                schedule=job.schedule.under(fast),
                noise_key=job.noise_key,
                trained_block=job.trained_block,
            )
            for job in work.jobs
        ]
        found = {id(row): decoded for row, decoded in sampler.run(rows)}
        return [found[id(row)] for row in rows]

    plain = [decoded.token_ids for decoded in decode()]
    for kind in ("dual", "open"):
        assert [decoded.token_ids for decoded in decode(kv_cache=kind, refresh=1)] == plain
    cached = decode(kv_cache="dual")
    if work.jobs[0].trained_block is not None:
        assert [decoded.token_ids for decoded in cached] == plain, "what it sees does not change behind its back"
    fast = decode(**FAST)
    assert all(work.mask_id not in decoded.token_ids for decoded in cached)
    assert all(
        one.tokens_computed < one.nfe * (len(job.prompt_ids) + 16) for one, job in zip(fast, work.jobs, strict=True)
    )
