"""What a run would take with --fast where it is without, and without where it is with."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.engine.estimating import Manner, estimate, spent
from hexcli.engine.plan import check_recipe
from hexcli.errors import UsageError
from hexcli.models.network.architecture import TransformerConfig
from hexcli.recipe.faster import quickened
from hexcli.recipe.recipe import Recipe
from hexcli.schedule import Schedule
from hexcli.shortcuts import OFF, fast


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What the other way takes of the fields of Costs, which say what each is; `nfe` forward passes at most."""

    fast: bool
    nfe: int
    seconds: float
    seconds_a_pass: float
    gpu_hours: float | None = None
    expected_seconds: float | None = None
    expected: str | None = None
    unmeasured: float | None = None
    rows: int
    memory_bytes: int
    fits: dict[str, int]


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
    """The fields of Costs with them, or none where nobody can tell. `nfe` of these `schedules`; others: see `estimate`.

    What --fast or a certainty is likely to leave out is left out of the seconds beside `other`.
    """
    other = other_way(recipe)
    if other is None or config is None or config.block_length is not None or not nfe:
        return {}
    try:
        changed = check_recipe(other)
    except UsageError:  # there is no such run
        return {}
    known = estimate(
        config, dtype, changed, device=device, length=length, prompt=prompt, left=left, how=how
    )  # fmt: skip
    a_pass = known["seconds_a_pass"]
    if a_pass is None:
        return {}
    passes = round(nfe * sum(one.nfe for one in changed) / sum(one.nfe for one in schedules))
    found = spent(passes * a_pass, device, how, changed)
    quick = recipe.kv_cache == "none"
    found = {**found, **{name: known[name] for name in ("seconds_a_pass", "rows", "memory_bytes", "fits")}}
    found.pop("gpus", None)
    return {
        "with_fast_seconds" if quick else "without_fast_seconds": found.get("expected_seconds", found["seconds"]),
        "other": Way(fast=quick, nfe=passes, **found),
    }
