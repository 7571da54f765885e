"""Which runs are counted, and by whom."""

from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli.options.choices import completing

RunsArgument = Annotated[list[Path] | None, typer.Argument(help="Run folders, or folders of them.", metavar="RUNS...")]
Aggregators = Annotated[
    list[str] | None,
    typer.Option(
        "--aggregator",
        "-a",
        help="Aggregators, with commas or repeated: {aggregators}.",
        metavar="LIST",
        show_default="every one",
        autocompletion=completing("aggregators"),
    ),
]
CalibrationRun = Annotated[
    Path | None,
    typer.Option(
        "--calibration", help="Run on labelled problems of another split, for schedule-weighted.", metavar="RUN"
    ),
]
