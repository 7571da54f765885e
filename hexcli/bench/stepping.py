"""What one denoising step costs at the shape of a real model: what `hex bench --shape` measures.

Every mode decodes a batch of the votes on one problem; the published loop, on a GPU, as many at once as is best for
it, and ratios are by the row. It gives all its rows one schedule, which does not matter to it; our engine mixes them.
Its steps differ: the head works on what is still masked in the current blocks, so fewer timed steps than a whole decode
are an approximation. Those of the published loop all do the same, so a few of them tell what a decode takes.
"""

import contextlib
import dataclasses
import math
import random
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

import torch

from hexcli.bench import machine
from hexcli.bench.modes import Mode, Stage
from hexcli.bench.profiling import measure_channels
from hexcli.bench.shapes import Shape
from hexcli.errors import HexError
from hexcli.models.network.float8 import to_float8
from hexcli.models.network.joint import join
from hexcli.models.network.transformer import MaskPredictor
from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule

WARM_UP_STEPS = 8
QUICK = 20.0  # seconds of a decode that is done twice before it is timed
PUBLISHED_STEPS = 16  # timed, where nobody says how many
SMALLER = (16, 8, 4)  # batches of the published loop that are tried as well
EVERY = 1 << 30


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
    votes: float | None,
    profile: bool,
    note: Callable[[str], None],
) -> list[dict[str, Any]]:
    """A row for every mode: milliseconds a step, seconds a decode, tokens a second, peak memory.

    `steps_timed` None: a whole decode, and PUBLISHED_STEPS of the published loop, which decodes as many rows as it is
    best with. `votes`: also what a problem takes that needs so many on average. Modes in 8-bit floats come last: they
    turn the model's layers into such.

    A mode that runs out of memory has an `error` in their place. Raises HexError where all do.
    """
    found = []
    for name, mode in sorted(modes.items(), key=lambda item: item[1].float8):
        if mode.float8:
            stage.samplers.clear()
            layers = cast(MaskPredictor, stage.denoiser).layers
            to_float8(layers)
            join(layers)
        rows = make_rows(shape, prompt_length, schedules if mode.mixed else schedules[:1], stage.batch.size)
        if not mode.mixed and machine.on_gpu(stage.device):
            rows = rows[: _best_size(mode, stage, rows)]
        timed = steps_timed or (
            schedules[0].gen_length + 1 if mode.mixed else PUBLISHED_STEPS
        )  # more than a decode has
        note(f"{name}: {steps_timed or 'all'} steps of {len(rows)} rows")
        row = {"name": name, "rows": len(rows), **_measure(mode, stage, rows, timed, profile)}
        if row["ms_per_step"] is not None:
            ended, computed = row.pop("ended"), row.pop("computed")
            row["steps"] = row["steps_timed"] if ended else schedules[0].steps
            row["seconds_per_decode"] = row["ms_per_step"] * row["steps"] / 1000
            row["tokens_computed"] = computed if row["steps"] == row["steps_timed"] else None
            row["tokens_per_second"] = len(rows) * schedules[0].gen_length / row["seconds_per_decode"]
            if votes is not None and mode.mixed:
                note(f"{name}: {votes:g} votes a problem")
                row["seconds_per_problem"] = seconds_a_problem(
                    mode, stage, make_votes(shape, prompt_length, schedules, stage.batch.size, votes), stage.batch.size
                )
        found.append(row)
        if machine.on_gpu(stage.device):
            torch.cuda.empty_cache()  # what one mode held is no part of what the next one can have
    if all("error" in row for row in found):
        raise HexError(f"{shape.name}, {stage.batch.size} rows: {found[0]['error']}; use a smaller --batch-size")
    published = next((row for row in found if row["name"] == "published" and "error" not in row), None)
    for row in found:
        seconds = row.get("seconds_per_decode")
        rival = None if published is None else published["seconds_per_decode"] / published["rows"]
        row["ratio"] = rival / (seconds / row["rows"]) if rival and seconds else None
    return found


def _best_size(mode: Mode, stage: Stage, rows: list[Row]) -> int:
    """With how many rows the published loop does most a second: all of them, or fewer that fit the memory."""
    best, fastest = 1, 0.0
    for size in dict.fromkeys((len(rows), *(size for size in SMALLER if size < len(rows)))):
        with contextlib.suppress(torch.OutOfMemoryError):
            run_steps(mode, stage, rows[:size], 1)
            rate = size / run_steps(mode, stage, rows[:size], 2)[0]
            if rate > fastest:
                best, fastest = size, rate
        torch.cuda.empty_cache()
    return best


def seconds_a_problem(mode: Mode, stage: Stage, rows: Sequence[Row], problems: int) -> float:
    """Seconds that a problem takes where `rows` are the votes that all of them need."""
    run_steps(mode, stage, rows[: stage.batch.size], EVERY)  # a batch of them, so that shapes are recorded
    return run_steps(mode, stage, rows, EVERY)[0] / problems


def make_votes(
    shape: Shape, prompt_length: int, schedules: Sequence[Schedule], problems: int, votes: float
) -> list[Row]:
    """The votes that so many problems need, each `votes` on average: first votes first, as a run has them."""
    found: list[Row] = []
    left = round(problems * votes)
    for turn in range(math.ceil(votes)):
        for problem in range(min(problems, left)):
            (row,) = make_rows(shape, prompt_length, [schedules[turn % len(schedules)]], 1, problem)
            found.append(dataclasses.replace(row, noise_key=len(found)))
        left -= problems
    return found


def make_rows(
    shape: Shape, prompt_length: int, schedules: Sequence[Schedule], count: int, problem: int = 0
) -> list[Row]:
    """The votes on one problem, a prompt of random tokens, the schedules dealt out in turn."""
    draw = random.Random(problem)
    tokens = [token for token in range(min(shape.config.vocab_size, 1000)) if token != shape.mask_id]
    prompt = tuple(draw.choices(tokens, k=prompt_length))
    return [
        Row(
            prompt_ids=prompt,
            schedule=schedules[place % len(schedules)],
            noise_key=place,
            trained_block=shape.config.block_length,
        )
        for place in range(count)
    ]


def _measure(mode: Mode, stage: Stage, rows: list[Row], steps: int, profile: bool) -> dict[str, Any]:
    try:
        few = min(WARM_UP_STEPS, steps)
        run_steps(mode, stage, rows, few)
        # Shapes that recur are recorded on a GPU: in a run that is over before its first thousandth. What is compiled
        # is by now, and no part of how long a decode takes.
        engine = mode.mixed and machine.on_gpu(stage.device)
        if engine and run_steps(mode, stage, rows, few)[0] / few * rows[0].schedule.steps < QUICK:
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
