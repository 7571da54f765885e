"""The fields of a recipe that `decode` and `plan` take by name, and seldom need: `remasking="entropy"`, `fast=True`."""

from collections.abc import Mapping
from typing import Any, TypedDict

from hexcli.errors import UsageError
from hexcli.shortcuts import fast


class Fields(TypedDict, total=False):
    """What each does: docs/recipes.md, and the option of its name in docs/commands.md."""

    remasking: str
    cfg_scale: float
    dtype: str
    fast: bool
    kv_cache: str
    refresh: int | str | None
    prompt_refresh: int | str | None
    threshold: float | None
    fewshot_data: str | None
    fewshot_seed: int
    shard: str | None
    record_steps: bool
    model_args: Mapping[str, Any]
    sampler: str
    alg: str | None
    eps: float
    alg_temp: float | None
    top_p: float | None
    top_k: int | None
    entropy_threshold: float | None
    block_add_threshold: float
    eb_threshold: float | None
    factor: float | None
    credit_alpha: float | None
    boost_gamma: float
    decay_beta: float
    editing_threshold: float | None
    max_post_steps: int
    suppress_tokens: int | str
    logits_eos_inf: bool
    confidence_eos_eot_inf: bool
    early_ban_steps: int | None
    full_canvas: bool
    confidence_dtype: str


def as_recipe(named: Mapping[str, Any], *others: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a recipe, from what is said by name, in settings and as further fields.

    Raises UsageError where one is said twice, or `fast` beside a part of it.
    """
    fields = dict(named)
    for other in others:
        if twice := sorted({*fields} & {*other}):
            raise UsageError(f"said twice, in settings and by itself: {', '.join(twice)}")
        fields |= other
    quick = fields.pop("fast", False)
    if not isinstance(quick, bool):
        raise UsageError(f"fast is True or False, not {quick!r}")
    if not quick:
        return fields
    temperature = fields["temperature"]
    parts = fast(temperature if isinstance(temperature, int | float) else 0)
    if twice := sorted({*fields} & {*parts}):
        raise UsageError(f"fast=True says {', '.join(twice)} itself: leave one of the two out")
    return fields | parts
