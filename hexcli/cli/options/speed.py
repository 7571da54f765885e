"""Where and how fast it is decoded, and which votes are left out."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from hexcli.cli.options.choices import completing
from hexcli.cli.options.groups import SPEED
from hexcli.shortcuts import FAST, FAST_SAMPLED

Device = Annotated[
    str,
    typer.Option(
        "--device",
        help="auto, cpu, mps, cuda, cuda:0, ...; several with commas, a worker each. --dry-run: also a100, 4090, ...",
        metavar="NAME",
        rich_help_panel=SPEED,
    ),
]
DeviceHere = Annotated[
    str,
    typer.Option(
        "--device",
        help="auto, cpu, mps, cuda, cuda:0, ...",
        metavar="NAME",
        rich_help_panel=SPEED,
    ),
]
BatchSize = Annotated[
    str,
    typer.Option(
        "--batch-size",
        help="Rows decoded together, or auto (shrinks when memory runs out).",
        metavar="N|auto",
        rich_help_panel=SPEED,
    ),
]


def as_options(fields: Mapping[str, Any]) -> str:
    """Fields of a schedule as they are said on the command line."""
    return " ".join(f"--{name.replace('_', '-')} {value}" for name, value in fields.items())


Fast = Annotated[
    bool,
    typer.Option(
        "--fast",
        help=f"Faster, with measured loss: {as_options(FAST_SAMPLED)}; at temperature 0 --kv-cache {FAST['kv_cache']}.",
        rich_help_panel=SPEED,
    ),
]
KvCache = Annotated[
    str | None,
    typer.Option(
        "--kv-cache",
        help="Keep keys and values outside the current block: {kv_caches}; lossy.",
        metavar="KIND",
        show_default="none",
        autocompletion=completing("kv_caches"),
        rich_help_panel=SPEED,
    ),
]
Refresh = Annotated[
    str | None,
    typer.Option(
        "--refresh",
        help="With --kv-cache: compute everything anew after N committed tokens, or a share of the canvas (1/4).",
        metavar="N|A/B",
        show_default="where a block begins",
        rich_help_panel=SPEED,
    ),
]
PromptRefresh = Annotated[
    str | None,
    typer.Option(
        "--prompt-refresh",
        help="With --kv-cache: a refresh leaves the prompt out until so much is committed since it was last computed.",
        metavar="N|A/B",
        show_default="with every refresh",
        rich_help_panel=SPEED,
    ),
]
Threshold = Annotated[
    float | None,
    typer.Option(
        "--threshold",
        help="Commit every token of the block that has this probability; lossy.",
        metavar="P",
        show_default="off",
        rich_help_panel=SPEED,
    ),
]
UntilDecided = Annotated[
    bool,
    typer.Option(
        "--until-decided",
        help="Stop each problem where no vote that is left can change its majority. "
        "Without it, the same command decodes the others.",
        rich_help_panel=SPEED,
    ),
]
DecideAt = Annotated[
    float | None,
    typer.Option(
        "--decide-at",
        metavar="P",
        help="Stop each problem earlier, where its leading answer leads with this posterior probability, e.g. 0.95.",
        rich_help_panel=SPEED,
    ),
]
VoteOrder = Annotated[
    str | None,
    typer.Option(
        "--vote-order",
        metavar="LABELS",
        help="Where votes stop early: which schedules are decoded first, e.g. 64,16,4.",
        show_default="from the longest blocks down every other one",
        rich_help_panel=SPEED,
    ),
]
