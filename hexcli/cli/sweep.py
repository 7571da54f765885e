"""`hex sweep`: every run of recipe files, one after the other."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from hexcli.cli import values
from hexcli.cli.effects import (
    refuse_heat,
    refuse_idle_rules,
    refuse_idle_seed,
    refuse_idle_steps,
    refuse_idle_stop,
    refuse_overruled,
    set_once,
)
from hexcli.cli.options import models, outputs, problems, schedule, speed, workers
from hexcli.cli.options.choices import completing
from hexcli.cli.outcomes import (
    How,
    outcome_row,
    preview_with,
    require_all,
    run_with_progress,
    say_next,
    show_outcome,
    show_previews,
    stopped_run,
)
from hexcli.cli.output import print_json, tell
from hexcli.cli.stopping import StoppedError, stopped, telling
from hexcli.errors import UsageError
from hexcli.labels import FIELDS, SAMPLES


def sweep(
    recipes: Annotated[
        list[Path],
        typer.Argument(
            help="Recipe files (YAML), names of shipped ones: {recipes}; or run folders, to repeat or finish.",
            metavar="RECIPE...",
            autocompletion=completing("recipes"),
        ),
    ],
    task: problems.RunTask = None,
    data: problems.Data = None,
    prompts: problems.Prompts = None,
    fewshot: problems.Fewshot = None,
    fewshot_data: problems.FewshotData = None,
    fewshot_seed: problems.FewshotSeed = None,
    limit: problems.Limit = None,
    shard: problems.Shard = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", help="Override a key, repeatable: --set 'temperature=[0,0.9]'.", metavar="KEY=VALUE"),
    ] = None,
    rule: schedule.Rule = None,
    model_args: models.ModelArgs = None,
    trust_remote_code: models.TrustRemoteCode = False,
    fast: speed.Fast = False,
    until_decided: speed.UntilDecided = False,
    decide_at: speed.DecideAt = None,
    vote_order: speed.VoteOrder = None,
    batch_size: speed.BatchSize = "auto",
    device: speed.Device = "auto",
    worker_count: workers.Workers = None,
    engine: workers.Engine = workers.DEFAULT_ENGINE,
    gpus_per_worker: workers.GpusPerWorker = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the run folders.", show_default="runs")
    ] = None,
    record_steps: outputs.RecordSteps = False,
    retry_failed: outputs.RetryFailed = False,
    yes: outputs.Yes = False,
    dry_run: outputs.DryRun = False,
    as_json: outputs.Json = False,
) -> None:
    """Decode the grid that recipes describe: a list in a recipe means one run for each value.

    A run folder in place of a recipe is repeated as it was asked for, and finished where it is not.
    All recipes are read and checked before anything is decoded; what is cached is not decoded again.
    """
    from hexcli.engine.plan import check_recipe
    from hexcli.engine.repeating import parts
    from hexcli.models.options import split_pairs
    from hexcli.plugins.held import register_task_of_any, register_tasks, require_of
    from hexcli.plugins.registering import register_rules, require_rules

    said: dict[str, object] = {"data": data, "limit": limit, "shard": shard, "prompts": values.prompts(prompts)}
    said |= {"fewshot": fewshot, "fewshot_data": fewshot_data, "fewshot_seed": fewshot_seed}
    said |= {"record_steps": record_steps or None, "model_args": split_pairs(model_args) if model_args else None}
    overrides = set_once(_assigned(assignments or []), said)
    require_rules(rule or ())
    register_rules([*(rule or ()), overrides.get("remasking")])
    register_tasks(overrides.get("task"))
    register_task_of_any(task)
    runs = parts(recipes, overrides, output, agreed=yes, fast=fast)
    require_of(task, {part.recipe.task for part in runs})
    if rule:
        refuse_idle_rules(rule, {one.certainty for part in runs for one in check_recipe(part.recipe)})
    for part in runs:
        refuse_overruled(part.recipe, {*FIELDS, SAMPLES} & set(overrides), "--set {name}={value}")
        refuse_heat(part.recipe)
        if "seed" in overrides:
            refuse_idle_seed(part.recipe, by_set=True)
        if "steps" in overrides:
            refuse_idle_steps(part.recipe, by_set=True)
    certainty = values.certainty(until_decided, decide_at)
    refuse_idle_stop([part.recipe for part in runs], certainty)
    labels = [label for part in runs for label in part.recipe.schedules]
    crew, device = values.crew_of(worker_count, engine, gpus_per_worker, device, dry=dry_run)
    how = How(
        device=device,
        crew=crew,
        batch_size=values.batch_size(batch_size),
        trust_remote_code=trust_remote_code,
        certainty=certainty,
        vote_order=values.vote_order(vote_order, labels, until_decided or decide_at is not None),
        retry_failed=retry_failed,
    )
    if dry_run:
        previews = [preview_with(part.recipe, part.path, how, problems=part.problems) for part in runs]
        show_previews(previews, as_json)
        return
    outcomes = []
    try:
        for number, part in enumerate(runs, start=1):
            with telling(partial(stopped_run, part.path)):
                if len(runs) > 1:
                    tell(f"run {number} of {len(runs)}: {part.path}")
                outcome = run_with_progress(part.recipe, part.path, how, problems=part.problems)
                outcomes.append(outcome_row(part.path, outcome))
                if not as_json:
                    show_outcome(outcomes[-1])
        if not as_json:
            say_next(list(dict.fromkeys(part.path for part in runs)))
    except StoppedError as stop:
        raise stopped(f"in {outcomes[-1]['run']}") from None if stop.empty and outcomes else stop
    finally:  # where a run fails, those before it are done
        if as_json and outcomes:
            print_json(outcomes)
    require_all(outcomes)


def _assigned(assignments: list[str]) -> list[tuple[str, Any]]:
    """`key=value` pairs, the values read as YAML. Raises UsageError."""
    from hexcli.yaml_file import parse_yaml

    found = []
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"--set takes key=value, not '{assignment}'")
        if not value.strip():
            raise UsageError(f"--set {assignment} has no value: write one, or {assignment.strip()}null for none")
        try:
            found.append((key.strip(), parse_yaml(value)))
        except ValueError as error:
            raise UsageError(f"--set {key}: {error}") from None
    return found
