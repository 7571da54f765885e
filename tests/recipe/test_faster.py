"""What --fast makes of a recipe."""

from pathlib import Path

import pytest

from hexcli.engine.plan import check_recipe
from hexcli.errors import UsageError
from hexcli.recipe.file import expand, load_recipes
from hexcli.recipe.shipped import find_recipe
from hexcli.shortcuts import FAST, FAST_SAMPLED


def test_the_papers_recipe_is_what_decode_makes_of_the_same_options() -> None:
    (swept,) = load_recipes(find_recipe(Path("hex-gsm8k")), fast=True)
    said = {"model": "llada", "task": "gsm8k", "schedules": ["8", "16", "32", "64", "128"], "gen_length": 256}
    (decoded,) = expand({**said, "temperature": 0.9, "samples": 5, "dtype": "bfloat16", **FAST_SAMPLED})
    assert swept == decoded
    assert {one.steps for one in check_recipe(swept)} == {256}


def test_each_recipe_has_the_shortcuts_of_its_temperature() -> None:
    cold, hot = expand({"temperature": [0, 0.9]}, fast=True)
    assert (cold.kv_cache, hot.kv_cache) == (FAST["kv_cache"], FAST_SAMPLED["kv_cache"]) == ("open", "likely")


def test_steps_of_ones_own_stay() -> None:
    assert expand({"steps": 16, "gen_length": 64}, fast=True)[0].steps == 16
    assert expand({"steps": 32, "gen_length": 64}, fast=True)[0].steps is None
    assert expand({"steps": 32, "gen_length": 64}, fast=True, named={"steps"})[0].steps == 32


@pytest.mark.parametrize("said", [{"kv_cache": "dual"}, {"threshold": 0.9}, {"kv_cache": "open", "prompt_refresh": 9}])
def test_a_recipe_that_says_its_parts_otherwise_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="--fast sets kv_cache, refresh, threshold, and the recipe says"):
        expand(said, fast=True)


def test_the_same_parts_may_be_said() -> None:
    assert expand(dict(FAST), fast=True) == expand(dict(FAST))
