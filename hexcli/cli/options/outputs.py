"""Where results go, and what is shown, said or asked on the way."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli.options.groups import OUTPUT


class Format(StrEnum):
    """How results are written: for people, for a paper, or for a program."""

    table = "table"
    markdown = "markdown"
    latex = "latex"
    csv = "csv"
    json = "json"


Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Run folder; one that is there is added to.",
        metavar="RUN",
        show_default="runs/<task>-<model>-<recipe>",
        rich_help_panel=OUTPUT,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text, for programs.", rich_help_panel=OUTPUT)]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Only say what is there, what is left to do, and what that takes: forward passes, time, memory, disk. "
        "Downloads nothing.",
        rich_help_panel=OUTPUT,
    ),
]
ShowPrompt = Annotated[
    bool,
    typer.Option(
        "--show-prompt",
        help="Only print the first problem's prompt as the model gets it, examples and chat template included.",
        rich_help_panel=OUTPUT,
    ),
]
Live = Annotated[
    bool,
    typer.Option(
        "--live",
        help="On a terminal: show the canvases filling in side by side, and the votes.",
        rich_help_panel=OUTPUT,
    ),
]
ColourBy = Annotated[
    str | None,
    typer.Option(
        "--colour",
        help="What colours a token in --live and --record: step or confidence.",
        metavar="BY",
        show_default="step",
        rich_help_panel=OUTPUT,
    ),
]
Record = Annotated[
    Path | None,
    typer.Option(
        "--record",
        help="Keep how the (first) problem was decoded, as an animated .svg, .gif or .html.",
        metavar="FILE",
        rich_help_panel=OUTPUT,
    ),
]
RecordSteps = Annotated[
    bool,
    typer.Option(
        "--record-steps",
        help="Record what each text would have been after each step, for the temporal vote (hex vote -a temporal).",
        rich_help_panel=OUTPUT,
    ),
]
RetryFailed = Annotated[
    bool,
    typer.Option(
        "--retry-failed",
        help="Try generations again that failed before, as where a model gave NaN.",
        rich_help_panel=OUTPUT,
    ),
]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        "-y",
        help="More than a million generations: do not ask for a smaller grid.",
        rich_help_panel=OUTPUT,
    ),
]
