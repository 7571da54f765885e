"""Votes and scores at a glance: who answers best, by how much, and whether that can be told from chance.

The other tables have every aggregator in a row; here those that say nothing new share a line.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.heads import both_have, no_rival, notes, p_text, remarks, row_name, titled, votes_are
from hexcli.report.joint import joint_table
from hexcli.report.sheet import Column, Sheet
from hexcli.report.tables import score_sheet, votes_table
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

Frame = Mapping[str, Any]
Row = Mapping[str, Any]

KINDS = ("schedule", "aggregator", "equal votes", "oracle")  # in this order


def brief_scores(frame: Frame, differ: Sequence[str] = ()) -> "Group":
    """One run's schedules, majority, its fair rival, the oracle, and any aggregator that is told apart above majority;
    then what majority gains, and the other aggregators in a line. `differ` as in `score_table`."""
    kept = telling(frame["rows"])
    rows = sorted([*kept, *_at_equal_votes(frame)], key=lambda row: KINDS.index(row["kind"]))
    others = [row for row in frame["rows"] if row not in kept]
    facts = _facts([*_gains(frame), *_others(others, frame["skipped"])])
    below = (*joint_table(frame), *notes(frame, fair=False), *remarks({**frame, "skipped": []}))
    return titled(frame, differ, score_sheet(frame, rows, brief=True), facts, *below)


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
    some = fair["problems"] < frame["problems"]  # rows that are of fewer problems say of how many
    return [
        {
            **own,
            **({"problems": fair["problems"], "correct": own["accuracy"] * fair["problems"]} if some else {}),
            "kind": "equal votes",
            "name": name,
            "votes": fair["votes"],
        }
        for name, own in named
    ]


def _gains(frame: Frame) -> "Iterator[tuple[str, str, str]]":
    """What majority gains over the schedule that turned out best, and votes of all schedules over as many of it."""
    majority = next((row for row in frame["rows"] if row["name"] == "majority"), None)
    if majority is not None and majority["versus"]:
        met = majority["versus"][0]
        alone = sum(row["kind"] == "schedule" for row in frame["rows"]) == 1
        best = f"over block {met['name']}" + ("" if alone else ", the best in hindsight")
        yield "majority", *_gain(met, best + both_have(frame, met))
    if (fair := frame["equal_votes"]) is not None:
        votes = plural(fair["votes"], "vote")
        best = f"over {votes} of block {fair['best_single']['name']}"
        yield f"{votes} of all", *_gain(fair, best + both_have(frame, fair))
    elif why := no_rival(frame):
        yield "equal votes", why, "dim"


def _gain(met: Mapping[str, Any], rival: str) -> tuple[str, str]:
    low, high = (100 * end for end in met["ci95"])
    points = f"{100 * met['difference']:+z.1f} points ({low:+z.1f} to {high:+z.1f}) {rival}; p {p_text(met['p_value'])}"
    return points, "bold" if met["p_value"] < 0.05 else ""


def _others(others: Sequence[Row], skipped: Sequence[Row]) -> "Iterator[tuple[str, str, str]]":
    """The aggregators that have no row: how many, from what to what they get right, and who is told apart below."""
    said = []
    if others:
        shares = sorted(100 * row["accuracy"] for row in others)
        low, high = (f"{share:.1f}" for share in (shares[0], shares[-1]))
        worse = [f"{row['name']} {100 * row['accuracy']:.1f} %" for row in others if _beside(row) < 0]
        apart = f"told apart from majority, below it: {', '.join(worse)}" if worse else "none told apart from majority"
        said.append(f"{low if low == high else f'{low} to {high}'} % by {plural(len(others), 'aggregator')}, {apart}")
    if skipped:
        said.append(f"{len(skipped)} cannot vote")
    if said:
        yield "others", f"{'; '.join(said)}: -a all", ""


def _skipped(frame: Frame) -> "Iterator[tuple[str, str, str]]":
    if names := [one["name"] for one in frame["skipped"]]:
        yield "cannot vote", f"{', '.join(names)} (-a all says why)", "dim"


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


def brief_votes(frame: Frame, differ: Sequence[str] = ()) -> "Group":
    """One run's votes by aggregator, those that decide alike in one row. `differ` as in `score_table`."""
    heads, cells = votes_table(frame)
    sheet = Sheet((Column("aggregator"), *heads))
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in frame["rows"]:
        key = (row.get("same_as", row["name"]), str("partial" in row), *cells(row))
        groups.setdefault(key, []).append(row_name(frame, row))
    for (_, _, *numbers), names in groups.items():
        sheet.add_row(", ".join(sorted(names, key=lambda name: name != "majority")), *numbers)
    skipped = _facts(list(_skipped(frame)))
    return titled(frame, differ, sheet, skipped, *votes_are(frame), *remarks({**frame, "skipped": []}))
