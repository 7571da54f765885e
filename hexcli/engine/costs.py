"""What a run would take, from what is known before it: time, memory, disk."""

import dataclasses
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.engine.measured import measured
from hexcli.engine.plan import Plan
from hexcli.json_file import json_line
from hexcli.schedule import Schedule
from hexcli.store.row import RowRefusedError, StoredRow, pack
from hexcli.store.store import GenerationStore

# Generations of the cache that are looked at, those put last.
SAMPLE = 300
# Where there are none: bytes of a row in a run folder and what compressing leaves of them in the cache. Rows of the
# embedded model have 2,118 and 850 bytes at a canvas of 64, nearly all of it lists with a number for every token.
ROW_BYTES, TOKEN_BYTES, PACKED = 450, 26, 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What is left of a run would take about this much. None: nobody can tell yet.

    seconds         all of it; None without generations of this model on this device to go by
    seconds_a_pass  of one forward pass of one row, in the batches of those generations
    timed           how many of them there were; `device` and `model` say where and of what
    weight_bytes    of the model on its device, row_bytes = about what decoding one row takes besides
    free_bytes      memory that is free there
    download_bytes  of a model that is not here yet
    run_bytes       added to the run folder, cache_bytes = to the cache; disk_free = where the run folder is to be
    source          where the seconds are from, if not from the cache; prompt_tokens = what was taken for a prompt's
                    length, of a model whose tokenizer is not here
    """

    model: str
    device: str
    seconds: float | None = None
    seconds_a_pass: float | None = None
    timed: int = 0
    weight_bytes: int | None = None
    row_bytes: int | None = None
    free_bytes: int | None = None
    download_bytes: int | None = None
    run_bytes: int = 0
    cache_bytes: int = 0
    disk_free: int | None = None
    source: str | None = None
    prompt_tokens: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON object `costs` of a dry run."""
        return dataclasses.asdict(self)


def costs_of(plan: Plan, store: GenerationStore, path: Path, *, device: str, generations: int, nfe: int) -> Costs:
    """Of `generations` that are left of a plan, and take at most `nfe` forward passes. `device` as torch names it."""
    from hexcli.models.loading.loading import device_name

    rows = sample(store, plan.checkpoint.identity, plan.schedules)
    name = device_name(device)
    timed = [row for row in rows if row.response.device == name and row.response.nfe and row.response.seconds]
    # Early ends are in it: seconds a pass that a schedule allows, not that a row needed.
    allowed = sum(Schedule.from_dict(row.about["schedule"]).nfe for row in timed)
    seconds, passes = (sum(getattr(row.response, what) for row in timed) for what in ("seconds", "nfe"))
    weights, a_row, free = _memory(plan, device)
    known = None if timed else measured(plan.recipe.model, plan.dtype, device, plan.schedules)
    a_pass = seconds / passes if timed else known.seconds if known else None
    return Costs(
        model=plan.checkpoint.name,
        device=name,
        seconds=0.0 if nfe == 0 else nfe * seconds / allowed if timed else None if a_pass is None else nfe * a_pass,
        seconds_a_pass=a_pass,
        source=known.source if known else None,
        timed=len(timed),
        weight_bytes=weights,
        row_bytes=a_row,
        free_bytes=free,
        **disk(path, rows, plan.schedules, generations),
    )


def sample(store: GenerationStore, model: str, schedules: Sequence[Schedule]) -> list[StoredRow]:
    """The last generations of this model in the cache that were decoded as these schedules are: cached keys or none."""
    ways = {schedule.kv_cache for schedule in schedules}
    found: list[StoredRow] = []
    for entry in reversed([entry for entry in store.database.entries() if entry.model == model]):
        try:
            row = store.read(entry.key) if entry.key else None
        except RowRefusedError:
            continue
        if row is not None and row.about["schedule"].get("kv_cache", "none") in ways:
            found.append(row)
        if len(found) == SAMPLE:
            break
    return found


def _memory(plan: Plan, device: str) -> tuple[int | None, int | None, int | None]:
    """Bytes of the weights, of a row, and free on the device."""
    import torch

    from hexcli.models.loading.memory import free_bytes, weight_bytes, working_bytes
    from hexcli.models.network.transformer import MaskPredictor

    free = free_bytes(device)
    if plan.architecture is None or not plan.jobs:
        return None, None, free
    dtype = getattr(torch, plan.dtype, torch.bfloat16)
    with torch.device("meta"):
        weights = weight_bytes(MaskPredictor(plan.architecture), dtype)
    longest = max(plan.jobs, key=lambda job: job.length)
    cached = any(schedule.kv_cache != "none" for schedule in plan.schedules)
    row = working_bytes(
        plan.architecture, dtype, length=longest.length, canvas=longest.schedule.gen_length, cached=cached
    )
    return weights, row, free


def disk(path: Path, rows: Sequence[StoredRow], schedules: Sequence[Schedule], generations: int) -> dict[str, Any]:
    """Bytes that so many generations add to the run folder and the cache, going by `rows`, and what is free there."""
    if rows:
        some = rows[:50]
        run = sum(len(json_line({**row.about, **row.response.to_dict()})) for row in some) / len(some)
        cache = sum(len(pack(row)) for row in some) / len(some)
    else:
        run = ROW_BYTES + TOKEN_BYTES * sum(one.gen_length for one in schedules) / max(len(schedules), 1)
        cache = run * PACKED
    there = next((folder for folder in (path, *path.absolute().parents) if folder.is_dir()), None)
    return {
        "run_bytes": round(run * generations),
        "cache_bytes": round(cache * generations),
        "disk_free": shutil.disk_usage(there).free if there else None,
    }
