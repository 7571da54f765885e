"""What a run would take of a model that is not on this machine, or on a GPU that is not: from the model's sizes."""

from collections.abc import Sequence
from pathlib import Path

from hexcli.engine.costs import Costs, disk
from hexcli.engine.estimating import Manner, estimate, spent
from hexcli.engine.otherwise import other_seconds
from hexcli.models.checkpoint.hub import is_cached
from hexcli.models.families.shapes import SHAPES
from hexcli.models.registry import MODELS
from hexcli.recipe.recipe import Recipe
from hexcli.schedule import Schedule

PROMPT = 150  # tokens of a prompt, and of an example in it: the questions of GSM8K in LLaDA's chat template


def costs_without(
    recipe: Recipe,
    path: Path,
    *,
    device: str,
    schedules: Sequence[Schedule],
    generations: int,
    nfe: int,
    how: Manner | None = None,
) -> Costs:
    """As `costs_of`, of a model that is not here, and of `nfe` forward passes at most."""
    import torch

    from hexcli.models.loading.loading import device_name, pick_dtype, torch_dtype
    from hexcli.models.loading.placement import elsewhere, pick_device

    how = how or Manner()
    device, entry = device if elsewhere(device) else pick_device(device), MODELS.get(recipe.model)
    dtype = pick_dtype(recipe.dtype, device)
    size = None if entry is None else round(entry.memory * torch_dtype(dtype).itemsize / torch.bfloat16.itemsize)
    shape = None if entry is None or entry.shape is None else SHAPES[entry.shape]
    prompt = PROMPT * (1 + (recipe.fewshot or 0))
    length = prompt + max((one.gen_length for one in schedules), default=0)
    known = estimate(shape, dtype, schedules, device=device, length=length, prompt=prompt, left=generations, how=how)
    known |= other_seconds(
        recipe, shape, schedules, nfe=nfe, device=device, dtype=dtype, length=length, prompt=prompt, left=generations,
        how=how,
    )  # fmt: skip
    a_pass = known["seconds_a_pass"]
    here = entry is not None and (entry.embedded or is_cached(entry.source))
    return Costs(
        model=recipe.model,
        device=device_name(device),
        nfe=nfe,
        **{"weight_bytes": size, **known},
        **spent(None if a_pass is None else nfe * a_pass, device, how, schedules),
        prompt_tokens=None if shape is None else prompt,
        download_bytes=None if here or entry is None else round(entry.memory),
        **disk(path, (), schedules, generations),
    )
