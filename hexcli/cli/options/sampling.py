"""How many generations a schedule, and how their tokens are drawn."""

from typing import Annotated, Any

import typer

from hexcli.cli.options.groups import SAMPLING


def repeated(show_default: str | bool = True) -> Any:
    """--samples, where it says another default too."""
    return typer.Option(
        "--samples",
        help="Generations a schedule, with seeds S, S + 1, ...",
        metavar="K",
        rich_help_panel=SAMPLING,
        show_default=show_default,
    )


Samples = Annotated[int, repeated()]
OnlySamples = Annotated[
    int | None,
    typer.Option(
        "--samples",
        min=1,
        help="Only the first K samples of each schedule; nothing is saved.",
        metavar="K",
        rich_help_panel=SAMPLING,
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="The first seed.", metavar="S", rich_help_panel=SAMPLING)]
Temperature = Annotated[
    float,
    typer.Option(
        "--temperature",
        help="0 = the likeliest token; the paper uses 0.9 with 5 samples.",
        metavar="T",
        rich_help_panel=SAMPLING,
    ),
]
CfgScale = Annotated[
    float,
    typer.Option("--cfg-scale", help="Classifier-free guidance; 0 = off.", metavar="X", rich_help_panel=SAMPLING),
]
