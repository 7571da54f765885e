"""What one denoising step costs at the shape of a real model: what `hex bench --shape` measures.

Every mode decodes a batch of the same size, prompts of one length with a canvas behind each. The published loop
gives all its rows one schedule, which does not matter to it; our engine mixes them. Its steps differ: the head works
on what is still masked in the current blocks, so fewer timed steps than a whole decode are an approximation. Those of
the published loop all do the same, so a few of them tell what a decode takes.
"""

import dataclasses
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch

from hexcli.bench import machine
from hexcli.bench.modes import Mode, Stage
from hexcli.bench.profiling import measure_channels
from hexcli.bench.shapes import Shape
from hexcli.errors import HexError
from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule

WARM_UP_STEPS = 8
QUICK = 20.0  # seconds of a decode that is done twice before it is timed
PUBLISHED_STEPS = 16  # timed, where nobody says how many


class _EnoughError(Exception):
    """So many steps were to be done."""


def measure_steps(
    shape: Shape,
    stage: Stage,
    modes: dict[str, Mode],
    *,
    prompt_length: int,
    schedules: Sequence[Schedule],
    steps_timed: int | None,
    profile: bool,
    note: Callable[[str], None],
) -> list[dict[str, Any]]:
    """A row for every mode: milliseconds a step, seconds a decode, tokens a second, peak memory.

    `steps_timed` None: a whole decode, and PUBLISHED_STEPS of the published loop.

    A mode that runs out of memory has an `error` in their place. Raises HexError where all do.
    """
    found = []
    for name, mode in modes.items():
        rows = make_rows(shape, prompt_length, schedules if mode.mixed else schedules[:1], stage.batch.size)
        timed = steps_timed or (
            schedules[0].gen_length + 1 if mode.mixed else PUBLISHED_STEPS
        )  # more than a decode has
        note(f"{name}: {steps_timed or 'all'} steps of {stage.batch.size} rows")
        row = {"name": name, **_measure(mode, stage, rows, timed, profile)}
        if row["ms_per_step"] is not None:
            ended, computed = row.pop("ended"), row.pop("computed")
            row["steps"] = row["steps_timed"] if ended else schedules[0].steps
            row["seconds_per_decode"] = row["ms_per_step"] * row["steps"] / 1000
            row["tokens_computed"] = computed if row["steps"] == row["steps_timed"] else None
            row["tokens_per_second"] = len(rows) * schedules[0].gen_length / row["seconds_per_decode"]
        found.append(row)
        if machine.on_gpu(stage.device):
            torch.cuda.empty_cache()  # what one mode held is no part of what the next one can have
    if all("error" in row for row in found):
        raise HexError(f"{shape.name}, {stage.batch.size} rows: {found[0]['error']}; use a smaller --batch-size")
    rival = next((row.get("seconds_per_decode") for row in found if row["name"] == "published"), None)
    for row in found:
        seconds = row.get("seconds_per_decode")
        row["ratio"] = rival / seconds if rival and seconds else None
    return found


def make_rows(shape: Shape, prompt_length: int, schedules: Sequence[Schedule], count: int) -> list[Row]:
    """Rows with prompts of random tokens, the schedules dealt out in turn."""
    draw = random.Random(0)
    tokens = [token for token in range(min(shape.config.vocab_size, 1000)) if token != shape.mask_id]
    return [
        Row(
            prompt_ids=tuple(draw.choices(tokens, k=prompt_length)),
            schedule=schedules[place % len(schedules)],
            noise_key=place,
            trained_block=shape.config.block_length,
        )
        for place in range(count)
    ]


def _measure(mode: Mode, stage: Stage, rows: list[Row], steps: int, profile: bool) -> dict[str, Any]:
    try:
        few = min(WARM_UP_STEPS, steps)
        seconds = run_steps(mode, stage, rows, few)[0]
        # Shapes that recur are recorded on a GPU: in a run that is over before its first thousandth.
        if mode.mixed and machine.on_gpu(stage.device) and seconds / few * rows[0].schedule.steps < QUICK:
            for _ in range(2):
                run_steps(mode, stage, rows, steps)
        counted = machine.reset_peak(stage.device)
        seconds, done, ended, computed = run_steps(mode, stage, rows, steps)
        peak = machine.peak_bytes(stage.device) if counted else None
    except torch.OutOfMemoryError as error:
        said = str(error).split(" GPU ")[0].strip()
        nothing = dict.fromkeys(
            ("ms_per_step", "steps", "steps_timed", "tokens_computed", "tokens_per_second", "peak_bytes")
        )
        return {"error": said or "out of memory", **nothing}
    row: dict[str, Any] = {
        "seconds": seconds,
        "steps_timed": done,
        "ended": ended,
        "computed": computed,
        "ms_per_step": 1000 * seconds / done,
        "peak_bytes": peak,
    }
    if profile:
        spent = measure_channels(mode, stage, lambda watched, step: _steps(mode, watched, rows, steps, step))
        row["channels"] = spent
        row["gpu_busy_seconds"] = gpu_busy(mode, stage, rows, steps)
    return row


def run_steps(mode: Mode, stage: Stage, rows: Sequence[Row], steps: int) -> tuple[float, int, bool, int]:
    """Seconds that the first `steps` steps of the rows take, how many they were, whether the rows ended by then, and
    tokens computed for those that did."""
    machine.synchronize(stage.device)
    started = time.perf_counter()
    done, ended, computed = _steps(mode, stage, rows, steps, lambda forwards: None)
    machine.synchronize(stage.device)
    return time.perf_counter() - started, done, ended, computed


def gpu_busy(mode: Mode, stage: Stage, rows: Sequence[Row], steps: int) -> float | None:
    """Seconds the GPU computes during these steps; what they take more is launches and host. None without a GPU."""
    if not machine.on_gpu(stage.device):
        return None
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CUDA]) as recorded:
        run_steps(mode, stage, rows, steps)
    # Launches carry the time of their kernels too: only what ran on the device counts.
    kernels = (event for event in recorded.key_averages() if event.device_type.name == "CUDA")
    microseconds: float = sum(event.self_device_time_total for event in kernels)
    return microseconds / 1e6


def _steps(
    mode: Mode, stage: Stage, rows: Sequence[Row], steps: int, on_step: Callable[[int], None]
) -> tuple[int, bool, int]:
    done = computed = 0

    def count(forwards: int) -> None:
        nonlocal done
        on_step(forwards)
        done += 1
        if done == steps:
            raise _EnoughError

    with_all = dataclasses.replace(stage, published_batch=stage.batch.size)
    finished = 0
    try:
        for _, canvas in mode.decode(with_all, rows, count):
            finished, computed = finished + 1, computed + canvas.tokens_computed
    except _EnoughError:
        return done, finished == len(rows), computed
    return done, True, computed
