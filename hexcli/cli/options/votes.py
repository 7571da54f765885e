"""Which runs are counted, and by whom."""

from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli.options.choices import completing
from hexcli.runs.folders import run_folder, run_folders


def _folder(said: Path | None) -> Path | None:
    """A run that is named by its name in runs/, or the hash at its end, is found there."""
    return None if said is None else run_folder(said)


def _folders(said: list[Path] | None) -> list[Path] | None:
    """Also by a pattern, in quotation marks: 'sums-*'."""
    return None if said is None else [run for one in said for run in run_folders(one)]


RunArgument = Annotated[
    Path, typer.Argument(help="A run folder, or its name in runs/.", metavar="RUN", callback=_folder)
]
RunArguments = Annotated[
    list[Path],
    typer.Argument(
        help="Run folders, their names in runs/, or patterns of these ('sums-*').", metavar="RUN...", callback=_folders
    ),
]
RunsArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Run folders, their names in runs/ or patterns of these ('sums-*'), or folders of runs.",
        metavar="RUNS...",
        callback=_folders,
    ),
]
PrunedRuns = Annotated[
    list[Path] | None,
    typer.Option(
        "--run",
        help="Only those of this run; repeated, or a pattern ('sums-*'): of several.",
        metavar="RUN",
        callback=_folders,
    ),
]
Aggregators = Annotated[
    list[str] | None,
    typer.Option(
        "--aggregator",
        "-a",
        help="Aggregators, with commas or repeated: {aggregators}; all, a row each; FILE.py:NAME, a function of yours.",
        metavar="LIST",
        show_default="every one",
        autocompletion=completing("aggregators"),
    ),
]
CalibrationRun = Annotated[
    Path | None,
    typer.Option(
        "--calibration",
        help="Run on labelled problems of another split, for schedule-weighted.",
        metavar="RUN",
        callback=_folder,
    ),
]
Answers = Annotated[
    bool,
    typer.Option("--answers", help="Also list every problem: what was voted for, by majority or the first -a."),
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
