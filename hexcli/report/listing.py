"""Problems of a run worth a look, a line each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.insight.inspection import Inspection
from hexcli.insight.kinds import MEANINGS
from hexcli.report.tables import plain_table
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

# Candidates of an election that are listed before the rest is counted.
LISTED = 4
# Aggregators that are named as right before the rest is counted.
NAMED = 3


def kinds_view(counts: dict[str, int | None], problems: int, head: str, path: str) -> "Group":
    """How many problems there are of each kind, and how to see them; of those that have None nothing is known."""
    from rich.console import Group
    from rich.text import Text

    table = plain_table(("--where", "problems", ""))
    table.columns[2].justify = "left"
    table.columns[2].no_wrap = False
    for kind, meaning in MEANINGS.items():
        if counts[kind] is not None:
            table.add_row(kind, str(counts[kind]), Text(meaning, style="dim"))
    run = visible(path)
    hint = (
        f"hex show {run} --where tie     the problems of a kind\n"
        f"hex show {run} 0               one problem, by index (0 to {problems - 1}) or id"
    )
    return Group(Text(visible(head), style="bold"), table, Text(hint, style="dim"))


def problems_view(found: Sequence[tuple[int, Inspection]], head: str, asked: Sequence[str] = ()) -> "Group":
    """The problems found, with their index in the run: what won, there and with the aggregators that are `asked` for,
    the votes it won by, and, where aggregators differ in that, who is right."""
    from rich.console import Group
    from rich.text import Text

    able = {name for _, one in found for name in one.decisions}
    shown = list(dict.fromkeys([*(name for name in asked if name in able), "majority"]))
    return Group(Text(visible(head), style="bold"), _table(found, *shown) if found else "none")


def answers_view(
    found: Sequence[tuple[int, Inspection]], name: str = "majority", *, most: int | None = None
) -> "Group":
    """What the aggregator of that name answers to each problem, and the votes; of more than `most` problems the first
    so many, and how many others there are."""
    from rich.console import Group
    from rich.text import Text

    rest = 0 if most is None else len(found) - most
    more = [Text(f"and {plural(rest, 'more problem')}", style="dim")] if rest > 0 else []
    return Group(_table(found[:most], name), *more)


def _table(found: Sequence[tuple[int, Inspection]], *names: str) -> "Table":
    """A line a problem. Without targets there is no column of them, nor of who is right."""
    known = any(inspection.ballot.problem.target is not None for _, inspection in found)
    differ = any(0 < len(right_by(one) or ()) < len(one.decisions) for _, one in found)
    by = ["right by"] if differ else []
    table = plain_table(("#", "problem", *(["target"] if known else []), *names, *by, "votes"))
    for column in table.columns[1:]:
        column.justify = "left"
    for column in (table.columns[1], *table.columns[-1 - len(by) :]):
        column.no_wrap = False
    for index, inspection in found:
        table.add_row(
            str(index),
            visible(inspection.ballot.problem.id),
            *([_short(inspection.ballot.problem.target)] if known else []),
            *(_answer(inspection, name) for name in names),
            *([_right_by(inspection)] if by else []),
            _votes(inspection),
        )
    return table


def _answer(inspection: Inspection, name: str) -> "Text":
    """What an aggregator answers: green where it is right, red where wrong; and whether a tie-break decided."""
    from rich.text import Text

    decision = inspection.decisions[name]
    right = inspection.graded(decision.answer)
    said = Text(_short(decision.answer), style="" if right is None else "green" if right else "red")
    return said.append(" (tie)", style="dim") if decision.tie else said


def right_by(inspection: Inspection) -> list[str] | None:
    """The aggregators that are right, majority first; None without a target."""
    if inspection.ballot.problem.target is None:
        return None
    names = [name for name, decision in inspection.decisions.items() if inspection.graded(decision.answer)]
    return sorted(names, key=lambda name: name != "majority")


def _right_by(inspection: Inspection) -> str:
    names = right_by(inspection) or []
    if len(names) == len(inspection.decisions):
        return "all"
    more = len(names) - NAMED
    return ", ".join(map(visible, names[:NAMED])) + (f", +{more}" if more > 0 else "") if names else "none"


def _votes(inspection: Inspection) -> "Text":
    """The candidates with their votes, the right ones green."""
    from rich.text import Text

    line = Text()
    candidates = sorted(inspection.ballot.election.candidates, key=lambda one: (-len(one.votes), one.first))
    for candidate in candidates[:LISTED]:
        line.append(f"{', ' if line else ''}{len(candidate.votes)} x ")
        line.append(_short(candidate.answer), style="green" if inspection.graded(candidate.answer) else "")
    if len(candidates) > LISTED:
        line.append(f", {plural(len(candidates) - LISTED, 'more answer')}")
    if abstained := len(inspection.places(None)):
        line.append(f"{', ' if line else ''}{abstained} x no answer", style="dim")
    return line


def dim(line: str) -> "Text":
    """A line that is no result."""
    from rich.text import Text

    return Text(visible(line), style="dim")


def _short(answer: str | None, most: int = 24) -> str:
    text = "none" if answer is None else visible(answer)
    return text if len(text) <= most else f"{text[: most - 3]}..."


def row_of(index: int, inspection: Inspection, name: str = "majority") -> dict[str, Any]:
    """The JSON object of a problem in `hex show RUN --where ... --json`, and in the answers of `hex vote --answers`."""
    decision = inspection.decisions[name]
    return {
        "index": index,
        "problem_id": inspection.ballot.problem.id,
        "target": inspection.ballot.problem.target,
        "answer": decision.answer,
        "tie": decision.tie,
        "correct": inspection.graded(decision.answer),
        "right_by": right_by(inspection),
        "kinds": sorted(inspection.kinds),
        "votes": {one.answer: len(one.votes) for one in inspection.ballot.election.candidates},
        "abstained": len(inspection.places(None)),
    }
