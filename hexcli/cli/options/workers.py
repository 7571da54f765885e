"""Who decodes: workers, their engine, their GPUs."""

from typing import Annotated

import typer

from hexcli.cli.options.groups import SPEED
from hexcli.workers.crew import PROCESSES

DEFAULT_ENGINE = PROCESSES
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        help="Processes that decode side by side: one a GPU, or on a CPU so many that share its cores.",
        metavar="N",
        show_default="one for each --device",
        rich_help_panel=SPEED,
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        help="What the workers are: processes of this machine, or ray: actors of the Ray cluster of $RAY_ADDRESS, or "
        "of one on this machine.",
        metavar="NAME",
        rich_help_panel=SPEED,
    ),
]
GpusPerWorker = Annotated[
    int | None,
    typer.Option(
        "--gpus-per-worker",
        min=1,
        help="For a model too large for one GPU: its layers are spread over so many.",
        metavar="K",
        show_default="1",
        rich_help_panel=SPEED,
    ),
]
