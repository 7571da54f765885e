"""The table of a joint run beside the runs that it is of."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hexcli.report.heads import p_text
from hexcli.report.sheet import Column, Sheet
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import RenderableType


def joint_table(frame: Mapping[str, Any]) -> "list[RenderableType]":
    """The majority of all votes beside that of each source, with all votes and at the source's cost. Empty for other
    runs."""
    from rich.text import Text

    rows = frame.get("joint")
    if not rows:
        return []
    p = Column("p", with_last=True)
    heads = (Column("votes"), Column("NFE"), Column("acc %"), Column("all votes\npoints more"), p)
    sheet = Sheet((Column("joint majority\nbeside that of"), *heads, Column("at its NFE\npoints more"), p))
    for row in rows:
        cells, sure = [], []
        for place, versus in ((4, row["versus"]), (6, row["at_equal_nfe"]["versus"])):
            low, high = (100 * end for end in versus["ci95"])
            cells += [f"{100 * versus['difference']:+.1f} ({low:+.1f} to {high:+.1f})", p_text(versus["p_value"])]
            sure += [place, place + 1] if versus["p_value"] < 0.05 else []
        numbers = (str(row["votes"]), f"{row['nfe_per_problem']:.4g}", f"{100 * row['accuracy']:.1f}")
        name = visible(row["name"]) + (" (best)" if row["best"] and len(rows) > 1 else "")
        sheet.add_row(name, *numbers, *cells, bold=sure)
    ensembles = max(row["at_equal_nfe"]["ensembles"] for row in rows)
    note = f"at its NFE: the joint run's votes in turn, until they cost as much; means over {ensembles} ensembles"
    return [sheet, Text(note, style="dim")]
