"""What a run would take, from what is known before it: time, memory, disk."""

import dataclasses
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexcli.engine.estimating import Manner, estimate, spent
from hexcli.engine.otherwise import Way, other_seconds
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

    seconds         all of it at most; None where nothing like it was measured
    seconds_a_pass  of one forward pass of one row, of `rows` together, or in the batches of the generations it is from
    timed           how many of those there were; `device` and `model` say where and of what
    source          what the seconds are estimated from, if not from the cache
    gpus            that decode at once, so `gpu_hours` are of all of them; None on a CPU
    expected_seconds  if as much is left out as was measured on the embedded model; `expected` says how much, and where
    unmeasured      the certainty asked for, where no vote that it stopped was measured: the seconds are without it
    nfe             forward passes at most, and `other` what the run takes with --fast, or without where it is with it
    with_fast_seconds  expected of a run that is without --fast, and without_fast_seconds, where it is with it
    weight_bytes    of the model on its device, row_bytes = each row decoded together more, memory_bytes = with `rows`;
                    asked_rows = what the batch size was to be, where somebody said it
    fits            GB of a card -> how many rows it has room for together
    free_bytes      memory that is free there
    download_bytes  of a model that is not here yet
    run_bytes       added to the run folder, cache_bytes = to the cache; disk_free = where the run folder is to be
    prompt_tokens   what was taken for a prompt's length, of a model whose tokenizer is not here
    """

    model: str
    device: str
    seconds: float | None = None
    seconds_a_pass: float | None = None
    timed: int = 0
    source: str | None = None
    gpus: int | None = None
    gpu_hours: float | None = None
    expected_seconds: float | None = None
    expected: str | None = None
    unmeasured: float | None = None
    nfe: int | None = None
    other: Way | None = None
    with_fast_seconds: float | None = None
    without_fast_seconds: float | None = None
    weight_bytes: int | None = None
    row_bytes: int | None = None
    rows: int | None = None
    asked_rows: int | None = None
    memory_bytes: int | None = None
    fits: dict[str, int] = dataclasses.field(default_factory=dict)
    free_bytes: int | None = None
    download_bytes: int | None = None
    run_bytes: int = 0
    cache_bytes: int = 0
    disk_free: int | None = None
    prompt_tokens: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON object `costs` of a dry run."""
        return dataclasses.asdict(self)


def costs_of(
    plan: Plan,
    store: GenerationStore,
    path: Path,
    *,
    device: str,
    generations: int,
    nfe: int,
    how: Manner | None = None,
) -> Costs:
    """Of `generations` that are left of a plan, and take at most `nfe` forward passes. `device` as torch names it, or a
    kind of GPU."""
    from hexcli.models.loading.loading import device_name

    how = how or Manner()
    rows = sample(store, plan.checkpoint.identity, plan.schedules)
    name = device_name(device)
    timed = [row for row in rows if row.response.device == name and row.response.nfe and row.response.seconds]
    # Early ends are in it: seconds a pass that a schedule allows, not that a row needed.
    allowed = sum(Schedule.from_dict(row.about["schedule"]).nfe for row in timed)
    seconds, passes = (sum(getattr(row.response, what) for row in timed) for what in ("seconds", "nfe"))
    lengths = [job.length for job in plan.jobs]
    prompts = [len(job.prompt_ids) for job in plan.jobs]
    config = plan.architecture if plan.jobs else None
    length, prompt = max(lengths, default=0), sum(prompts) / max(len(prompts), 1)
    known = estimate(
        config, plan.dtype, plan.schedules, device=device, length=length, prompt=prompt, left=generations, how=how
    )
    if timed:
        known |= {"seconds_a_pass": seconds / passes, "source": None}
        took = nfe * seconds / allowed
    else:
        took = None if known["seconds_a_pass"] is None else nfe * known["seconds_a_pass"]
        known |= other_seconds(
            plan.recipe, config, plan.schedules, nfe=nfe, device=device, dtype=plan.dtype, length=length,
            prompt=prompt, left=generations, how=how,
        )  # fmt: skip
    return Costs(
        model=plan.checkpoint.name,
        device=name,
        timed=len(timed),
        nfe=nfe,
        **known,
        **spent(0.0 if nfe == 0 else took, device, how, plan.schedules),
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
