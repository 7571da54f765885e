"""The options of `hex bench`, and their defaults."""

from typing import Annotated

import typer

from hexcli.cli.options import models, problems, sampling, schedule
from hexcli.cli.options.choices import completing
from hexcli.cli.options.groups import DEFAULTS, MODEL, SPEED
from hexcli.models.registry import DEFAULT_GEN_LENGTH

MEASURE, SHAPE = "Measuring", "Measuring a shape"

# The paper's temperature and samples (arXiv 2510.05040, section 4).
TEMPERATURE, SAMPLES = 0.9, 5
SCHEDULES = {"task": "4,8,16,32,64", "shape": "8,16,32,64,128"}
PROBLEMS = "16"
# Problems that every mode decodes before any goes on: a full batch of the published loop.
CHUNK = 8
ROWS, PROMPT_LENGTH = 16, 150

# As `hex decode` has them, but for a default that depends on --shape, or is another.
Model = Annotated[str | None, models.named(show_default=DEFAULTS.model)]
Limit = Annotated[str | None, problems.limited(show_default=PROBLEMS)]
Schedules = Annotated[list[str] | None, schedule.labels(show_default=" or, with --shape, ".join(SCHEDULES.values()))]
Samples = Annotated[int | None, sampling.repeated(show_default=f"{SAMPLES}, at temperature 0 one")]
GenLength = Annotated[int | None, schedule.canvas(show_default=f"the model's; with --shape {DEFAULT_GEN_LENGTH}")]
Mode = Annotated[
    list[str] | None,
    typer.Option(
        "--mode",
        help="Ways of decoding, with commas or repeated: {modes}.",
        metavar="LIST",
        show_default="every one",
        autocompletion=completing("modes"),
        rich_help_panel=MEASURE,
    ),
]
Frontier = Annotated[
    bool,
    typer.Option(
        "--frontier",
        help="Instead of modes, settings of the engine: accuracy against NFE, tokens and seconds, the front marked.",
        rich_help_panel=MEASURE,
    ),
]
BatchSize = Annotated[
    str,
    typer.Option(
        "--batch-size",
        help="Rows our engine decodes together; auto: as `hex decode`, on a GPU as many as fit. With --shape the "
        f"published loop decodes as many, and auto is {ROWS}.",
        metavar="N|auto",
        rich_help_panel=SPEED,
    ),
]
Chunk = Annotated[
    int | None,
    typer.Option(
        "--chunk",
        min=CHUNK,
        help="Problems a mode does before the next one does them.",
        metavar="N",
        show_default=str(CHUNK),
        rich_help_panel=MEASURE,
    ),
]
Shape = Annotated[
    str | None,
    typer.Option(
        "--shape",
        help="{shapes}, or the config.json of a model: measure steps only.",
        metavar="NAME|FILE",
        autocompletion=completing("shapes"),
        rich_help_panel=SHAPE,
    ),
]
RandomWeights = Annotated[
    bool,
    typer.Option(
        "--random-weights", help="Fill the shape with random weights: needs no checkpoint.", rich_help_panel=SHAPE
    ),
]
PromptLength = Annotated[
    int | None,
    typer.Option(
        "--prompt-length",
        min=1,
        help="Tokens of a shape's prompts.",
        metavar="N",
        show_default=str(PROMPT_LENGTH),
        rich_help_panel=SHAPE,
    ),
]
StepsTimed = Annotated[
    int | None,
    typer.Option(
        "--steps-timed",
        min=1,
        help="Steps to time of a shape.",
        metavar="N",
        show_default="a whole decode",
        rich_help_panel=SHAPE,
    ),
]
Commits = Annotated[
    int | None,
    typer.Option(
        "--commits",
        help="Tokens that a step of the fast mode commits of a shape, which reaches no threshold.",
        metavar="N",
        rich_help_panel=SHAPE,
    ),
]
Votes = Annotated[
    float | None,
    typer.Option(
        "--votes",
        min=1.0,
        help="Votes that a problem takes of a shape until it is decided, on average: also what that takes, beside one "
        "published decode.",
        metavar="X",
        rich_help_panel=SHAPE,
    ),
]
Dtype = Annotated[
    str,
    typer.Option(
        "--dtype",
        help="Of the weights: {dtypes}; auto with --shape: bfloat16.",
        metavar="NAME",
        autocompletion=completing("dtypes"),
        rich_help_panel=MODEL,
    ),
]
Workers = Annotated[
    str | None,
    typer.Option(
        "--workers",
        help="Instead of modes: so many workers beside one process, e.g. 1,2; on --device cuda:0,cuda:1, ...",
        metavar="LIST",
        rich_help_panel=MEASURE,
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        help="With --workers: what they are, processes or ray.",
        metavar="NAME",
        show_default="processes",
        rich_help_panel=MEASURE,
    ),
]
Profile = Annotated[
    bool,
    typer.Option("--profile", help="Also where the time goes: forward, head, sampling, host.", rich_help_panel=MEASURE),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="A large shape on a CPU: do not ask.", rich_help_panel=SHAPE)]
