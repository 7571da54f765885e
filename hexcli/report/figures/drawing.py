"""The figures by name, and their files."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexcli.errors import HexError, UsageError, unknown
from hexcli.insight.findings import Findings
from hexcli.report.figures.style import styled, width_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Name -> the file that draws it, and what it shows.
FIGURES = {
    "blocks": ("hexcli.report.figures.blocks", "accuracy by block length, and the outputs that end early"),
    "votes": ("hexcli.report.figures.votes", "what more votes buy"),
    "cost": ("hexcli.report.figures.cost", "forward passes against accuracy, and what is published"),
    "agreement": ("hexcli.report.figures.agreement", "which schedules agree, and who rescues whom"),
    "commits": ("hexcli.report.figures.commits", "which position is committed at which step"),
    "settling": ("hexcli.report.figures.settling", "when the answer stands"),
}
# Those that compare accuracies.
OF_A_TASK = ("blocks", "votes", "cost")
# Those that show aggregators: every one, or majority alone.
OF_AGGREGATORS = ("cost",)
OF_MAJORITY = ("votes",)
# What a run lacks that has nothing for a figure.
LACKS = {
    **dict.fromkeys(OF_A_TASK, "no targets, so there is no accuracy (agreement, commits and settling need none)"),
    "agreement": "one schedule: there is no pair",
    **dict.fromkeys(
        ("commits", "settling"),
        "no record of when its tokens came, as if made elsewhere (blocks, votes, cost and agreement need none)",
    ),
}
# What figures are called elsewhere.
_MEANT = {
    **dict.fromkeys(
        ("accuracy", "acc", "bar", "bars", "boxes", "box", "block", "schedules", "schedule", "block_length"), "blocks"
    ),
    **dict.fromkeys(("scaling", "curve", "curves", "majority", "samples", "ensemble", "oracle", "pass@k"), "votes"),
    **dict.fromkeys(("pareto", "nfe", "costs", "front", "frontier", "compute", "scatter", "tradeoff"), "cost"),
    **dict.fromkeys(("heatmap", "pairs", "confusion", "overlap", "diversity", "matrix", "agree"), "agreement"),
    **dict.fromkeys(("order", "steps", "trajectory", "tokens", "canvas"), "commits"),
    **dict.fromkeys(("settled", "answers", "convergence"), "settling"),
}
# Nothing of the day or the machine: the same run makes the same file.
MARK = "hex plot"  # by which a figure of ours is known
_METADATA: dict[str, dict[str, Any]] = {
    ".pdf": {"CreationDate": None, "Creator": MARK},
    ".svg": {"Date": None, "Creator": MARK},
    ".png": {"Software": MARK},
}
_PLAIN = ("", "pdf", "svg", "png")  # names that are an ending alone


def check(name: str, path: Path) -> None:
    """Raises UsageError where there is no such figure, or it cannot be written there."""
    if name not in FIGURES:
        raise _unknown(name)
    if path.suffix.lower() not in _METADATA:
        raise UsageError(_ending(name, path))
    if not path.parent.is_dir():
        raise UsageError(f"no folder '{path.parent}' to write into: make it, or choose another -o")


def one_task(name: str, runs: Sequence[tuple[str, Findings]]) -> None:
    """Raises UsageError where a figure would compare accuracies of different tasks."""
    tasks = sorted({findings.counted.task.name for _, findings in runs})
    if name in OF_A_TASK and len(tasks) > 1:
        raise UsageError(
            f"accuracies of different tasks ({', '.join(tasks)}) are no one figure: choose one by --task; rows "
            "asked in two ways are one task with two prompts (prompts:, docs/own-tasks.md)"
        )


def _unknown(name: str) -> UsageError:
    plain = name.lower()
    if plain == "all" or ("," in plain and any(part in FIGURES for part in plain.split(","))):
        return UsageError(f"one figure a command, and '{name}' is none: hex plot {next(iter(FIGURES))}, hex plot ...")
    if plain in _MEANT:
        meant = f"'{_MEANT[plain]}', {FIGURES[_MEANT[plain]][1]}"
        return UsageError(f"unknown figure '{name}': did you mean {meant}? hex plot alone lists all")
    return UsageError(f"{unknown('figure', name, FIGURES)}; hex plot alone says what each shows")


def _ending(name: str, path: Path) -> str:
    """Where a file is none that a figure can be written as: what to write instead."""
    kind = path.suffix.lower()
    if path.is_dir():
        return f"'{path}' is a folder: name a file in it, -o {path / name}.pdf"
    if path.name == "-":
        return f"a figure goes into a file, not to stdout: -o {name}.pdf"
    if kind in (".csv", ".json", ".tsv", ".txt"):
        return f"'{path.name}' is for numbers: hex plot {name} --format {'json' if kind == '.json' else 'csv'} > {path}"
    other = ".png" if kind in (".jpg", ".jpeg", ".gif", ".bmp", ".tiff", ".webp") else ".pdf"
    stem = path.with_suffix("") if path.stem.strip(".") not in _PLAIN else Path(name)
    better = stem if stem.suffix.lower() in _METADATA else f"{stem}{other}"
    return f"a figure is written as {', '.join(_METADATA)}, not as '{path.name}': -o {better}"


def draw(name: str, runs: Sequence[tuple[str, Findings]], path: Path, width: str) -> float:
    """Draw a figure of runs (each with the name it has in the legend) into a file; its height in inches.

    `width`: see style.width_of. Raises UsageError where the runs have nothing of the kind, HexError where the file
    cannot be written.
    """
    check(name, path)
    inches = width_of(width)
    one_task(name, runs)
    with styled():
        figure: Figure = importlib.import_module(FIGURES[name][0]).draw(runs, inches)
        try:
            figure.savefig(path, metadata=_METADATA[path.suffix.lower()])
        except OSError as error:
            raise HexError(f"cannot write '{path}': {error.strerror or error}") from None
    return float(figure.get_figheight())
