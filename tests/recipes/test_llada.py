"""The recipes of LLaDA's own evaluation decode as its EVAL.md says."""

from pathlib import Path
from typing import NamedTuple

import pytest

from hexcli.recipe.file import load_recipes

RECIPES = Path(__file__).parents[2] / "recipes"


class Setting(NamedTuple):
    """A column of EVAL.md: gen_length, block_length, logits_eos_inf, confidence_eos_eot_inf."""

    model: str
    task: str
    gen_length: int
    block_length: int
    logits_eos_inf: bool
    confidence_eos_eot_inf: bool


# Copied from the three tables of ML-GSAI/LLaDA EVAL.md, for the tasks that come with hex.
EVAL = {
    "llada-gsm8k": Setting("llada", "gsm8k", 512, 512, False, True),
    "llada-math": Setting("llada", "math", 512, 512, False, True),
    "llada-mmlu": Setting("llada", "mmlu", 3, 3, False, False),
    "llada-hellaswag": Setting("llada", "hellaswag", 3, 3, False, False),
    "llada-arc": Setting("llada", "arc", 512, 512, False, False),
    "llada-gsm8k-blocks": Setting("llada", "gsm8k", 256, 8, False, False),
    "llada-math-blocks": Setting("llada", "math", 512, 64, False, False),
    "llada15-gsm8k": Setting("llada-1.5", "gsm8k", 256, 16, False, True),
    "llada15-math": Setting("llada-1.5", "math", 1024, 128, False, True),
}


@pytest.mark.parametrize("name", EVAL)
def test_a_recipe_is_its_column_of_eval_md(name: str) -> None:
    said = EVAL[name]
    (recipe,) = load_recipes(RECIPES / f"{name}.yaml")
    (schedule,) = recipe.ensemble(999)
    assert (recipe.model, recipe.task) == (said.model, said.task)
    assert schedule.gen_length == schedule.steps == said.gen_length, "a token a step"
    assert set(schedule.blocks) == {said.block_length}
    assert (schedule.logits_eos_inf, schedule.confidence_eos_eot_inf) == said[4:]
    assert (schedule.temperature, schedule.cfg_scale, schedule.remasking) == (0, 0, "low_confidence")


def test_every_recipe_of_it_is_tested() -> None:
    assert {path.stem for path in RECIPES.glob("llada*.yaml")} == set(EVAL)
