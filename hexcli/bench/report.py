"""What `hex bench --json` prints: the machine, the model, and a row for every mode."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import torch

from hexcli.bench import machine
from hexcli.bench.comparing import compare
from hexcli.bench.frontier import mark_front
from hexcli.bench.modes import Mode, Stage
from hexcli.bench.shapes import Shape, find_shape, random_model
from hexcli.bench.stepping import measure_steps
from hexcli.bench.verdicts import too_few
from hexcli.engine.fit import check_blocks
from hexcli.engine.plan import plan_run
from hexcli.errors import HexError, UsageError
from hexcli.labels import FIELDS
from hexcli.models.loading.loading import FLOAT8, load_model, pick_dtype, torch_dtype
from hexcli.models.loading.placement import pick_device
from hexcli.models.network.float8 import to_float8
from hexcli.models.network.joint import join
from hexcli.models.registry import DEFAULT_GEN_LENGTH
from hexcli.recipe.recipe import Recipe
from hexcli.rules import OFF
from hexcli.schedule import Schedule
from hexcli.voting.deciding import CERTAIN
from hexcli.workers.batching import AutoBatch

Note = Callable[[str], None]


def task_report(
    recipe: Recipe,
    modes: dict[str, Mode],
    *,
    batch_size: int | None,
    chunk: int,
    device: str,
    profile: bool,
    note: Note,
    certainty: float = CERTAIN,
) -> dict[str, Any]:
    """The modes on the problems of a recipe; those that count votes stop at this certainty.

    Raises UsageError where the published loop cannot do what is asked, else as a run of the recipe does.
    """
    device = pick_device(device)
    plan = plan_run(recipe, dtype=pick_dtype(recipe.dtype, device))
    _check_alike(plan.schedules)
    if any(not mode.mixed for mode in modes.values()):
        block = plan.architecture.block_length if plan.architecture else None
        _check_published(plan.schedules, block, plan.checkpoint.name)
    model = load_model(
        plan.checkpoint,
        device=device,
        dtype=plan.dtype,
        length=max(len(job.prompt_ids) + job.schedule.gen_length for job in plan.jobs),
        canvas=plan.schedules[0].gen_length,
    )
    batch = AutoBatch.on(device, batch_size)
    stage = Stage(
        denoiser=model.denoiser,
        mask_id=plan.mask_id,
        device=device,
        batch=batch,
        end_ids=plan.tokenizer.end_ids,
        end_of_text=plan.tokenizer.end_of_text,
        certainty=certainty,
    )
    try:
        found = compare(plan, stage, modes, chunk=chunk, profile=profile, note=note)
    except torch.OutOfMemoryError:
        raise HexError(f"out of memory on {device}: use a smaller --batch-size or --gen-length") from None
    mark_front(found)
    if warning := too_few(found, len(plan.problems)):
        note(f"warning: {warning}")
    return {
        "hardware": machine.hardware(device),
        "versions": machine.versions(),
        "model": plan.checkpoint.name,
        "dtype": plan.dtype,
        "task": plan.task.name,
        "problems": len(plan.problems),
        "votes": len(plan.schedules),
        **_how(plan.schedules, batch.size),
        "chunk": chunk,
        "certainty": certainty,
        "warning": warning,
        "modes": found,
    }


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
    _check_alike(ensemble)
    check_blocks(ensemble, shape.config.block_length, name)
    gen_length, steps = ensemble[0].gen_length, ensemble[0].steps
    if any(not mode.mixed for mode in modes.values()):
        _check_published(ensemble, shape.config.block_length, name)
    if prompt_length + gen_length > shape.config.context:
        raise UsageError(
            f"a prompt of {prompt_length} and a canvas of {gen_length} tokens do not fit the "
            f"{shape.config.context} tokens of {name}"
        )
    if commits is not None:
        _check_commits(ensemble, commits)
    if steps_timed is not None and steps_timed > steps:
        raise UsageError(f"a decode has {steps} steps: {steps_timed} of them cannot be timed")
    dtype = pick_dtype("bfloat16" if recipe.dtype == "auto" else recipe.dtype, device)
    kind = torch_dtype(dtype)
    _check_float8(modes, dtype, device)
    if votes is not None and "published" not in modes:
        raise UsageError("--votes compares with one published decode: name published among the modes")
    model = random_model(shape, device=device, dtype=kind, length=prompt_length + gen_length, canvas=gen_length)
    parameters = sum(weight.numel() for weight in model.parameters())
    if dtype == FLOAT8:
        to_float8(model.layers)
    if machine.on_gpu(device):
        join(model)
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
        **_how(ensemble, batch_size),
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


def _how(schedules: Sequence[Schedule], batch_size: int) -> dict[str, Any]:
    first = schedules[0]
    return {
        "schedules": list(dict.fromkeys(schedule.label for schedule in schedules)),
        "gen_length": first.gen_length,
        "steps": first.steps,
        "temperature": first.temperature,
        "batch_size": batch_size,
    }


def _check_commits(schedules: Sequence[Schedule], commits: int) -> None:
    """A step commits within its block, so every block takes its own share of the steps."""
    for schedule in schedules:
        if not schedule.even:
            raise UsageError(f"--commits is for even blocks, not {schedule.label}")
        if commits < 1 or commits > min(schedule.blocks):
            raise UsageError(f"--commits {commits}: a step cannot commit so many tokens of a block of {schedule.label}")


def _check_alike(schedules: Sequence[Schedule]) -> None:
    """The table has one canvas, and the published loop one way of decoding: only blocks (and seeds) may differ."""
    ways = {tuple(getattr(one, name) for name in FIELDS) for one in schedules}
    if len(ways) > 1:
        raise UsageError(
            "hex bench compares blocks on one canvas: leave the fields of single schedules out, and say --gen-length "
            "or --temperature for all"
        )
    said = next((name for name, off in OFF.items() if getattr(schedules[0], name) != off), None)
    if said is not None:
        raise UsageError(f"hex bench measures LLaDA's loop, and {said} is of another: leave it out")


def _check_published(schedules: Sequence[Schedule], block: int | None, name: str) -> None:
    for schedule in schedules:
        if not schedule.even:
            raise UsageError(f"the published loop knows even blocks only, not {schedule.label}: use --mode lossless")
    if block is not None:
        raise UsageError(
            f"the published loop is of models that see the whole sequence, and {name} sees blocks of {block}: "
            "use --mode lossless"
        )
