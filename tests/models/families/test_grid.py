"""`-M grid=sampler`: a block-causal model decoded on dllm's grid, whose blocks begin behind the prompt."""

from pathlib import Path
from typing import Any

import pytest
from torch import Tensor

from hexcli.engine.plan import Plan, plan_run
from hexcli.errors import UsageError
from hexcli.models.loading.loading import load_model
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.sampling.sampler import Row, Sampler
from tests.architectures import llama_like
from tests.layouts.layout import MASK
from tests.published import LAYOUTS, random_weights, write_published
from tests.samplers.blocks import bd3lm

BLOCK = 8


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_published(tmp_path_factory.mktemp("grid") / "bd3lm", "a2d-qwen3")


def plan(folder: Path, grid: str | None, **fields: Any) -> Plan:
    problems = [Problem(id=str(index), question="x" * index) for index in (1, 3)]
    said = {"block_length": BLOCK, **({} if grid is None else {"grid": grid}), "chat_template": False}
    recipe = Recipe(model=str(folder), task="prompt", model_args=tuple(sorted(said.items())), **fields)
    return plan_run(recipe, dtype="float32", problems=problems)


def decoded(work: Plan, batch_size: int = 3) -> dict[tuple[int, ...], Any]:
    denoiser = load_model(work.checkpoint, device="cpu", dtype="float32").denoiser
    rows = [Row(prompt_ids=job.prompt_ids, schedule=job.schedule, trained_block=job.trained_block) for job in work.jobs]
    sampler = Sampler(denoiser, mask_id=MASK, batch_size=batch_size)
    return {row.prompt_ids: canvas for row, canvas in sampler.run(rows)}


def published(ids: Tensor, padding: int) -> Tensor:
    """The published architecture's logits, position p seeing what is in its block or before on the padded grid."""
    layout = LAYOUTS["a2d-qwen3"]()
    weights = {name: value.double() for name, value in random_weights(layout.shapes).items()}
    sees = lambda t, s: (s + padding) // BLOCK <= (t + padding) // BLOCK  # noqa: E731
    return llama_like(weights, layout.config, ids[0].tolist(), sees)[None]


def test_tokens_are_those_of_dllms_bd3lm_sampler(folder: Path) -> None:
    work = plan(folder, "sampler", schedules=("8",), gen_length=16, steps=6, sampler="dllm")
    found = decoded(work)
    assert {len(ids) % BLOCK for ids in found} != {0}, "else both grids are one"
    for ids, canvas in found.items():
        tokens, nfe = bd3lm(published, list(ids), gen_length=16, block_length=BLOCK, steps=6, mask_id=MASK)
        assert (list(canvas.token_ids), canvas.nfe) == (tokens, nfe)
    assert {job.nfe for job in work.jobs} == {canvas.nfe for canvas in found.values()}


@pytest.mark.parametrize("fields", [{"kv_cache": "dual", "refresh": 1}, {"kv_cache": "prefix", "refresh": 1}])
def test_with_a_cache_that_is_always_fresh_it_is_the_same(folder: Path, fields: dict[str, Any]) -> None:
    same = [plan(folder, "sampler", schedules=("4",), gen_length=16, steps=8, **more) for more in ({}, fields)]
    one, other = ({ids: canvas.token_ids for ids, canvas in decoded(work).items()} for work in same)
    assert one == other


def test_a_row_has_the_same_tokens_alone(folder: Path) -> None:
    work = plan(folder, "sampler", schedules=("8",), gen_length=16)
    one, other = ({ids: canvas.token_ids for ids, canvas in decoded(work, size).items()} for size in (1, 3))
    assert one == other


def test_the_grid_is_part_of_the_models_identity_and_decides_what_is_decoded(folder: Path) -> None:
    ours, theirs, unsaid = (
        plan(folder, grid, schedules=("8",), gen_length=16) for grid in ("trained", "sampler", None)
    )
    assert ours.checkpoint.identity == unsaid.checkpoint.identity
    assert theirs.checkpoint.identity == f"{ours.checkpoint.identity}+grid=sampler"
    assert [c.token_ids for c in decoded(ours).values()] != [c.token_ids for c in decoded(theirs).values()]


def test_what_does_not_fit_is_one_line(folder: Path) -> None:
    with pytest.raises(UsageError, match="its blocks of 8 tokens begin behind the prompt, and 12 are not whole ones"):
        plan(folder, "sampler", schedules=("4",), gen_length=12)
    with pytest.raises(UsageError, match=r"unknown grid 'end'.*trained, sampler"):
        plan(folder, "end", schedules=("8",), gen_length=16)
    recipe = Recipe(
        model=str(folder), task="prompt", schedules=("8",), gen_length=16, model_args=(("grid", "sampler"),)
    )
    with pytest.raises(UsageError, match="-M grid=sampler has no effect: the model sees no blocks"):
        plan_run(recipe, dtype="float32", problems=[])
