"""The options of `decode` and `sweep` about who decodes: workers, their engine, their GPUs."""

from typing import Annotated

import typer

from hexcli.cli.options import SPEED
from hexcli.errors import UsageError, unknown
from hexcli.workers.crew import ENGINES, PROCESSES, RAY, Crew, check_count, device_list

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


def crew_of(workers: int | None, engine: str, gpus: int | None, device: str, *, live: bool = False) -> tuple[Crew, str]:
    """Who decodes, and the device of the run. Raises UsageError where the options contradict each other."""
    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES)
    devices = device_list(device)
    check_count(workers, devices if len(devices) > 1 else ())
    if engine == RAY and len(devices) > 1:
        raise UsageError(f"with --engine ray, Ray places the workers: --device auto, cpu or cuda, not '{device}'")
    crew = Crew(count=workers, engine=engine, devices=devices if len(devices) > 1 else (), gpus=gpus)
    if live and not crew.alone:
        raise UsageError("--live shows the batch of one process: leave out --workers and --engine, or --live")
    return crew, devices[0]


DEFAULT_ENGINE = PROCESSES
