"""How long a run would take with --fast where it is without, and without where it is with."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from hexcli.engine.estimating import Manner, estimate, spent
from hexcli.engine.plan import check_recipe
from hexcli.errors import UsageError
from hexcli.models.network.architecture import TransformerConfig
from hexcli.recipe.faster import quickened
from hexcli.recipe.recipe import Recipe
from hexcli.schedule import Schedule
from hexcli.shortcuts import OFF, fast


def other_way(recipe: Recipe) -> Recipe | None:
    """The recipe without --fast, or with it; None where it has shortcuts of its own, or a published sampler."""
    own = {name: getattr(recipe, name) for name in OFF}
    if recipe.sampler != "llada" or recipe.alg is not None:
        return None
    if own == {**OFF, **fast(recipe.temperature)}:
        return dataclasses.replace(recipe, **OFF)
    if own != OFF:
        return None
    said = {name: getattr(recipe, name) for name in ("model", "temperature", "gen_length", "steps")}
    return dataclasses.replace(recipe, **quickened(said))


def other_seconds(
    recipe: Recipe, config: TransformerConfig | None, schedules: Sequence[Schedule], *, nfe: int, device: str,
    dtype: str, length: int, prompt: float, left: int, how: Manner,
) -> dict[str, Any]:  # fmt: skip
    """The field of Costs with them, or none where nobody can tell. `nfe` of these `schedules`; others: see `estimate`.

    What --fast or a certainty is likely to leave out is left out.
    """
    other = other_way(recipe)
    if other is None or config is None or config.block_length is not None or not nfe:
        return {}
    try:
        changed = check_recipe(other)
    except UsageError:  # there is no such run
        return {}
    a_pass = estimate(
        config, dtype, changed, device=device, length=length, prompt=prompt, left=left, how=how
    )["seconds_a_pass"]  # fmt: skip
    if a_pass is None:
        return {}
    passes = nfe * sum(one.nfe for one in changed) / sum(one.nfe for one in schedules)
    found = spent(passes * a_pass, device, how, changed)
    name = "with_fast_seconds" if recipe.kv_cache == "none" else "without_fast_seconds"
    return {name: found.get("expected_seconds", found["seconds"])}
