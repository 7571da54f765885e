"""`hex bench`: what decoding costs, our engine beside the published loop."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hexcli.cli import values
from hexcli.cli.bench_modes import modes_of, refuse, settings
from hexcli.cli.bench_workers import workers_report
from hexcli.cli.options import bench as bench_options
from hexcli.cli.options import outputs, problems, sampling, speed
from hexcli.cli.options.bench import CHUNK, PROBLEMS, PROMPT_LENGTH, ROWS, SAMPLES, SCHEDULES, TEMPERATURE
from hexcli.cli.options.groups import DEFAULTS
from hexcli.cli.output import print_json
from hexcli.errors import UsageError
from hexcli.report.terminal import visible
from hexcli.workers.crew import PROCESSES

if TYPE_CHECKING:
    from hexcli.recipe.recipe import Recipe


def bench(
    task: problems.Task = None,
    data: problems.Data = None,
    model: bench_options.Model = None,
    limit: bench_options.Limit = None,
    schedules: bench_options.Schedules = None,
    samples: bench_options.Samples = None,
    temperature: sampling.Temperature = TEMPERATURE,
    gen_length: bench_options.GenLength = None,
    mode: bench_options.Mode = None,
    frontier: bench_options.Frontier = False,
    decide_at: speed.DecideAt = None,
    batch_size: bench_options.BatchSize = "auto",
    chunk: bench_options.Chunk = None,
    shape: bench_options.Shape = None,
    random_weights: bench_options.RandomWeights = False,
    prompt_length: bench_options.PromptLength = None,
    steps_timed: bench_options.StepsTimed = None,
    commits: bench_options.Commits = None,
    votes: bench_options.Votes = None,
    device: speed.Device = "auto",
    dtype: bench_options.Dtype = DEFAULTS.dtype,
    profile: bench_options.Profile = False,
    workers: bench_options.Workers = None,
    engine: bench_options.Engine = None,
    yes: bench_options.Yes = False,
    as_json: outputs.Json = False,
) -> None:
    """Measure the published decode loop and our engine on the same model, problems and machine, in one run.

    Modes: published = LLaDA's loop as HEX and Fast-dLLM run it, one schedule after another, in left-padded batches (of
    8; on a GPU of the best size); published-unpadded = the same in batches of one length, as one prompt's samples are;
    published-llada = so, probabilities in the logits' type, as LLaDA's code now takes them; lossless = our engine;
    until-decided = the same, each problem until its majority cannot change any more, or to --decide-at; fast = with the
    shortcuts of `hex decode --fast`, every vote; fast-until-decided = both; parallel = `--threshold 0.97` alone, every
    vote, and parallel-until-decided. They decode the problems in chunks, mode
    after mode, another one first each time; only decoding is timed, and nothing comes from the cache. ratio = seconds
    of the fastest published mode / a mode's seconds. --frontier compares more settings, and marks the Pareto front.

    With --shape there is no task: step time and memory of the votes on one problem at the shape of a real model;
    fast-float8 = fast in 8-bit floats. likely = fast with `--kv-cache likely`. With --workers 1,2 the same rows are
    decoded by this process and by crews of workers, in turns: ratio = seconds of this process / a crew's.
    """
    from hexcli.bench.report import shape_report, task_report
    from hexcli.report.bench import bench_table
    from hexcli.report.bench_crews import crews_table
    from hexcli.report.console import console

    of_problems = {"--task": task, "--data": data, "--model": model, "--limit": limit, "--samples": samples,
                   "--chunk": chunk, "--frontier": frontier or None, "--decide-at": decide_at}  # fmt: skip
    of_shapes = {"--random-weights": random_weights or None, "--prompt-length": prompt_length, "--votes": votes,
                 "--steps-timed": steps_timed, "--commits": commits, "--yes": yes or None}  # fmt: skip
    _check(shape, of_problems, of_shapes)
    recipe = _recipe(
        {
            "model": model or DEFAULTS.model,
            "task": task or DEFAULTS.task,
            "data": data,
            "schedules": list(values.split(schedules or [_usual(shape)])),
            "samples": _samples(samples, temperature, shape),
            "temperature": temperature,
            "gen_length": gen_length,
            "limit": limit or PROBLEMS,
            "dtype": dtype,
        }
    )
    size = values.batch_size(batch_size)
    if workers is not None:
        refuse(
            {"--mode": mode, "--frontier": frontier or None, "--decide-at": decide_at, "--chunk": chunk,
             "--profile": profile or None, "--steps-timed": steps_timed, "--commits": commits, "--votes": votes},
            "has no effect with --workers, which decodes whole rows in one way",
        )  # fmt: skip
        report = workers_report(
            recipe,
            workers,
            engine or PROCESSES,
            shape=shape,
            batch_size=size,
            rows=ROWS,
            prompt_length=prompt_length or PROMPT_LENGTH,
            device=device,
        )
        if as_json:
            print_json(report)
        else:
            console().print(crews_table(report))
        return
    refuse({"--engine": engine}, "belongs to --workers")
    modes = settings(mode) if frontier else modes_of(values.split(mode), shape, device, dtype)
    if not any(one.counts for one in modes.values()):
        refuse({"--decide-at": decide_at}, "is for modes that stop where a vote is decided, and none is measured")
    if shape is None:
        report = task_report(
            recipe,
            modes,
            batch_size=size,
            chunk=chunk or CHUNK,
            device=device,
            profile=profile,
            note=_note,
            certainty=values.certainty(True, decide_at) or 1.0,
        )
    else:
        if not yes:
            _refuse_slow(shape, recipe, size or ROWS, prompt_length or PROMPT_LENGTH, device)
        report = shape_report(
            shape,
            recipe,
            modes,
            prompt_length=prompt_length or PROMPT_LENGTH,
            steps_timed=steps_timed,
            commits=commits,
            votes=votes,
            batch_size=size or ROWS,
            device=device,
            profile=profile,
            note=_note,
        )
    if as_json:
        print_json(report)
    else:
        console().print(bench_table(report))


def _check(shape: str | None, of_problems: Mapping[str, object], of_shapes: Mapping[str, object]) -> None:
    """Refuse options that have no effect. Raises UsageError."""
    if shape is None:
        refuse(of_shapes, "belongs to --shape")
        return
    refuse(of_problems, "has no effect with --shape, which has no problems")
    if of_shapes["--random-weights"] is None:
        raise UsageError("a shape has no weights of its own: say --random-weights")
    if of_shapes["--commits"] is not None and of_shapes["--steps-timed"] is not None:
        raise UsageError("--commits decides how many steps there are: leave --steps-timed out")


def _refuse_slow(shape: str, recipe: "Recipe", rows: int, prompt_length: int, device: str) -> None:
    from hexcli.bench.estimating import refuse_slow
    from hexcli.models.registry import DEFAULT_GEN_LENGTH

    longest = recipe.ensemble(DEFAULT_GEN_LENGTH)[-1]
    refuse_slow(shape, device=device, rows=rows, length=prompt_length + longest.gen_length, steps=longest.steps)


def _recipe(fields: dict[str, Any]) -> "Recipe":
    from hexcli.recipe.file import expand

    (recipe,) = expand(fields, recorded=True)  # what is measured is LLaDA's loop, of whatever model
    return recipe


def _samples(said: int | None, temperature: float, shape: str | None) -> int:
    """Votes a schedule: at temperature 0 all would be the same; a shape has one row after another of each."""
    if said is not None:
        return said
    return SAMPLES if temperature > 0 and shape is None else 1


def _usual(shape: str | None) -> str:
    """Labels of schedules, where nobody says some: a shape that sees blocks has those that fit them."""
    if shape is None:
        return SCHEDULES["task"]
    from hexcli.bench.shapes import find_shape

    return ",".join(find_shape(shape).blocks)


def _note(message: str) -> None:
    print(visible(message), file=sys.stderr, flush=True)
