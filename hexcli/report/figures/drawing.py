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
# Those that show aggregators.
OF_AGGREGATORS = ("votes", "cost")
# Nothing of the day or the machine: the same run makes the same file.
MARK = "hex plot"  # by which a figure of ours is known
_METADATA: dict[str, dict[str, Any]] = {
    ".pdf": {"CreationDate": None, "Creator": MARK},
    ".svg": {"Date": None, "Creator": MARK},
    ".png": {"Software": MARK},
}


def check(name: str, path: Path) -> None:
    """Raises UsageError where there is no such figure, or it cannot be written there."""
    if name not in FIGURES:
        raise unknown("figure", name, FIGURES)
    if path.suffix.lower() not in _METADATA:
        raise UsageError(f"a figure is written as {', '.join(_METADATA)}, not as '{path.name}'")
    if not path.parent.is_dir():
        raise UsageError(f"no folder '{path.parent}' to write into: make it, or choose another -o")


def draw(name: str, runs: Sequence[tuple[str, Findings]], path: Path, width: str) -> float:
    """Draw a figure of runs (each with the name it has in the legend) into a file; its height in inches.

    `width`: see style.width_of. Raises UsageError where the runs have nothing of the kind, HexError where the file
    cannot be written.
    """
    check(name, path)
    inches = width_of(width)
    tasks = sorted({findings.counted.task.name for _, findings in runs})
    if name in OF_A_TASK and len(tasks) > 1:
        raise UsageError(f"accuracies of different tasks ({', '.join(tasks)}) are no one figure: choose one by --task")
    with styled():
        figure: Figure = importlib.import_module(FIGURES[name][0]).draw(runs, inches)
        try:
            figure.savefig(path, metadata=_METADATA[path.suffix.lower()])
        except OSError as error:
            raise HexError(f"cannot write '{path}': {error.strerror or error}") from None
    return float(figure.get_figheight())
