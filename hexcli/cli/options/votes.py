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
Together = Annotated[
    bool,
    typer.Option("--together", help="One election of all the runs, which become a joint run (docs/joint.md)."),
]
Copy = Annotated[bool, typer.Option("--copy", help="With --together: copy the generations into the joint run.")]
JointRun = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", help="With --together: the joint run.", metavar="RUN", show_default="runs/<task>-joint-<hash>"
    ),
]
