"""Votes and scores at a glance: who answers best, by how much, and whether that can be told from chance.

The other tables have every aggregator in a row; here those that say nothing new share a line.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.heads import notes, p_text, remarks, row_name, titled, votes_are
from hexcli.report.joint import joint_table
from hexcli.report.sheet import Column, Sheet
from hexcli.report.tables import percent, score_sheet
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

Frame = Mapping[str, Any]
Row = Mapping[str, Any]

KINDS = ("schedule", "aggregator", "equal votes", "oracle")  # in this order


def brief_scores(frame: Frame, differ: Sequence[str] = ()) -> "Group":
    """One run's schedules, majority, its fair rival, the oracle, and any aggregator that is told apart above majority;
    then what majority gains, and the other aggregators in a line. `differ` as in `score_table`."""
    kept = telling(frame["rows"])
    rows = sorted([*kept, *_at_equal_votes(frame)], key=lambda row: KINDS.index(row["kind"]))
    others = [row for row in frame["rows"] if row not in kept]
    facts = _facts([*_gains(frame), *_others(frame, others), *_skipped(frame, "why, and all tests")])
    more = [] if frame["skipped"] else [_dim("-a all: every aggregator with its interval and tests")]
    below = (*joint_table(frame), *notes(frame, fair=False), *more, *remarks({**frame, "skipped": []}))
    return titled(frame, differ, score_sheet(frame, rows), facts, *below)


def telling(rows: Sequence[Row]) -> list[Row]:
    """The rows that tell something: of aggregators majority, and those that are better beyond doubt."""
    return [row for row in rows if row["kind"] != "aggregator" or row["name"] == "majority" or _beside(row) > 0]


def _beside(row: Row) -> int:
    """1 or -1 where an aggregator is told apart from majority, corrected for all comparisons: above it, below it."""
    met = next((one for one in row["versus"] if one["rival"] == "majority"), None)
    return 0 if met is None or met["p_holm"] >= 0.05 else 1 if met["difference"] > 0 else -1


def _at_equal_votes(frame: Frame) -> list[dict[str, Any]]:
    """The majorities of equally many votes as rows, as much as is known of them."""
    if (fair := frame["equal_votes"]) is None:
        return []
    votes, best = plural(fair["votes"], "vote"), fair["best_single"]
    named = ((f"{votes} of all", fair["all_schedules"]), (f"{votes} of block {best['name']}", best))
    return [{**own, "kind": "equal votes", "name": name, "votes": fair["votes"]} for name, own in named]


def _gains(frame: Frame) -> "Iterator[tuple[str, str, str]]":
    """What majority gains over the schedule that turned out best, and votes of all schedules over as many of it."""
    majority = next((row for row in frame["rows"] if row["name"] == "majority"), None)
    if majority is not None and majority["versus"]:
        met = majority["versus"][0]
        alone = sum(row["kind"] == "schedule" for row in frame["rows"]) == 1
        yield "majority", *_gain(met, f"over block {met['name']}" + ("" if alone else ", the best one in hindsight"))
    if (fair := frame["equal_votes"]) is not None:
        votes = plural(fair["votes"], "vote")
        yield f"{votes} of all", *_gain(fair, f"over {votes} of block {fair['best_single']['name']}")


def _gain(met: Mapping[str, Any], rival: str) -> tuple[str, str]:
    low, high = (100 * end for end in met["ci95"])
    points = f"{100 * met['difference']:+z.1f} points ({low:+z.1f} to {high:+z.1f}) {rival}; p {p_text(met['p_value'])}"
    return points, "bold" if met["p_value"] < 0.05 else ""


def _others(frame: Frame, others: Sequence[Row]) -> "Iterator[tuple[str, str, str]]":
    """The aggregators that have no row: those that decide as majority does, then the others by what they get right."""
    if alike := [_named(frame, row) for row in others if row.get("same_as") == "majority"]:
        yield "= majority", ", ".join(alike), ""
    for where, said in ((0, "not told apart from majority"), (-1, "told apart from majority")):
        shares: dict[str, list[str]] = {}
        for row in sorted(others, key=lambda row: -row["accuracy"]):
            if row.get("same_as") != "majority" and _beside(row) == where:
                shares.setdefault(f"{100 * row['accuracy']:.1f} %", []).append(_named(frame, row))
        if shares:
            listed = "; ".join(f"{share} {', '.join(names)}" for share, names in shares.items())
            yield "others" if where == 0 else "worse", f"{listed}: {said}", ""


def _named(frame: Frame, row: Row) -> str:
    """In a line: the rows above say already that votes are missing."""
    return row_name(frame, row).removesuffix(" *")


def _skipped(frame: Frame, all_says: str) -> "Iterator[tuple[str, str, str]]":
    if names := [one["name"] for one in frame["skipped"]]:
        yield "skipped", f"{', '.join(names)} (-a all: {all_says})", "dim"


def _facts(rows: "Sequence[tuple[str, str, str]]") -> "Table":
    """Names, what is to be said of each, and how it looks."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, said, style in rows:
        table.add_row(Text(f" {visible(name)}", style=style), Text(visible(said), style=style))
    return table


def _dim(line: str) -> "Text":
    from rich.text import Text

    return Text(line, style="dim")


def brief_votes(frame: Frame, differ: Sequence[str] = ()) -> "Group":
    """One run's votes by aggregator, those that decide alike in one row. `differ` as in `score_table`."""
    sheet = Sheet((Column("aggregator"), *map(Column, ("voted", "abstained", "ties", "agreement"))))
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in frame["rows"]:
        cells = (f"{row['voted']}/{frame['problems']}", str(row["abstained"]), str(row["ties"]))
        key = (row.get("same_as", row["name"]), str("partial" in row), *cells, percent(row["agreement"]))
        groups.setdefault(key, []).append(row_name(frame, row))
    for (_, _, *numbers), names in groups.items():
        sheet.add_row(", ".join(sorted(names, key=lambda name: name != "majority")), *numbers)
    skipped = _facts(list(_skipped(frame, "why, and a row for each")))
    return titled(frame, differ, sheet, skipped, *votes_are(), *remarks({**frame, "skipped": []}))
