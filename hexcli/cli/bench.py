"""`hex bench`: what decoding costs, our engine beside the published loop."""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hexcli.cli import values
from hexcli.cli.bench_modes import check_names, modes_of, refuse, settings
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
    from rich.console import RenderableType

    from hexcli.bench.modes import Mode
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
    device: speed.DeviceHere = "auto",
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
    fast-float8 = fast in 8-bit floats. open, likely = fast with that `--kv-cache`, at any temperature. With --workers
    1,2 the same rows are decoded by this process and by crews of workers, in turns: ratio = seconds of this process / a
    crew's.
    """
    from hexcli.report.bench import bench_table
    from hexcli.report.bench_crews import crews_table

    check_names(values.split(mode), shape, task, workers)
    values.certainty(False, decide_at)
    of_problems = {"--task": task, "--data": data, "--model": model, "--limit": limit, "--samples": samples,
                   "--chunk": chunk, "--frontier": frontier or None, "--decide-at": decide_at}  # fmt: skip
    of_shapes = {"--random-weights": random_weights or None, "--prompt-length": prompt_length, "--votes": votes,
                 "--steps-timed": steps_timed, "--commits": commits, "--yes": yes or None}  # fmt: skip
    _check(shape, of_problems, of_shapes)
    refuse({"--engine": engine if workers is None else None}, "belongs to --workers")
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
    size, length = values.batch_size(batch_size), prompt_length or PROMPT_LENGTH
    if workers is not None:
        of_modes = {"--mode": mode, "--frontier": frontier or None, "--decide-at": decide_at, "--chunk": chunk,
                    "--profile": profile or None, "--steps-timed": steps_timed, "--commits": commits,
                    "--votes": votes}  # fmt: skip
        refuse(of_modes, "has no effect with --workers, which decodes whole rows in one way")
        crew = engine or PROCESSES
        report = workers_report(
            recipe, workers, crew, shape=shape, batch_size=size, rows=ROWS, prompt_length=length, device=device
        )
        _print(report, crews_table, as_json)
        return
    modes = settings(mode) if frontier else modes_of(values.split(mode), shape, device, dtype)
    _check_certainty(modes, decide_at)
    if shape is None:
        from hexcli.bench.report import task_report

        certainty = values.certainty(False, decide_at) or 1.0
        report = task_report(
            recipe, modes, batch_size=size, chunk=chunk or CHUNK, device=device, profile=profile, note=_note,
            certainty=certainty,
        )  # fmt: skip
    else:
        from hexcli.bench.shape_report import shape_report

        if not yes:
            _refuse_slow(shape, recipe, size or ROWS, length, device)
        report = shape_report(
            shape, recipe, modes, prompt_length=length, steps_timed=steps_timed, commits=commits, votes=votes,
            batch_size=size or ROWS, device=device, profile=profile, note=_note,
        )  # fmt: skip
    _print(report, bench_table, as_json)


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


def _check_certainty(modes: "Mapping[str, Mode]", decide_at: float | None) -> None:
    """Refuse a certainty where no mode stops at one. Raises UsageError."""
    if not any(one.counts for one in modes.values()):
        refuse({"--decide-at": decide_at}, "is for modes that stop where a vote is decided, and none is measured")


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


def _print(report: dict[str, Any], table: "Callable[[dict[str, Any]], RenderableType]", as_json: bool) -> None:
    """The report on stdout, as JSON or as this table of it."""
    from hexcli.report.console import console

    if as_json:
        print_json(report)
    else:
        console().print(table(report))


def _note(message: str) -> None:
    print(visible(message), file=sys.stderr, flush=True)
