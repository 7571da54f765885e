"""`hex decode`: generate under several schedules, into the cache and a run folder."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli import options
from hexcli.cli.outcomes import How, outcome_row, preview_with, run_with_progress, show_outcome, show_preview
from hexcli.errors import UsageError
from hexcli.recipe import DTYPES, Recipe
from hexcli.schedule import REMASKING

DEFAULTS = Recipe()
# Problems taken where neither a task nor a limit is named: enough to see, seconds to decode.
FIRST_PROBLEMS = "50"


def decode(
    prompt: Annotated[str | None, typer.Argument(help="A prompt of your own, instead of a task.")] = None,
    schedules: Annotated[
        str, typer.Option("--schedules", "-s", help="Block lengths, or uneven blocks as 48+16, comma-separated.")
    ] = ",".join(DEFAULTS.schedules),
    task: Annotated[
        str | None,
        typer.Option("--task", "-t", help="See `hex tasks`; or the YAML file of your own.", show_default="sums"),
    ] = None,
    data: options.Data = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="Short name (see `hex models`), folder, or hub id.")
    ] = DEFAULTS.model,
    model_args: options.ModelArgs = None,
    trust_remote_code: options.TrustRemoteCode = False,
    limit: options.Limit = None,
    samples: Annotated[
        int, typer.Option("--samples", help="Generations a schedule, with seeds S, S + 1, ...")
    ] = DEFAULTS.samples,
    seed: Annotated[int, typer.Option("--seed", help="The first seed.")] = DEFAULTS.seed,
    temperature: Annotated[
        float, typer.Option("--temperature", help="0 = argmax; the paper uses 0.9 with 5 samples.")
    ] = DEFAULTS.temperature,
    gen_length: Annotated[
        int | None, typer.Option("--gen-length", help="Response canvas in tokens.", show_default="the model's")
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            "--steps", help="Denoising steps in total.", show_default="half of gen-length; under a threshold all of it"
        ),
    ] = None,
    remasking: Annotated[
        str, typer.Option("--remasking", help=f"Which tokens commit first: {', '.join(REMASKING)}.")
    ] = DEFAULTS.remasking,
    cfg_scale: Annotated[
        float, typer.Option("--cfg-scale", help="Classifier-free guidance; 0 = off.")
    ] = DEFAULTS.cfg_scale,
    fast: options.Fast = False,
    kv_cache: options.KvCache = None,
    refresh: options.Refresh = None,
    threshold: options.Threshold = None,
    until_decided: options.UntilDecided = False,
    decide_at: options.DecideAt = None,
    batch_size: options.BatchSize = "auto",
    device: options.Device = "auto",
    dtype: Annotated[str, typer.Option("--dtype", help=f"Of the weights: {', '.join(DTYPES)}.")] = DEFAULTS.dtype,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Run folder.", show_default="runs/<task>-<model>-<recipe>"),
    ] = None,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Decode a task, or one prompt, under several block schedules.

    Every generation is cached by (model, prompt, schedule): none is ever decoded twice, and an interrupted
    command goes on where it stopped. With neither PROMPT nor --task, the embedded model decodes the first 50
    problems of the embedded task.
    """
    from hexcli.models.options import split_pairs
    from hexcli.recipe_file import expand

    if prompt is not None and data is not None:
        raise UsageError("--data takes the problems of a task, and a prompt of your own is one: leave one out")
    first = FIRST_PROBLEMS if task is None and prompt is None else None
    (recipe,) = expand(
        {
            "model": model,
            "task": task or ("prompt" if prompt is not None else DEFAULTS.task),
            "data": data,
            "schedules": list(options.split(schedules)),
            "gen_length": gen_length,
            "steps": steps,
            "remasking": remasking,
            "temperature": temperature,
            "cfg_scale": cfg_scale,
            **options.shortcuts(fast, kv_cache, refresh, threshold),
            "samples": samples,
            "seed": seed,
            "limit": first if limit is None else limit,
            "dtype": dtype,
            "model_args": split_pairs(model_args or ()),
        }
    )
    how = How(
        device=device,
        batch_size=options.batch_size(batch_size),
        trust_remote_code=trust_remote_code,
        certainty=options.certainty(until_decided, decide_at),
    )
    path = output or Path("runs") / recipe.run_name()
    if prompt is None:
        _decode_task(recipe, path, how, dry_run, as_json)
    elif limit is not None:
        raise UsageError("--limit takes problems of a task, and a prompt of your own is none: leave one out")
    else:
        _decode_prompt(recipe, prompt, output, how, dry_run, as_json)


def _decode_task(recipe: Recipe, path: Path, how: How, dry_run: bool, as_json: bool) -> None:
    if dry_run:
        show_preview(preview_with(recipe, path, how), as_json)
        return
    row = outcome_row(path, run_with_progress(recipe, path, how))
    if as_json:
        options.print_json(row)
    else:
        show_outcome(row)


def _decode_prompt(recipe: Recipe, prompt: str, output: Path | None, how: How, dry_run: bool, as_json: bool) -> None:
    from hexcli.ballots import cast
    from hexcli.engine.plan import check_recipe
    from hexcli.engine.running import decode_problems
    from hexcli.records import Problem
    from hexcli.report.progress import meter
    from hexcli.report.tables import ballot_text
    from hexcli.runs import Run
    from hexcli.tasks import get_task

    if not prompt.strip():
        raise UsageError("the prompt is empty")
    if not prompt.isprintable() and any("\ud800" <= char <= "\udfff" for char in prompt):
        raise UsageError("the prompt is not valid UTF-8 text")
    problem = Problem(id=f"prompt-{hashlib.sha256(prompt.encode()).hexdigest()[:8]}", question=prompt)
    if dry_run:
        path = output or Path("runs") / recipe.run_name()
        show_preview(preview_with(recipe, path, how, problems=[problem]), as_json)
        return
    if output is None:
        with meter() as watcher:
            generations = decode_problems(
                recipe,
                [problem],
                device=how.device,
                batch_size=how.batch_size,
                trust_remote_code=how.trust_remote_code,
                certainty=how.certainty,
                watcher=watcher,
                warn=options.warn,
            )
    else:
        run_with_progress(recipe, output, how, problems=[problem])
        kept = Run.read(output, warn=options.warn).generations
        generations = [generation for generation in kept if generation.problem == problem]
    task = get_task(recipe.task)
    ballot = cast(generations, task)
    decision = ballot.decide("majority")
    not_needed = max(len(check_recipe(recipe)) - len(ballot.votes), 0)
    if as_json:
        rows = [
            {**generation.to_row(), "answer": vote.answer}
            for generation, vote in zip(ballot.generations, ballot.votes, strict=True)
        ]
        options.print_json(
            {"answer": decision.answer, "tie": decision.tie, "not_needed": not_needed, "generations": rows}
        )
    else:
        print(ballot_text(ballot, decision, "majority") + (f"; {not_needed} not needed" if not_needed else ""))
