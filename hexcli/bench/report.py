"""What `hex bench --json` prints of a task: the machine, the model, and a row for every mode on its problems."""

from collections.abc import Callable
from typing import Any

import torch

from hexcli.bench import machine
from hexcli.bench.asked import check_alike, check_published, how
from hexcli.bench.comparing import compare
from hexcli.bench.frontier import mark_front
from hexcli.bench.modes import Mode, Stage
from hexcli.bench.verdicts import too_few
from hexcli.engine.plan import plan_run
from hexcli.errors import HexError
from hexcli.models.loading.loading import load_model, pick_dtype
from hexcli.models.loading.placement import pick_device
from hexcli.recipe.recipe import Recipe
from hexcli.voting.deciding import CERTAIN
from hexcli.workers.batching import AutoBatch


def task_report(
    recipe: Recipe,
    modes: dict[str, Mode],
    *,
    batch_size: int | None,
    chunk: int,
    device: str,
    profile: bool,
    note: Callable[[str], None],
    certainty: float = CERTAIN,
) -> dict[str, Any]:
    """The modes on the problems of a recipe; those that count votes stop at this certainty.

    Raises UsageError where the published loop cannot do what is asked, else as a run of the recipe does.
    """
    device = pick_device(device)
    plan = plan_run(recipe, dtype=pick_dtype(recipe.dtype, device))
    check_alike(plan.schedules)
    if any(not mode.mixed for mode in modes.values()):
        block = plan.architecture.block_length if plan.architecture else None
        check_published(plan.schedules, block, plan.checkpoint.name)
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
        **how(plan.schedules, batch.size),
        "chunk": chunk,
        "certainty": certainty,
        "warning": warning,
        "modes": found,
    }
