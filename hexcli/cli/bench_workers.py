"""`hex bench --workers 1,2`: crews of workers beside one process."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import UsageError, unknown
from hexcli.workers.crew import ENGINES, device_list

if TYPE_CHECKING:
    from hexcli.recipe.recipe import Recipe

ROWS_A_WORKER = 4  # batches of a shape, for each worker of the largest crew


def counts_of(text: str) -> list[int]:
    """`1,2,4` -> its numbers. Raises UsageError."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and 0 < int(part) <= 64 for part in parts):
        raise UsageError(f"hex bench --workers takes numbers of workers, as 1,2,4, not '{text}'")
    return sorted({int(part) for part in parts})


def workers_report(
    recipe: "Recipe",
    workers: str,
    engine: str,
    *,
    shape: str | None,
    batch_size: int | None,
    rows: int,
    prompt_length: int,
    device: str,
) -> dict[str, Any]:
    """What `hex bench --workers` measures. Raises UsageError where the options do not fit."""
    from hexcli.bench.crews import crew_report, device_of, work_of_shape, work_of_task
    from hexcli.cli.output import tell

    counts = counts_of(workers)
    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES)
    named: Sequence[str] = device_list(device)
    devices = named if len(named) > 1 else ()
    found = device_of(named[0], devices, engine)
    if shape is None:
        work = work_of_task(recipe, device=found, batch_size=batch_size)
    else:
        size = batch_size or rows
        work = work_of_shape(
            shape,
            recipe,
            device=found,
            batch_size=size,
            prompt_length=prompt_length,
            generations=size * max(counts) * ROWS_A_WORKER,
        )
    return crew_report(work, counts, engine, devices=devices, note=tell)
