"""The options of `hex bench`, and their defaults."""

from typing import Annotated

import typer

from hexcli.cli.options import DEFAULTS
from hexcli.models.registry import DEFAULT_GEN_LENGTH
from hexcli.recipe.recipe import DTYPES

# The paper's temperature and samples (arXiv 2510.05040, section 4).
TEMPERATURE, SAMPLES = 0.9, 5
SCHEDULES = {"task": "4,8,16,32,64", "shape": "8,16,32,64,128"}
PROBLEMS = "16"
# Problems that every mode decodes before any goes on: a full batch of the published loop.
CHUNK = 8
ROWS, PROMPT_LENGTH = 16, 150

Task = Annotated[str | None, typer.Option("--task", "-t", help="See `hex tasks`.", show_default=DEFAULTS.task)]
Model = Annotated[str | None, typer.Option("--model", "-m", help="See `hex models`.", show_default=DEFAULTS.model)]
Limit = Annotated[
    str | None,
    typer.Option("--limit", "-n", help="Problems: the first N, or A-B.", metavar="N|A-B", show_default=PROBLEMS),
]
Schedules = Annotated[
    str | None,
    typer.Option(
        "--schedules",
        "-s",
        help="Block lengths, comma-separated.",
        show_default=" or, with --shape, ".join(SCHEDULES.values()),
    ),
]
Samples = Annotated[
    int | None,
    typer.Option("--samples", help="Votes a schedule.", show_default=f"{SAMPLES}, at temperature 0 one"),
]
Temperature = Annotated[float, typer.Option("--temperature", help="0 = argmax.")]
GenLength = Annotated[
    int | None,
    typer.Option(
        "--gen-length",
        help="Response canvas in tokens.",
        show_default=f"the model's; with --shape {DEFAULT_GEN_LENGTH}",
    ),
]
Mode = Annotated[list[str] | None, typer.Option("--mode", help="Way of decoding, repeatable; default: every one.")]
BatchSize = Annotated[
    str,
    typer.Option(
        "--batch-size",
        help="Rows our engine decodes together; auto: as `hex decode`, on a GPU as many as fit. With --shape the "
        f"published loop decodes as many, and auto is {ROWS}.",
    ),
]
Chunk = Annotated[
    int | None,
    typer.Option(
        "--chunk", min=CHUNK, help="Problems a mode does before the next one does them.", show_default=str(CHUNK)
    ),
]
Shape = Annotated[
    str | None,
    typer.Option("--shape", help="llada-8b, dream-7b, 13b, 70b, or the config.json of a model: measure steps only."),
]
RandomWeights = Annotated[
    bool, typer.Option("--random-weights", help="Fill the shape with random weights: needs no checkpoint.")
]
PromptLength = Annotated[
    int | None,
    typer.Option("--prompt-length", min=1, help="Tokens of a shape's prompts.", show_default=str(PROMPT_LENGTH)),
]
StepsTimed = Annotated[
    int | None,
    typer.Option("--steps-timed", min=1, help="Steps to time of a shape.", show_default="a whole decode"),
]
Commits = Annotated[
    int | None,
    typer.Option(
        "--commits", help="Tokens that a step of the fast mode commits of a shape, which reaches no threshold."
    ),
]
Dtype = Annotated[
    str, typer.Option("--dtype", help=f"Of the weights: {', '.join(DTYPES)}; auto with --shape: bfloat16.")
]
Profile = Annotated[bool, typer.Option("--profile", help="Also where the time goes: forward, head, sampling, host.")]
