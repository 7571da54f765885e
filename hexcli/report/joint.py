"""The table of a joint run beside the runs that it is of."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hexcli.report.heads import p_text, passes
from hexcli.report.papers import Paper
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
    sheet = Sheet((Column("majority of\none run alone"), *heads, Column("at its NFE\npoints more"), p))
    for row in rows:
        cells, sure = [], []
        for place, versus in ((4, row["versus"]), (6, row["at_equal_nfe"]["versus"])):
            low, high = (100 * end for end in versus["ci95"])
            cells += [f"{100 * versus['difference']:+z.1f} ({low:+z.1f} to {high:+z.1f})", p_text(versus["p_value"])]
            sure += [place, place + 1] if versus["p_value"] < 0.05 else []
        numbers = (str(row["votes"]), passes(row["nfe_per_problem"]), f"{100 * row['accuracy']:.1f}")
        name = visible(row["name"]) + (" (best)" if row["best"] and len(rows) > 1 else "")
        sheet.add_row(name, *numbers, *cells, bold=sure)
    ensembles = max(row["at_equal_nfe"]["ensembles"] for row in rows)
    equal = f"of as many votes as cost the same (mean of {ensembles} ensembles)"
    note = f"points more: of all runs' majority, on the problems of that run; at its NFE: {equal}"
    return [sheet, Text(note, style="dim")]


def joint_lines(frame: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The same as rows of scores: each source's majority, then the joint one beside it, with all votes and at its
    cost."""
    for row in frame.get("joint", ()):
        yield {"kind": "source", **row, "versus": []}
        whole = {**row["joint"], "versus": [{**row["versus"], "name": row["name"]}]}
        yield {"kind": "joint", "name": "majority, all votes", "problems": row["problems"], **whole}
        equal = {**row["at_equal_nfe"], "versus": [{**row["at_equal_nfe"]["versus"], "name": row["name"]}]}
        yield {"kind": "joint", "name": "majority, at its NFE", "problems": row["problems"], **equal}


def joint_papers(frame: Mapping[str, Any], title: str) -> list[Paper]:
    """The same as a paper takes it; none for other runs."""
    rows = []
    for row in frame.get("joint", ()):
        cells = []
        for versus in (row["versus"], row["at_equal_nfe"]["versus"]):
            low, high = (100 * end for end in versus["ci95"])
            points = f"{100 * versus['difference']:+z.1f} [{low:+z.1f}, {high:+z.1f}]"
            cells += [points, p_text(versus["p_value"]), p_text(versus["p_holm"])]
        name = row["name"] + (" (best)" if row["best"] and len(frame["joint"]) > 1 else "")
        about = (str(row["votes"]), passes(row["nfe_per_problem"]), f"{100 * row['accuracy']:.1f}")
        rows.append([name, *about, *cells])
    test = ("p", "p (Holm)")
    heads = ("majority of", "votes", "NFE", "accuracy, %", "joint majority, points more", *test, "at its NFE", *test)
    note = "The joint majority less that of each run, with all its votes, and with as many as cost what the run costs."
    return [Paper(title=f"joint votes of {title}", heads=heads, rows=rows, note=note)] if rows else []
