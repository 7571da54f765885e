"""The embedded model: its files, and its tokens against the published algorithm."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from hexcli.engine.plan import plan_run
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.families.llada import published_name
from hexcli.models.loading.loading import load_model
from hexcli.models.tokenizer.tokenizer import load_tokenizer
from hexcli.recipe.recipe import Recipe
from hexcli.sampling.sampler import Row, Sampler
from hexcli.tasks.registry import get_task
from tests.reference import published_decode

MODELS = Path(__file__).parent.parent.parent / "hexcli" / "models"
TINY = MODELS / "tiny"


@pytest.mark.parametrize("name", ("tiny", "tiny-prompts"))
def test_it_ships_in_lladas_layout_within_6_mb(name: str) -> None:
    folder = MODELS / name
    files = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert set(files) == {"README.md", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
    assert sum(files.values()) < 6e6
    config = json.loads((folder / "config.json").read_text())
    assert (config["model_type"], config["architectures"]) == ("llada", ["LLaDAModelLM"])
    with safe_open(str(folder / "model.safetensors"), framework="pt") as content:
        names = set(content.keys())
        assert all(content.get_slice(name).get_dtype() == "BF16" for name in names)
    denoiser = load_model(find_checkpoint(name), device="cpu", dtype="float32").denoiser
    assert names == {published_name(name) for name in denoiser.state_dict()}


def test_transformers_encodes_and_wraps_like_we_do() -> None:
    from transformers import PreTrainedTokenizerFast

    ours, theirs = load_tokenizer(TINY), PreTrainedTokenizerFast.from_pretrained(TINY)
    for text in ("Tom has 12 apples.", r"\boxed{7} naïve\n", "A quick (brown) fox?", ""):
        prompt = ours.chat(text)
        messages = [{"role": "user", "content": text}]
        assert theirs.apply_chat_template(messages, add_generation_prompt=True, tokenize=False) == prompt
        assert ours.encode(prompt) == theirs(prompt, add_special_tokens=False)["input_ids"]


def test_any_text_survives_the_tokenizer() -> None:
    tokenizer = load_tokenizer(TINY)
    text = "Zoë’s café: 3½ × 7 = ? \t~{}[]()<>|\\ 日本"
    assert tokenizer.decode(tokenizer.encode(text)) == text


@pytest.mark.parametrize(
    ("schedules", "fields"),
    [
        (("2", "8", "16", "64", "40+24"), {}),
        (("4", "32"), {"remasking": "topk_margin"}),
        (("4", "64"), {"remasking": "entropy", "steps": 48}),
        (("16",), {"cfg_scale": 0.5}),
    ],
)
def test_its_tokens_at_temperature_0_are_those_of_the_published_algorithm(
    schedules: tuple[str, ...], fields: dict[str, object]
) -> None:
    work = plan_run(Recipe(schedules=schedules, limit="2", **fields), dtype="float32")  # type: ignore[arg-type]
    denoiser = load_model(work.checkpoint, device="cpu", dtype="float32").denoiser
    rows = [Row(prompt_ids=job.prompt_ids, schedule=job.schedule) for job in work.jobs]
    for row, decoded in Sampler(denoiser, mask_id=work.mask_id, batch_size=7).run(rows):
        schedule = row.schedule
        with torch.no_grad():
            expected = published_decode(
                denoiser,
                list(row.prompt_ids),
                blocks=list(schedule.blocks),
                gen_length=schedule.gen_length,
                steps=schedule.steps,
                mask_id=work.mask_id,
                remasking=schedule.remasking,
                cfg_scale=schedule.cfg_scale,
            )
        assert list(decoded.token_ids) == expected, schedule.label


def test_it_solves_most_problems_that_it_has_never_seen() -> None:
    """Chance is about 0: answers are whole numbers below 1,000."""
    task = get_task("sums-calibration")
    work = plan_run(Recipe(task="sums-calibration", schedules=("8",), limit="12"), dtype="float32")
    denoiser = load_model(work.checkpoint, device="cpu", dtype="float32").denoiser
    jobs = {job.noise_key: job for job in work.jobs}
    rows = [Row(prompt_ids=job.prompt_ids, schedule=job.schedule, noise_key=key) for key, job in jobs.items()]
    right = 0
    for row, decoded in Sampler(denoiser, mask_id=work.mask_id, batch_size=12).run(rows):
        problem = jobs[row.noise_key].problem
        answer = task.extract(work.tokenizer.decode(decoded.token_ids), problem)
        assert problem.target is not None
        right += answer is not None and task.grade(answer, problem.target)
    assert right >= 8


def test_the_model_of_several_wordings_answers_each_in_its_own_form(tmp_path: Path) -> None:
    from hexcli.cli.main import run
    from hexcli.runs.reading import Run

    folder = tmp_path / "run"
    options = ["--model", "tiny-prompts", "--prompt", "plain,reasoning,answer", "--schedules", "64", "--limit", "4"]
    assert run(["decode", *options, "-o", str(folder)]) == 0
    texts: dict[str, list[str]] = {}
    for generation in Run.read(folder, warn=print).generations:
        texts.setdefault(generation.prompt_name, []).append(generation.response.text)
    assert all("</reasoning><answer>" in text and "boxed" not in text for text in texts["reasoning"])
    assert all(r"\boxed{" in text and "<" not in text for text in [*texts[""], *texts["answer"]])
    words = {name: sum(len(text.split()) for text in own) for name, own in texts.items()}
    assert words["answer"] < words["reasoning"], "equations only, and sentences"


@pytest.mark.parametrize("name", ("tiny", "tiny-prompts"))
def test_the_card_says_what_of_the_problems_is_apart_and_what_is_not(name: str) -> None:
    said = " ".join((MODELS / name / "README.md").read_text().split())
    assert f"# hex {name} " in said
    assert "the numbers that a solution uses" in said
    assert "Other numbers in a text can coincide" in said
    assert "drills are not split" in said
    assert "never have the same numbers" not in said
