"""Which schedules agree, rightly and wrongly, and who is right where the other is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.insight.pairs import Pair
from hexcli.report.figures.style import SMALL, TITLE, bands, fitted, label, problems_of, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = {"agree_right": "agree, right, %", "agree_wrong": "agree, wrong, %", "rescued": "row right,\ncolumn wrong, %"}
_UNSCORED = {"agree": "same answer, %"}
# Inches: the least of a cell with a number in it, the least and the most of a row, the least of a panel for its title.
_CELL, _ROW, _TALL, _PANEL = 0.155, 0.13, 0.24, 0.75


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a run's three panels stand: `across` side by side, cells of these inches, names of rows and columns."""

    panels: Mapping[str, str]
    rows: Sequence[str]
    columns: Sequence[str]
    across: int
    cell: float

    @property
    def panel(self) -> float:
        """Inches of a panel's height, its title and names included."""
        return len(self.rows) * min(max(self.cell, _ROW), _TALL) + 0.7

    @property
    def height(self) -> float:
        return self.panel * len(self.panels) / self.across


def draw(runs: Sequence[tuple[str, Findings]], width: float) -> "Figure":
    """Three heat maps a run, in per cent of the problems, all in one scale of greys; without targets one.

    Raises UsageError where there are no two schedules.
    """
    plans = []
    for _, findings in runs:
        names = list(findings.counted.names.values())
        if len(names) < 2 or not findings.pairs():
            raise UsageError(f"{findings.counted.run.name} has one schedule: there is no pair to draw")
        plans.append(_plan(names, width, PANELS if findings.scored else _UNSCORED))
    several = len(runs) > 1
    titles = [(f"{label(name)}: " if several else "") + _of(findings.pairs()) for name, findings in runs]
    found, parts = bands(width, titles, [plan.height for plan in plans])
    shares = [
        getattr(one, field)
        for (_, findings), plan in zip(runs, plans, strict=True)
        for one in findings.pairs()
        for field in plan.panels
    ]
    top = max(shares) or 1.0
    for (_, findings), plan, part in zip(runs, plans, parts, strict=True):
        names = list(findings.counted.names.values())
        pairs = {(one.first, one.second): one for one in findings.pairs()}
        panels = part.subplots(len(plan.panels) // plan.across, plan.across, squeeze=False)
        for place, (axes, (field, title)) in enumerate(zip(panels.flat, plan.panels.items(), strict=True)):
            _heat(axes, names, pairs, field, plan, title, top)
            if place % plan.across:
                axes.set_yticklabels([])
            else:
                axes.set_ylabel("row: schedule", fontsize=SMALL)
            axes.set_xlabel("column: schedule", fontsize=SMALL)
    return found


def _of(pairs: Sequence[Pair]) -> str:
    return problems_of(one.problems for one in pairs)


def _plan(names: Sequence[str], width: float, panels: Mapping[str, str]) -> _Plan:
    """Panels side by side where their cells bear numbers, else over each other; where the names of columns do not fit
    over their cells, the rows' numbers stand for them."""
    for numbered in (False, True):
        columns = [f"{place}" for place in range(1, len(names) + 1)] if numbered else names
        rows = [f"{place}:  {name}" for place, name in enumerate(names, 1)] if numbered else names
        rows = [fitted(one, 0.42 * width, SMALL) for one in rows]
        room = width - max(wide(one, SMALL) for one in rows) - 0.42
        for across in dict.fromkeys((len(panels), 1)):
            panel = room / across - 0.1
            cell = panel / len(names)
            fits = max(wide(one, SMALL) for one in columns) + 0.05 <= cell
            if (fits and cell >= _CELL and panel >= _PANEL) or (numbered and across == 1):
                return _Plan(panels, rows, columns, across, cell)
    raise AssertionError("the last plan is always taken")


def _heat(
    axes: "Axes",
    names: Sequence[str],
    pairs: Mapping[tuple[str, str], Pair],
    field: str,
    plan: _Plan,
    title: str,
    top: float,
) -> None:
    """One panel; `top` is what is darkest in all of them."""
    values = [
        [getattr(pairs[one, other], field) if (one, other) in pairs else float("nan") for other in names]
        for one in names
    ]
    axes.imshow(values, cmap="Greys", vmin=0, vmax=top * 1.15, aspect="auto")
    numbers = plan.cell >= _CELL
    for row, line in enumerate(values if numbers else ()):
        for column, value in enumerate(line):
            if value == value:
                ink = "white" if value > 0.62 * top else "black"
                axes.text(column, row, f"{100 * value:.0f}", ha="center", va="center", color=ink, fontsize=5.5)
    every = ceil(max(wide(one, SMALL) for one in plan.columns) * 1.3 / plan.cell)
    axes.set_xticks(range(0, len(names), every), plan.columns[::every], fontsize=SMALL)
    axes.set_yticks(range(len(names)), plan.rows, fontsize=SMALL)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    said = title if plan.across > 1 else title.replace("\n", " ")
    said = said if numbers else f"{said} (darkest: {100 * top:.0f})"
    axes.set_title(said, fontsize=TITLE, loc="center" if plan.across > 1 else "right")
