"""`hex sweep`: every run of recipe files, one after the other."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hexcli.cli import options, values
from hexcli.cli.choices import completing
from hexcli.cli.outcomes import How, outcome_row, preview_with, run_with_progress, show_outcome, show_preview
from hexcli.cli.output import print_json
from hexcli.errors import UsageError


def sweep(
    recipes: Annotated[
        list[Path],
        typer.Argument(
            help="Recipe files (YAML), or names of shipped ones: {recipes}.",
            metavar="RECIPE...",
            autocompletion=completing("recipes"),
        ),
    ],
    data: options.Data = None,
    limit: options.Limit = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", help="Override a key, repeatable: --set 'temperature=[0,0.9]'.", metavar="KEY=VALUE"),
    ] = None,
    model_args: options.ModelArgs = None,
    trust_remote_code: options.TrustRemoteCode = False,
    until_decided: options.UntilDecided = False,
    decide_at: options.DecideAt = None,
    batch_size: options.BatchSize = "auto",
    device: options.Device = "auto",
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the run folders.")] = Path("runs"),
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Decode the grid that recipes describe: a list in a recipe means one run for each value.

    All recipes are read and checked before anything is decoded; what is cached is not decoded again.
    """
    from hexcli.engine.plan import check_recipe
    from hexcli.models.options import split_pairs
    from hexcli.recipe.file import load_recipes
    from hexcli.recipe.shipped import find_recipe

    how = How(
        device=device,
        batch_size=values.batch_size(batch_size),
        trust_remote_code=trust_remote_code,
        certainty=values.certainty(until_decided, decide_at),
    )
    overrides = _overrides(assignments or [])
    if model_args:
        overrides["model_args"] = split_pairs(model_args)
    for key, value in {"data": data, "limit": limit}.items():
        if value is not None:
            overrides[key] = value
    runs = {recipe.run_name(): recipe for path in recipes for recipe in load_recipes(find_recipe(path), overrides)}
    if dry_run:
        previews = [preview_with(recipe, output / name, how) for name, recipe in runs.items()]
        if as_json:
            print_json([found.to_dict() for found in previews])
        else:
            for found in previews:
                show_preview(found, as_json=False)
        return
    for recipe in runs.values():
        check_recipe(recipe)
    outcomes = []
    try:
        for name, recipe in runs.items():
            outcome = run_with_progress(recipe, output / name, how)
            outcomes.append(outcome_row(output / name, outcome))
            if not as_json:
                show_outcome(outcomes[-1])
    finally:  # where a run fails, those before it are done
        if as_json and outcomes:
            print_json(outcomes)


def _overrides(assignments: list[str]) -> dict[str, Any]:
    """`key=value` pairs, the values read as YAML. Raises UsageError."""
    from hexcli.yaml_file import parse_yaml

    overrides = {}
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals:
            raise UsageError(f"--set takes key=value, not '{assignment}'")
        try:
            overrides[key.strip()] = parse_yaml(value)
        except ValueError as error:
            raise UsageError(f"--set {key}: {error}") from None
    return overrides
