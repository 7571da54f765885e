"""`hex recipes`: the recipes that come with the package."""

from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli.options import outputs
from hexcli.cli.output import print_json
from hexcli.errors import plural


def recipes(
    copy: Annotated[
        Path | None,
        typer.Option("--copy", help="Copy them into this folder, to be changed there.", metavar="FOLDER"),
    ] = None,
    as_json: outputs.Json = False,
) -> None:
    """List the recipes and custom tasks that come with hex, each with what it is and what it costs.

    `hex sweep NAME` runs a recipe; `hex decode --task FILE` decodes a custom task.
    """
    from hexcli.recipe.shipped import copy_to, shipped
    from hexcli.report.console import console

    if copy is not None:
        files = copy_to(copy)
        if as_json:
            print_json([str(path) for path in files])
        else:
            print(f"{copy}: {plural(len(files), 'file')}: hex sweep {copy / 'demo.yaml'} runs a recipe")
            print(f"a task of your own begins as hex decode --task {copy / 'custom' / 'market.yaml'}")
        return
    found = shipped().values()
    if as_json:
        print_json([{"name": f.name, "kind": f.kind, "path": str(f.path), "about": f.about} for f in found])
        return
    for one in found:
        use = f"hex sweep {one.name}" if one.kind == "recipe" else f"hex decode --task {one.path}"
        print(f"{use}\n{_wrapped(one.about, min(console().width, 80))}\n")


def _wrapped(text: str, width: int) -> str:
    import textwrap

    return textwrap.fill(text, width - 4, initial_indent="    ", subsequent_indent="    ")
