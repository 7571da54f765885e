"""`hex bench`: what decoding costs, our engine beside the published loop."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hexcli.cli import options
from hexcli.errors import UsageError
from hexcli.models import DEFAULT_GEN_LENGTH
from hexcli.recipe import DTYPES, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULTS = Recipe()
# The paper's temperature and samples (arXiv 2510.05040, section 4).
TEMPERATURE, SAMPLES = 0.9, 5
SCHEDULES = {"task": "4,8,16,32,64", "shape": "8,16,32,64,128"}
PROBLEMS = "16"
# Problems that every mode decodes before any goes on: a full batch of the published loop.
CHUNK = 8
ROWS, PROMPT_LENGTH = 16, 150


def bench(
    task: Annotated[
        str | None, typer.Option("--task", "-t", help="See `hex tasks`.", show_default=DEFAULTS.task)
    ] = None,
    data: options.Data = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="See `hex models`.", show_default=DEFAULTS.model)
    ] = None,
    limit: Annotated[
        str | None,
        typer.Option("--limit", "-n", help="Problems: the first N, or A-B.", metavar="N|A-B", show_default=PROBLEMS),
    ] = None,
    schedules: Annotated[
        str | None,
        typer.Option(
            "--schedules",
            "-s",
            help="Block lengths, comma-separated.",
            show_default=" or, with --shape, ".join(SCHEDULES.values()),
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option("--samples", help="Votes a schedule.", show_default=f"{SAMPLES}, at temperature 0 one"),
    ] = None,
    temperature: Annotated[float, typer.Option("--temperature", help="0 = argmax.")] = TEMPERATURE,
    gen_length: Annotated[
        int | None,
        typer.Option(
            "--gen-length",
            help="Response canvas in tokens.",
            show_default=f"the model's; with --shape {DEFAULT_GEN_LENGTH}",
        ),
    ] = None,
    mode: Annotated[
        list[str] | None, typer.Option("--mode", help="Way of decoding, repeatable; default: every one.")
    ] = None,
    batch_size: Annotated[
        str,
        typer.Option(
            "--batch-size",
            help="Rows our engine decodes together; auto: as `hex decode`, on a GPU as many as fit. With --shape the "
            f"published loop decodes as many, and auto is {ROWS}.",
        ),
    ] = "auto",
    chunk: Annotated[
        int | None,
        typer.Option(
            "--chunk", min=CHUNK, help="Problems a mode does before the next one does them.", show_default=str(CHUNK)
        ),
    ] = None,
    shape: Annotated[
        str | None,
        typer.Option(
            "--shape", help="llada-8b, dream-7b, 13b, 70b, or the config.json of a model: measure steps only."
        ),
    ] = None,
    random_weights: Annotated[
        bool, typer.Option("--random-weights", help="Fill the shape with random weights: needs no checkpoint.")
    ] = False,
    prompt_length: Annotated[
        int | None,
        typer.Option("--prompt-length", min=1, help="Tokens of a shape's prompts.", show_default=str(PROMPT_LENGTH)),
    ] = None,
    steps_timed: Annotated[
        int | None,
        typer.Option("--steps-timed", min=1, help="Steps to time of a shape.", show_default="a whole decode"),
    ] = None,
    commits: Annotated[
        int | None,
        typer.Option(
            "--commits", help="Tokens that a step of the fast mode commits of a shape, which reaches no threshold."
        ),
    ] = None,
    device: options.Device = "auto",
    dtype: Annotated[
        str, typer.Option("--dtype", help=f"Of the weights: {', '.join(DTYPES)}; auto with --shape: bfloat16.")
    ] = DEFAULTS.dtype,
    profile: Annotated[
        bool, typer.Option("--profile", help="Also where the time goes: forward, head, sampling, host.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Measure the published decode loop and our engine on the same model, problems and machine, in one run.

    Modes: published = LLaDA's loop, one schedule after another, left-padded batches of 8; lossless = our engine;
    until-decided = the same, each problem until its majority cannot change any more; fast = with the shortcuts of
    `hex decode --fast`, every vote; fast-until-decided = both. They decode the problems in chunks, mode after mode,
    another one first each time; only decoding is timed, and nothing comes from the cache. ratio = published seconds /
    a mode's seconds.

    With --shape there is no task: step time and memory of a batch at the shape of a real model.
    """
    from hexcli.recipe_file import expand
    from hexcli.report.bench import bench_table
    from hexcli.report.tables import console

    if shape is not None:
        problems = {"--task": task, "--data": data, "--model": model, "--limit": limit, "--samples": samples,
                    "--chunk": chunk}  # fmt: skip
        _refuse(problems, "has no effect with --shape, which has no problems")
        if not random_weights:
            raise UsageError("a shape has no weights of its own: say --random-weights")
    else:
        steps = {"--random-weights": random_weights or None, "--prompt-length": prompt_length,
                 "--steps-timed": steps_timed, "--commits": commits}  # fmt: skip
        _refuse(steps, "belongs to --shape")
    if commits is not None and steps_timed is not None:
        raise UsageError("--commits decides how many steps there are: leave --steps-timed out")
    size = options.batch_size(batch_size)
    (recipe,) = expand(
        {
            "model": model or DEFAULTS.model,
            "task": task or DEFAULTS.task,
            "data": data,
            "schedules": list(options.split(schedules or SCHEDULES["task" if shape is None else "shape"])),
            "samples": _samples(samples, temperature, shape),
            "temperature": temperature,
            "gen_length": gen_length,
            "limit": limit or PROBLEMS,
            "dtype": dtype,
        }
    )
    from hexcli.bench.modes import MODES, get_mode
    from hexcli.bench.report import shape_report, task_report

    modes = {name: get_mode(name) for name in dict.fromkeys(mode or MODES)}
    if shape is not None:
        _refuse({f"--mode {name}": modes[name].counts or None for name in mode or ()}, "counts votes; a shape has none")
        modes = {name: found for name, found in modes.items() if not found.counts}
    if shape is None:
        report = task_report(
            recipe, modes, batch_size=size, chunk=chunk or CHUNK, device=device, profile=profile, note=_note
        )
    else:
        report = shape_report(
            shape,
            recipe,
            modes,
            prompt_length=prompt_length or PROMPT_LENGTH,
            steps_timed=steps_timed,
            commits=commits,
            batch_size=size or ROWS,
            device=device,
            profile=profile,
            note=_note,
        )
    if as_json:
        options.print_json(report)
    else:
        console().print(bench_table(report))


def _samples(said: int | None, temperature: float, shape: str | None) -> int:
    """Votes a schedule: at temperature 0 all would be the same; a shape has one row after another of each."""
    if said is not None:
        return said
    return SAMPLES if temperature > 0 and shape is None else 1


def _refuse(values: "Mapping[str, object]", reason: str) -> None:
    for name, value in values.items():
        if value is not None:
            raise UsageError(f"{name} {reason}: leave it out")


def _note(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
