"""What a run would take of a model that is not on this machine, or on a GPU that is not: from the model's sizes."""

from collections.abc import Sequence
from pathlib import Path

from hexcli.engine.costs import Costs, disk
from hexcli.engine.measured import PROMPT, measured
from hexcli.models.checkpoint.hub import is_cached
from hexcli.models.families.shapes import SHAPES
from hexcli.models.registry import MODELS
from hexcli.recipe.recipe import Recipe
from hexcli.schedule import Schedule


def costs_without(
    recipe: Recipe, path: Path, *, device: str, schedules: Sequence[Schedule], generations: int, nfe: int
) -> Costs:
    """As `costs_of`, of a model that is not here, and of `nfe` forward passes at most."""
    import torch

    from hexcli.models.loading.loading import device_name, pick_dtype, torch_dtype
    from hexcli.models.loading.memory import free_bytes, weight_bytes, working_bytes
    from hexcli.models.loading.placement import elsewhere, pick_device
    from hexcli.models.network.transformer import MaskPredictor

    device, entry = device if elsewhere(device) else pick_device(device), MODELS.get(recipe.model)
    dtype = pick_dtype(recipe.dtype, device)
    size = None if entry is None else round(entry.memory * torch_dtype(dtype).itemsize / torch.bfloat16.itemsize)
    row = None
    if entry is not None and entry.shape is not None:
        config, canvas = SHAPES[entry.shape], max((one.gen_length for one in schedules), default=0)
        with torch.device("meta"):
            size = weight_bytes(MaskPredictor(config), torch_dtype(dtype))
        cached = any(one.kv_cache != "none" for one in schedules)
        row = working_bytes(config, torch_dtype(dtype), length=PROMPT + canvas, canvas=canvas, cached=cached)
    known = measured(recipe.model, dtype, device, schedules)
    here = entry is not None and (entry.embedded or is_cached(entry.source))
    return Costs(
        model=recipe.model,
        device=device_name(device),
        seconds=None if known is None else nfe * known.seconds,
        seconds_a_pass=None if known is None else known.seconds,
        source=None if known is None else known.source,
        weight_bytes=size,
        row_bytes=row,
        prompt_tokens=None if row is None else PROMPT,
        free_bytes=free_bytes(device),
        download_bytes=None if here or entry is None else round(entry.memory),
        **disk(path, (), schedules, generations),
    )
