"""The options of the commands, each declared once. What their values mean is values.py."""

from pathlib import Path
from typing import Annotated

import typer

from hexcli.recipe.recipe import DTYPES, Recipe
from hexcli.schedule import FAST, KV_CACHES, REMASKING

DEFAULTS = Recipe()
DEFAULT_SCHEDULES = ",".join(DEFAULTS.schedules)

RunsArgument = Annotated[list[Path] | None, typer.Argument(help="Run folders, or folders of them.", metavar="RUNS...")]
Aggregators = Annotated[
    list[str] | None, typer.Option("--aggregator", "-a", help="Aggregator to use, repeatable; default: every one.")
]
TaskFilter = Annotated[str | None, typer.Option("--task", "-t", help="Only runs of this task.")]
OnlySchedules = Annotated[
    str | None,
    typer.Option("--schedules", help="Only votes of these schedules, e.g. 8,32 or 32@256; nothing is saved."),
]
OnlySamples = Annotated[
    int | None,
    typer.Option("--samples", min=1, help="Only the first K samples of each schedule; nothing is saved."),
]
CalibrationRun = Annotated[
    Path | None,
    typer.Option("--calibration", help="Run on labelled problems of another split, for schedule-weighted."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Device = Annotated[str, typer.Option("--device", help="auto, cpu, cuda, cuda:1, ...")]
BatchSize = Annotated[
    str, typer.Option("--batch-size", help="Rows decoded together, or auto (shrinks when memory runs out).")
]
FAST_OPTIONS = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in FAST.items())
Fast = Annotated[bool, typer.Option("--fast", help=f"Faster, with measured loss: {FAST_OPTIONS}.")]
KvCache = Annotated[
    str | None,
    typer.Option(
        "--kv-cache",
        help=f"Keep keys and values outside the current block ({', '.join(KV_CACHES)}); lossy.",
        show_default="none",
    ),
]
Refresh = Annotated[
    int | None,
    typer.Option(
        "--refresh",
        help="With --kv-cache: compute everything anew after N committed tokens.",
        metavar="N",
        show_default="where a block begins",
    ),
]
Threshold = Annotated[
    float | None,
    typer.Option(
        "--threshold", help="Commit every token of the block that has this probability; lossy.", show_default="off"
    ),
]
ModelArgs = Annotated[
    list[str] | None,
    typer.Option(
        "--model-arg",
        "-M",
        metavar="KEY=VALUE",
        help="Option of loading the model, repeatable: adapter, attn_implementation, block_length, chat_template, "
        "device_map, dtype, mask_id, revision.",
    ),
]
TrustRemoteCode = Annotated[
    bool,
    typer.Option(
        "--trust-remote-code",
        help="Run the Python code of a checkpoint whose architecture hex does not know. Only if you trust its author.",
    ),
]
UntilDecided = Annotated[
    bool,
    typer.Option(
        "--until-decided",
        help="Stop each problem where no vote that is left can change its majority. "
        "Without it, the same command decodes the others.",
    ),
]
DecideAt = Annotated[
    float | None,
    typer.Option(
        "--decide-at",
        metavar="P",
        help="Stop each problem earlier, where its leading answer leads with this posterior probability, e.g. 0.95.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say what is cached, what is to do, and its NFE. Downloads nothing.")
]
Data = Annotated[
    str | None,
    typer.Option(
        "--data", help="File with the task's rows (.jsonl, .json, .csv, .parquet) instead of its own dataset."
    ),
]
Limit = Annotated[
    str | None,
    typer.Option("--limit", "-n", help="Problems: the first N, or A-B counted from 0.", metavar="N|A-B"),
]
Schedules = Annotated[
    str, typer.Option("--schedules", "-s", help="Block lengths, or uneven blocks as 48+16, comma-separated.")
]
Task = Annotated[
    str | None,
    typer.Option("--task", "-t", help="See `hex tasks`; or the YAML file of your own.", show_default="sums"),
]
Model = Annotated[str, typer.Option("--model", "-m", help="Short name (see `hex models`), folder, or hub id.")]
Samples = Annotated[int, typer.Option("--samples", help="Generations a schedule, with seeds S, S + 1, ...")]
Seed = Annotated[int, typer.Option("--seed", help="The first seed.")]
Temperature = Annotated[float, typer.Option("--temperature", help="0 = argmax; the paper uses 0.9 with 5 samples.")]
GenLength = Annotated[
    int | None, typer.Option("--gen-length", help="Response canvas in tokens.", show_default="the model's")
]
Steps = Annotated[
    int | None,
    typer.Option(
        "--steps", help="Denoising steps in total.", show_default="half of gen-length; under a threshold all of it"
    ),
]
Remasking = Annotated[str, typer.Option("--remasking", help=f"Which tokens commit first: {', '.join(REMASKING)}.")]
CfgScale = Annotated[float, typer.Option("--cfg-scale", help="Classifier-free guidance; 0 = off.")]
Dtype = Annotated[str, typer.Option("--dtype", help=f"Of the weights: {', '.join(DTYPES)}.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Run folder.", show_default="runs/<task>-<model>-<recipe>"),
]
