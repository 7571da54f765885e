"""In which blocks, steps and order a canvas is filled in."""

from typing import Annotated, Any

import typer

from hexcli.cli.options.choices import completing
from hexcli.cli.options.groups import DEFAULTS, SCHEDULE


def labels(show_default: str | bool = ",".join(DEFAULTS.schedules)) -> Any:
    """--schedules, where it says another default too."""
    return typer.Option(
        "--schedules",
        "-s",
        help="Block lengths, with commas or repeated; 48+16 is two uneven blocks. Each may have a canvas and fields of "
        "its own: 8@64,8@128,32:remasking=entropy,16:steps=64. Fields: {fields}.",
        metavar="LIST",
        show_default=show_default,
        rich_help_panel=SCHEDULE,
    )


Schedules = Annotated[list[str] | None, labels()]
OnlySchedules = Annotated[
    list[str] | None,
    typer.Option(
        "--schedules",
        "-s",
        help="Only votes of these schedules, as they are printed: 8,32@256; nothing is saved.",
        metavar="LIST",
        rich_help_panel=SCHEDULE,
    ),
]


def canvas(show_default: str | bool = "the model's") -> Any:
    """--gen-length, where it says another default too."""
    return typer.Option(
        "--gen-length",
        help="Response canvas in tokens.",
        metavar="N",
        show_default=show_default,
        rich_help_panel=SCHEDULE,
    )


GenLength = Annotated[int | None, canvas()]
Steps = Annotated[
    int | None,
    typer.Option(
        "--steps",
        help="Denoising steps in total.",
        metavar="N",
        show_default="half of gen-length; under a threshold all of it",
        rich_help_panel=SCHEDULE,
    ),
]
Remasking = Annotated[
    str,
    typer.Option(
        "--remasking",
        help="Which tokens commit first: {remasking}; or a function of your own, FILE.py:NAME.",
        metavar="RULE",
        autocompletion=completing("remasking"),
        rich_help_panel=SCHEDULE,
    ),
]
Rule = Annotated[
    list[str] | None,
    typer.Option(
        "--rule",
        help="Where a remasking rule of your own is that a run or recipe names, repeatable: FILE.py:NAME.",
        metavar="FILE.py:NAME",
        rich_help_panel=SCHEDULE,
    ),
]
