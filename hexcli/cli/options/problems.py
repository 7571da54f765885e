"""Which problems: the task, its rows, and how many of them."""

from typing import Annotated, Any

import typer

from hexcli.cli.options.choices import completing
from hexcli.cli.options.groups import PROBLEMS

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
TaskFilter = Annotated[
    str | None,
    typer.Option(
        "--task", "-t", help="Only runs of this task.", metavar="NAME", autocompletion=completing("tasks"),
        rich_help_panel=PROBLEMS,
    ),
]  # fmt: skip
RunTask = Annotated[
    str | None,
    typer.Option(
        "--task", "-t", help="Of a run whose task is in a Python file: FILE.py:NAME, as it was decoded.",
        metavar="FILE.py:NAME", rich_help_panel=PROBLEMS,
    ),
]  # fmt: skip
PrunedTask = Annotated[
    str | None,
    typer.Option(
        "--task", "-t", help="Only those of the runs in runs/ of this task.", metavar="NAME",
        autocompletion=completing("tasks"),
    ),
]  # fmt: skip
Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        help="File with the task's rows (.jsonl, .json, .csv, .tsv, .parquet); without --task: rows of your own, the "
        "task told by their columns.",
        metavar="FILE",
        rich_help_panel=PROBLEMS,
    ),
]

Shard = Annotated[
    str | None,
    typer.Option(
        "--shard",
        help="Only the I-th of N parts of the problems, counted from 1, in a run folder of its own: for jobs of a "
        "cluster. `hex vote --together` joins them.",
        metavar="I/N",
        rich_help_panel=PROBLEMS,
    ),
]
Prompts = Annotated[
    list[str] | None,
    typer.Option(
        "--prompt",
        help="Wordings of the prompt, with commas or repeated: {prompts} (hex tasks NAME shows them), or YAML files of "
        "your own. Each votes by itself.",
        metavar="NAME|FILE",
        show_default="the task's own",
        autocompletion=completing("prompts"),
        rich_help_panel=PROBLEMS,
    ),
]
Fewshot = Annotated[
    int | None,
    typer.Option(
        "--fewshot",
        help="Examples before the question, from the task's training split, or from --fewshot-data.",
        metavar="N",
        show_default="none",
        rich_help_panel=PROBLEMS,
    ),
]
FewshotData = Annotated[
    str | None,
    typer.Option(
        "--fewshot-data",
        help="File with rows of the task to take the examples from; all of them without --fewshot.",
        metavar="FILE",
        rich_help_panel=PROBLEMS,
    ),
]
FewshotSeed = Annotated[
    int | None,
    typer.Option(
        "--fewshot-seed",
        help="Draws the examples.",
        metavar="S",
        show_default="0",
        rich_help_panel=PROBLEMS,
    ),
]
OnlyPrompts = Annotated[
    list[str] | None,
    typer.Option(
        "--prompts",
        help="Only votes asked in these wordings, as they are printed: plain,reasoning; nothing is saved.",
        metavar="LIST",
        autocompletion=completing("prompts"),
        rich_help_panel=PROBLEMS,
    ),
]


def limited(show_default: str | bool = True) -> Any:
    """--limit, where it says another default too."""
    return typer.Option(
        "--limit",
        "-n",
        help="Problems: the first N, or A-B counted from 0.",
        metavar="N|A-B",
        rich_help_panel=PROBLEMS,
        show_default=show_default,
    )


Limit = Annotated[str | None, limited()]
