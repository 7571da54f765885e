"""`hex recipes`: the recipes that come with the package."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hexcli.cli.options import outputs
from hexcli.cli.options.choices import completing
from hexcli.cli.output import print_json
from hexcli.errors import UsageError, plural, unknown

if TYPE_CHECKING:
    from hexcli.recipe.shipped import Shipped


def recipes(
    recipe: Annotated[
        str | None,
        typer.Argument(
            help="Show this one: what it claims, what it costs, its keys.",
            autocompletion=completing("recipes"),
            metavar="[RECIPE]",
        ),
    ] = None,
    copy: Annotated[
        Path | None,
        typer.Option("--copy", help="Copy them into this folder, to be changed there.", metavar="FOLDER"),
    ] = None,
    as_json: outputs.Json = False,
) -> None:
    """List the recipes and custom tasks that come with hex, or show one: what it claims and what it costs.

    `hex sweep NAME` runs a recipe; `hex decode --task FILE` decodes a custom task.
    """
    from hexcli.recipe.shipped import shipped

    if copy is not None:
        if recipe is not None:
            raise UsageError(f"--copy copies all of them: hex recipes --copy {copy}")
        _copied(copy, as_json)
        return
    found = shipped()
    if recipe is not None and recipe not in found and Path(recipe).is_file():
        raise UsageError(f"'{recipe}' is a file, and none of hex's recipes: hex sweep {recipe} --dry-run plans it")
    if recipe is not None and recipe not in found:
        raise unknown("recipe", recipe, found)
    chosen = list(found.values()) if recipe is None else [found[recipe]]
    if as_json:
        print_json([one.to_dict() for one in chosen])
    elif recipe is None:
        _list(chosen)
    else:
        _one(chosen[0])


def _copied(folder: Path, as_json: bool) -> None:
    from hexcli.recipe.shipped import copy_to
    from hexcli.runs.rows import MANIFEST

    if (run := next((one for one in (folder, *folder.parents) if (one / MANIFEST).is_file()), None)) is not None:
        raise UsageError(f"'{run}' is a run folder, and recipes are no part of one: --copy recipes takes a new folder")
    if next(folder.glob(f"*/{MANIFEST}"), None) is not None:
        raise UsageError(f"'{folder}' holds runs, and recipes are none: --copy recipes takes a folder of its own")
    files = copy_to(folder)
    if as_json:
        print_json([str(path) for path in files])
        return
    print(f"{folder}: {plural(len(files), 'file')}: hex sweep {folder / 'demo.yaml'} runs a recipe")
    print(f"a task of your own begins as hex decode --task {folder / 'custom' / 'market.yaml'}")


def _list(found: "Sequence[Shipped]") -> None:
    """A line a recipe: what it decodes, and what that costs at most."""
    from hexcli.models.registry import MODELS
    from hexcli.recipe.file import load_recipes
    from hexcli.report.console import console
    from hexcli.report.sheet import Column, Sheet

    sheet = Sheet(tuple(map(Column, ("recipe", "model", "task", "blocks", "votes", "NFE"))))
    for one in (one for one in found if one.kind == "recipe"):
        for recipe in load_recipes(one.path):
            ensemble = recipe.ensemble(MODELS[recipe.model].gen_length)
            nfe = sum(schedule.steps for schedule in ensemble)
            cells = (recipe.model, recipe.task, ",".join(recipe.schedules), str(len(ensemble)), f"{nfe:,}")
            sheet.add_row(one.name, *cells)
    console().print(sheet)
    print("NFE: forward passes a problem, at most")
    print("what one claims and costs: hex recipes RECIPE")
    print(f"a task of one's own: hex recipes {' '.join(one.name for one in found if one.kind == 'task')}")


def _one(one: "Shipped") -> None:
    """The comment that a file opens with, and the rest of it."""
    import textwrap

    from hexcli.report.console import console

    print(textwrap.fill(one.about, min(console().width, 80)), end="\n\n")
    lines = one.path.read_text(encoding="utf-8").splitlines()
    print("\n".join(f"    {line}" for line in lines if not line.startswith("#")), end="\n\n")
    print(f"hex sweep {one.name}" if one.kind == "recipe" else f"hex decode --task {one.path}")
