"""Block-causal models decoded end to end: the published loop, token for token, and what their training forbids."""

import pytest
import torch

from hexcli.engine.plan import Plan, plan_run
from hexcli.errors import UsageError
from hexcli.models.loading.loading import load_model
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.sampling.sampler import Row, Sampler
from tests.published import write_published
from tests.reference import published_block_decode

QUESTIONS = ("1 + 1?", "What is two plus two, and why?", "x" * 21)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    top = tmp_path_factory.mktemp("blocks")
    return {family: str(write_published(top / family, family)) for family in ("sdar", "llada2", "llada")}


def plan(model: str, schedules: tuple[str, ...], **fields: object) -> Plan:
    problems = [Problem(id=str(index), question=question) for index, question in enumerate(QUESTIONS)]
    recipe = Recipe(model=model, task="prompt", schedules=schedules, **fields)  # type: ignore[arg-type]
    return plan_run(recipe, dtype="float32", problems=problems)


@pytest.mark.parametrize(
    ("family", "trained", "gen_length", "steps"),
    [("sdar", 4, 10, 5), ("sdar", 4, 16, 16), ("llada2", 32, 32, 8), ("llada2", 32, 64, 24)],
)
def test_tokens_are_those_of_the_published_loop(
    family: str, trained: int, gen_length: int, steps: int, folders: dict[str, str]
) -> None:
    fits = gen_length % trained == 0
    label = str(trained if fits else 2)
    work = plan(folders[family], (label,), gen_length=gen_length, steps=steps)
    denoiser = load_model(work.checkpoint, device="cpu", dtype="float32").denoiser
    assert len({len(job.prompt_ids) % trained for job in work.jobs}) > 1, "prompts end anywhere in a block"
    jobs = {job.prompt_ids: job for job in work.jobs}
    rows = [Row(prompt_ids=ids, schedule=job.schedule, trained_block=trained) for ids, job in jobs.items()]
    for row, decoded in Sampler(denoiser, mask_id=work.mask_id, batch_size=3).run(rows):
        assert decoded.nfe == jobs[row.prompt_ids].nfe
        assert len(decoded.token_ids) == len(decoded.commit_step) == gen_length
        assert work.mask_id not in decoded.token_ids
        if not fits:
            continue
        with torch.no_grad():
            expected = published_block_decode(
                lambda ids: denoiser.logits(denoiser.features(ids)),
                list(row.prompt_ids),
                block_length=trained,
                gen_length=gen_length,
                denoising_steps=steps * trained // gen_length,
                mask_id=work.mask_id,
            )
        assert list(decoded.token_ids) == expected


def test_smaller_blocks_inside_the_trained_one_are_other_experts(folders: dict[str, str]) -> None:
    work = plan(folders["llada2"], ("8", "32"), gen_length=64, steps=32)
    denoiser = load_model(work.checkpoint, device="cpu", dtype="float32").denoiser
    rows = [Row(prompt_ids=job.prompt_ids, schedule=job.schedule, trained_block=32) for job in work.jobs]
    answers = {
        (row.prompt_ids, row.schedule.label): d.token_ids
        for row, d in Sampler(denoiser, mask_id=work.mask_id, batch_size=6).run(rows)
    }
    assert any(answers[job.prompt_ids, "8"] != answers[job.prompt_ids, "32"] for job in work.jobs)


@pytest.mark.parametrize(
    ("family", "label", "says"),
    [
        ("sdar", "8", "sdar cannot be decoded in blocks of 8: it was trained on blocks of 4 tokens.*use 1,2,4$"),
        ("llada2", "48+16", r"blocks of 48\+16: its blocks of 32 tokens are counted from the start of the prompt"),
        (
            "llada2",
            "64",
            "a block of 64 would fill in positions whose .* masked; use 1,2,4,8,16,32$",
        ),
    ],
)
def test_a_schedule_that_its_training_does_not_allow_is_refused(
    family: str, label: str, says: str, folders: dict[str, str]
) -> None:
    with pytest.raises(UsageError, match=says):
        plan(folders[family], (label,), gen_length=64)


def test_a_named_model_refuses_before_it_is_downloaded() -> None:
    with pytest.raises(UsageError, match="sdar-4b cannot be decoded in blocks of 32"):
        plan("sdar-4b", ("32",))


def test_the_trained_block_can_be_said_where_the_config_does_not(folders: dict[str, str]) -> None:
    wide = plan(folders["sdar"], ("8",), gen_length=16, model_args=(("block_length", 8),))
    narrow = plan(folders["sdar"], ("4",), gen_length=16)
    assert {job.trained_block for job in wide.jobs} == {8}
    assert wide.checkpoint.identity == f"{narrow.checkpoint.identity}+block=8"
    with pytest.raises(UsageError, match="block_length has no effect: llada was trained to see the whole sequence"):
        plan(folders["llada"], ("8",), gen_length=16, model_args=(("block_length", 8),))
