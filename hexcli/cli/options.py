"""The options of the commands, each declared once. What their values mean is values.py; `{tasks}` and the like in a
help text are lists of choices.py, read when help is printed.
"""

from pathlib import Path
from typing import Annotated

import typer

from hexcli.cli.choices import completing
from hexcli.recipe.recipe import Recipe
from hexcli.schedule import FAST

DEFAULTS = Recipe()
DEFAULT_SCHEDULES = ",".join(DEFAULTS.schedules)

# The groups of `--help`, in their order.
PROBLEMS, MODEL, SCHEDULE, SAMPLING, SPEED, OUTPUT = "Problems", "Model", "Schedule", "Sampling", "Speed", "Output"

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
TaskFilter = Annotated[
    str | None,
    typer.Option(
        "--task", "-t", help="Only runs of this task.", metavar="NAME", autocompletion=completing("tasks"),
        rich_help_panel=PROBLEMS,
    ),
]  # fmt: skip
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
CalibrationRun = Annotated[
    Path | None,
    typer.Option(
        "--calibration", help="Run on labelled problems of another split, for schedule-weighted.", metavar="RUN"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text, for programs.", rich_help_panel=OUTPUT)]
Device = Annotated[
    str,
    typer.Option("--device", help="auto, cpu, mps, cuda, cuda:0, cuda:1, ...", metavar="NAME", rich_help_panel=SPEED),
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
FAST_OPTIONS = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in FAST.items())
Fast = Annotated[
    bool,
    typer.Option("--fast", help=f"Faster, with measured loss: {FAST_OPTIONS}.", rich_help_panel=SPEED),
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
ModelArgs = Annotated[
    list[str] | None,
    typer.Option(
        "--model-arg",
        "-M",
        metavar="KEY=VALUE",
        help="How the model is loaded, repeatable: {model_args}.",
        rich_help_panel=MODEL,
    ),
]
TrustRemoteCode = Annotated[
    bool,
    typer.Option(
        "--trust-remote-code",
        help="Run the Python code of a checkpoint whose architecture hex does not know. Only if you trust its author.",
        rich_help_panel=MODEL,
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
Live = Annotated[
    bool,
    typer.Option(
        "--live",
        help="On a terminal: show the canvases filling in side by side, and the votes.",
        rich_help_panel=OUTPUT,
    ),
]
ColourBy = Annotated[
    str,
    typer.Option(
        "--colour",
        help="What colours a token in --live and --record: step or confidence.",
        metavar="BY",
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
Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        "-y",
        help="More than a million generations: do not ask for a smaller grid.",
        rich_help_panel=OUTPUT,
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
RetryFailed = Annotated[
    bool,
    typer.Option(
        "--retry-failed",
        help="Try generations again that failed before, as where a model gave NaN.",
        rich_help_panel=OUTPUT,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Only say what is there, what is left to do, and what that takes: forward passes, time, memory, disk. "
        "Downloads nothing.",
        rich_help_panel=OUTPUT,
    ),
]
Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        help="File with the task's rows (.jsonl, .json, .csv, .parquet) instead of its own dataset.",
        metavar="FILE",
        rich_help_panel=PROBLEMS,
    ),
]
Limit = Annotated[
    str | None,
    typer.Option(
        "--limit",
        "-n",
        help="Problems: the first N, or A-B counted from 0.",
        metavar="N|A-B",
        rich_help_panel=PROBLEMS,
    ),
]
Schedules = Annotated[
    list[str] | None,
    typer.Option(
        "--schedules",
        "-s",
        help="Block lengths, with commas or repeated; 48+16 is two uneven blocks. Each may have a canvas and fields of "
        "its own: 8@64,8@128,32:remasking=entropy,16:steps=64. Fields: {fields}.",
        metavar="LIST",
        show_default=DEFAULT_SCHEDULES,
        rich_help_panel=SCHEDULE,
    ),
]
Task = Annotated[
    str | None,
    typer.Option(
        "--task",
        "-t",
        help="{tasks}; or the YAML file of a task of your own.",
        metavar="NAME|FILE",
        show_default="sums",
        autocompletion=completing("tasks"),
        rich_help_panel=PROBLEMS,
    ),
]
GradedTask = Annotated[
    str,
    typer.Option(
        "--task",
        "-t",
        help="Whose answers they are: {tasks}; or a YAML file.",
        metavar="NAME|FILE",
        autocompletion=completing("tasks"),
        rich_help_panel=PROBLEMS,
    ),
]
Model = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        help="Short name ({models}), folder, or hub id.",
        metavar="NAME",
        autocompletion=completing("models"),
        rich_help_panel=MODEL,
    ),
]
Samples = Annotated[
    int,
    typer.Option(
        "--samples",
        help="Generations a schedule, with seeds S, S + 1, ...",
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
GenLength = Annotated[
    int | None,
    typer.Option(
        "--gen-length",
        help="Response canvas in tokens.",
        metavar="N",
        show_default="the model's",
        rich_help_panel=SCHEDULE,
    ),
]
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
        help="Which tokens commit first: {remasking}.",
        metavar="RULE",
        autocompletion=completing("remasking"),
        rich_help_panel=SCHEDULE,
    ),
]
CfgScale = Annotated[
    float,
    typer.Option("--cfg-scale", help="Classifier-free guidance; 0 = off.", metavar="X", rich_help_panel=SAMPLING),
]
Dtype = Annotated[
    str,
    typer.Option(
        "--dtype",
        help="Of the weights: {dtypes}. auto = bfloat16 on a GPU, float32 on a CPU.",
        metavar="NAME",
        autocompletion=completing("dtypes"),
        rich_help_panel=MODEL,
    ),
]
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
