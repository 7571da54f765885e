"""All pairs of a run's schedules: a matrix to look at, a list with the tests, and that list for papers and programs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.comma import csv_text
from hexcli.report.comparison import TELLING, needed_text
from hexcli.report.heads import p_text
from hexcli.report.papers import Paper
from hexcli.report.sheet import Column, Sheet
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group

Frame = Mapping[str, Any]

LONG = 16  # characters of a name, above which sides go by letters
MATRIX = 12  # sides of a matrix that people can read; the list has more
_PAIR = ("problems", "difference", "won", "lost", "p_value", "p_holm")
HEADS = ("A", "B", "points A - B [95 % interval]", "n", "won", "lost", "p", "p (Holm)")


def pairs_table(found: Frame) -> "Group":
    """Who is compared, the matrix of differences, and the pairs, those that differ most surely first."""
    from rich.console import Group
    from rich.text import Text

    sure = sum(pair["p_holm"] < 0.05 for pair in found["pairs"])
    number = len(found["pairs"])
    verdict = f"{sure or 'none'} of {number} pairs told apart (Holm, p < 0.05)"
    if number == 1:
        verdict = f"the pair is {'' if sure else 'not '}told apart (p < 0.05)"
    matrix = [_matrix(found)] if len(found["rows"]) <= MATRIX else []
    most = max(pair["won"] + pair["lost"] for pair in found["pairs"])
    few = [
        f"at most {plural(most, 'problem')} of a pair differ: p below 0.05 takes {TELLING}, and more for several pairs"
    ]
    starred = ["* votes are missing of some of its problems"] if any(row["partial"] for row in found["rows"]) else []
    notes = (
        "matrix: points that the row is above the column, problem by problem; bold: told apart",
        "(95 % interval) and p: sign-flip test over problems, exact"
        if all(pair["test"] == "sign-flip, exact" for pair in found["pairs"])
        else "(95 % interval) and p: sign-flip test over problems, estimated where exact takes too long",
        *starred,
        *(few if most < TELLING else []),
        *([] if sure else _needed(found)),
    )
    lines = (Text(line, style="dim") for line in notes[0 if matrix else 1 :])
    title = Text(visible(_title(found)), style="bold")
    return Group(title, *matrix, _list(found), Text(verdict, style="bold" if sure else ""), *lines)


def _needed(found: Frame) -> list[str]:
    """How many problems would tell the pair that is farthest apart."""
    pair = max(found["pairs"], key=lambda one: abs(one["difference"]))
    told = needed_text(pair["problems_needed"], pair["problems"], len(found["pairs"]))
    return [f"{_pair(found, pair)}: {told}"] if told else []


def _title(found: Frame) -> str:
    unfinished = "" if found["complete"] else ", unfinished"
    return f"{found['run']}: {found['task']}, {found['model']}: {plural(found['problems'], 'problem')}{unfinished}"


def _matrix(found: Frame) -> Sheet:
    rows = found["rows"]
    marks = _marks(found)
    heads = [Column(marks.get(row["name"]) or visible(row["name"]).replace("-", "-\n")) for row in rows]
    sheet = Sheet((Column(""), Column("acc %"), Column("95 %"), *heads))
    met = {(pair["a"], pair["b"]): pair for pair in found["pairs"]}
    for row in rows:
        cells, bold = [], []
        for place, other in enumerate(rows):
            sign = 1 if (row["name"], other["name"]) in met else -1
            pair = met.get((row["name"], other["name"]) if sign == 1 else (other["name"], row["name"]))
            cells.append("" if pair is None else f"{100 * sign * pair['difference'] + 0.0:+z.1f}")
            if pair is not None and pair["p_holm"] < 0.05:
                bold.append(place + 3)
        low, high = (100 * end for end in row["ci95"])
        mark = f"{marks[row['name']]}  " if marks else ""
        name = mark + _called(found, row["name"]) + (" *" if row["partial"] else "")
        sheet.add_row(name, f"{100 * row['accuracy']:.1f}", f"{low:.1f}-{high:.1f}", *cells, bold=bold)
    return sheet


def _list(found: Frame) -> Sheet:
    p = (Column("p"), Column("Holm", with_last=True))
    uneven = len({pair["problems"] for pair in found["pairs"]}) > 1
    more = [Column("n")] if uneven else []
    sheet = Sheet((Column("A - B"), Column("points"), *more, Column("won"), Column("lost", with_last=True), *p))
    for pair in found["pairs"]:
        low, high = (100 * end for end in pair["ci95"])
        sheet.add_row(
            _pair(found, pair),
            f"{100 * pair['difference']:+z.1f} ({low:+z.1f} to {high:+z.1f})",
            *([str(pair["problems"])] if uneven else []),
            str(pair["won"]),
            str(pair["lost"]),
            p_text(pair["p_value"]),
            p_text(pair["p_holm"]),
            bold=None if pair["p_holm"] < 0.05 else (),
        )
    return sheet


def _marks(found: Frame) -> dict[str, str]:
    """A letter for each side where names are long, as the matrix says which is which; none where they are short."""
    names = [row["name"] for row in found["rows"]]
    long = any(len(name) > LONG for name in names) and len(names) <= MATRIX
    return {name: chr(ord("A") + place) for place, name in enumerate(names)} if long else {}


def _pair(found: Frame, pair: Mapping[str, Any]) -> str:
    marks = _marks(found)
    return " - ".join(marks.get(pair[side]) or _called(found, pair[side]) for side in "ab")


def _called(found: Frame, name: str) -> str:
    kind = next(row["kind"] for row in found["rows"] if row["name"] == name)
    return visible(f"block {name}" if kind == "schedule" else name)


def pair_of_two(found: Frame) -> Frame:
    """What `hex compare A B` found, as a frame of one pair."""
    sides, one_run = [found[side] for side in "ab"], found["a"]["path"] == found["b"]["path"]
    rows = [
        {
            "kind": side["kind"] if one_run else "",
            "name": side["name"] if one_run else f"{side['name']} of {side['run']}",
        }
        for side in sides
    ]
    pair = {"a": rows[0]["name"], "b": rows[1]["name"], "p_holm": found["p_value"]}
    told = {name: found[name] for name in ("problems", "difference", "ci95", "p_value")}
    counts = {name: len(found[name]) for name in ("won", "lost")}
    return {
        **{name: " and ".join(dict.fromkeys(side[name] for side in sides)) for name in ("run", "model")},
        "task": found["task"],
        "problems": found["problems"],
        "complete": True,
        "rows": rows,
        "pairs": [{**pair, **told, **counts}],
    }


def pairs_written(found: Frame, format: str) -> str:
    """The pairs as markdown, latex or csv."""
    if format == "csv":
        return _comma_separated(found)
    note = (
        "Paired by problem: difference and interval by a sign-flip test; won and lost: problems on which A is better, "
    )
    note += "and worse"
    rows, heads = [_cells(found, pair) for pair in found["pairs"]], list(HEADS)
    if len(rows) == 1:  # nothing to correct for
        rows, heads = [row[:-1] for row in rows], list(HEADS[:-1])
    else:
        note += f"; Holm's p corrects for all {plural(len(rows), 'pair')}"
    paper = Paper(title=_title(found), heads=heads, rows=rows, note=f"{note}.")
    return paper.markdown() if format == "markdown" else paper.latex()


def _cells(found: Frame, pair: Mapping[str, Any]) -> Sequence[str]:
    low, high = (100 * end for end in pair["ci95"])
    return [
        _called(found, pair["a"]),
        _called(found, pair["b"]),
        f"{100 * pair['difference']:+z.1f} [{low:+z.1f}, {high:+z.1f}]",
        *(str(pair[name]) for name in ("problems", "won", "lost")),
        p_text(pair["p_value"]),
        p_text(pair["p_holm"]),
    ]


def _comma_separated(found: Frame) -> str:
    lines: list[list[object]] = [["run", "task", "model", "a", "b", *_PAIR, "ci95_low", "ci95_high"]]
    for pair in found["pairs"]:
        about = (found["run"], found["task"], found["model"], pair["a"], pair["b"])
        lines.append([*about, *(pair[name] for name in _PAIR), *pair["ci95"]])
    return csv_text(lines)
