"""What `hex bench --shape --json` prints: the machine, the shape, and a row of step times for every mode."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from hexcli.bench import machine
from hexcli.bench.asked import check_alike, check_commits, check_published, how
from hexcli.bench.modes import Mode, Stage
from hexcli.bench.shapes import Shape, find_shape, random_model
from hexcli.bench.stepping import measure_steps
from hexcli.engine.fit import check_blocks
from hexcli.errors import UsageError, plural
from hexcli.models.loading.loading import FLOAT8, pick_dtype, torch_dtype
from hexcli.models.loading.placement import pick_device
from hexcli.models.network.float8 import to_float8
from hexcli.models.network.joint import join
from hexcli.models.network.transformer import MaskPredictor
from hexcli.models.registry import DEFAULT_GEN_LENGTH
from hexcli.recipe.recipe import Recipe
from hexcli.schedule import Schedule
from hexcli.workers.batching import AutoBatch

Note = Callable[[str], None]


def shape_report(
    name: str,
    recipe: Recipe,
    modes: dict[str, Mode],
    *,
    prompt_length: int,
    steps_timed: int | None,
    commits: int | None,
    votes: float | None,
    batch_size: int,
    device: str,
    profile: bool,
    note: Note,
) -> dict[str, Any]:
    """The modes' step times at the shape of a real model; of the recipe only what is about schedules and dtype counts.

    Raises UsageError where lengths or steps do not fit, HexError where the memory is too small.
    """
    device, shape = pick_device(device), find_shape(name)
    ensemble = recipe.ensemble(DEFAULT_GEN_LENGTH)
    _check(shape, ensemble, modes, prompt_length=prompt_length, steps_timed=steps_timed, commits=commits)
    dtype = pick_dtype("bfloat16" if recipe.dtype == "auto" else recipe.dtype, device)
    _check_float8(modes, dtype, device)
    if votes is not None and "published" not in modes:
        raise UsageError("--votes compares with one published decode: name published among the modes")
    model, parameters = _random(shape, device, dtype, prompt_length, ensemble[0].gen_length)
    stage = Stage(denoiser=model, mask_id=shape.mask_id, device=device, batch=AutoBatch(batch_size), commits=commits)
    one = None if votes is None else _one_decode(shape, stage, modes, note, prompt_length, ensemble)
    return {
        "hardware": machine.hardware(device),
        "versions": machine.versions(),
        "shape": name,
        "parameters": parameters,
        "weight_bytes": sum(tensor.nbytes for tensor in model.state_dict().values()),
        "dtype": dtype,
        "prompt_length": prompt_length,
        **how(ensemble, batch_size),
        "commits": commits,
        "votes": votes,
        "published_decode_seconds": one,
        "modes": measure_steps(
            shape,
            stage,
            modes,
            prompt_length=prompt_length,
            schedules=ensemble,
            steps_timed=steps_timed,
            votes=votes,
            profile=profile,
            note=note,
        ),
    }


def _check(
    shape: Shape,
    ensemble: Sequence[Schedule],
    modes: dict[str, Mode],
    *,
    prompt_length: int,
    steps_timed: int | None,
    commits: int | None,
) -> None:
    """Raises UsageError where the model cannot be decoded so, or its steps not be timed so."""
    block, (gen_length, steps) = shape.config.block_length, (ensemble[0].gen_length, ensemble[0].steps)
    check_alike(ensemble)
    check_blocks(ensemble, block, shape.name)
    if any(not mode.mixed for mode in modes.values()):
        check_published(ensemble, block, shape.name)
    if prompt_length + gen_length > shape.config.context:
        raise UsageError(
            f"a prompt of {prompt_length} and a canvas of {gen_length} tokens do not fit the "
            f"{shape.config.context} tokens of {shape.name}"
        )
    if commits is not None:
        check_commits(ensemble, commits)
    if steps_timed is not None and steps_timed > steps:
        raise UsageError(f"a decode has {plural(steps, 'step')}: {steps_timed} of them cannot be timed")


def _random(shape: Shape, device: str, dtype: str, prompt: int, canvas: int) -> tuple[MaskPredictor, int]:
    """A random model as it decodes, and its parameters, counted before weights become 8-bit floats."""
    model = random_model(shape, device=device, dtype=torch_dtype(dtype), length=prompt + canvas, canvas=canvas)
    parameters = sum(weight.numel() for weight in model.parameters())
    if dtype == FLOAT8:
        to_float8(model.layers)
    if machine.on_gpu(device):
        join(model)
    return model, parameters


def _one_decode(
    shape: Shape, stage: Stage, modes: dict[str, Mode], note: Note, prompt_length: int, schedules: Sequence[Schedule]
) -> float:
    """Seconds of one decode of one row by the published loop."""
    alone, loop = dataclasses.replace(stage, batch=AutoBatch(1), samplers={}), {"published": modes["published"]}
    note("one published decode")
    (row,) = measure_steps(
        shape,
        alone,
        loop,
        prompt_length=prompt_length,
        schedules=schedules,
        steps_timed=None,
        votes=None,
        profile=False,
        note=note,
    )
    return float(row["seconds_per_decode"])


def _check_float8(modes: dict[str, Mode], dtype: str, device: str) -> None:
    """Modes in 8-bit floats are left out where the model has them anyway, or the device does not."""
    if any(mode.float8 for mode in modes.values()) and dtype != FLOAT8:
        pick_dtype(FLOAT8, device)
