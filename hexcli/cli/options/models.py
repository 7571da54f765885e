"""Whose generations: the model, and how it is loaded."""

from typing import Annotated, Any

import typer

from hexcli.cli.options.choices import completing
from hexcli.cli.options.groups import MODEL


def named(show_default: str | bool = True) -> Any:
    """--model, where it says another default too."""
    return typer.Option(
        "--model",
        "-m",
        help="Short name ({models}), folder, or hub id.",
        metavar="NAME",
        autocompletion=completing("models"),
        rich_help_panel=MODEL,
        show_default=show_default,
    )


Model = Annotated[str, named()]
ModelArgs = Annotated[
    list[str] | None,
    typer.Option(
        "--model-arg",
        "-M",
        metavar="KEY=VALUE",
        help="How the model is loaded, repeatable: {model_args}.",
        rich_help_panel=MODEL,
    ),
]
TrustRemoteCode = Annotated[
    bool,
    typer.Option(
        "--trust-remote-code",
        help="Run the Python code of a checkpoint whose architecture hex does not know. Only if you trust its author.",
        rich_help_panel=MODEL,
    ),
]
Dtype = Annotated[
    str,
    typer.Option(
        "--dtype",
        help="Of the weights: {dtypes}. auto = bfloat16 on a GPU, float32 on a CPU.",
        metavar="NAME",
        autocompletion=completing("dtypes"),
        rich_help_panel=MODEL,
    ),
]
