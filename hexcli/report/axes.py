"""The tables of `hex score --axes` for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.heads import passes, titled
from hexcli.report.sheet import Column, Sheet
from hexcli.report.tables import p_text
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group

Frame = Mapping[str, Any]
Row = Mapping[str, Any]
MODES = {"fixed": "fixed", "together": "votes too"}  # what all else does
EQUAL = {"equal_votes": "equal votes", "equal_nfe": "equal NFE"}
SAME = "same"  # of a vote beside itself
_LARGEST = 6  # values whose correlations are shown, each with each


def axes_table(frame: Frame, differ: Sequence[str] = ()) -> "Group":
    """One run's axes: the values, what voting over them pays at equal votes and at equal NFE, correlations, notes."""
    from rich.text import Text

    found = frame["axes"]
    parts: list[Any] = [*(Text(visible(line)) for line in verdict(found)), _values(found["rows"])]
    for equal, said in EQUAL.items():
        if any(_met(row, mode, equal) for row in found["rows"] for mode in MODES):
            parts += [Text(f"at {said}", style="bold"), _gains(found["rows"], equal)]
    # A table of names alone says nothing: a note says why there is none.
    told = [row for row in found["rows"] if _correlates(row)]
    if told:
        parts.append(_together(found["rows"]))
    for row in told:
        if 1 < len(row["values"]) <= _LARGEST:
            parts.append(_correlations(row))
    return titled(frame, differ, *parts, *(Text(visible(line), style="dim") for line in notes(frame)))


def verdict(found: Frame) -> list[str]:
    """Which axes pay, in a line: by the votes over each all else fixed, else voting too, at equal votes."""
    gains: dict[str, Mapping[str, Any]] = {}
    for row, _, met, equal in each(found["rows"]):
        if equal == "equal_votes":
            gains.setdefault(_called(row), met["over_mean"])
    untold = [*(_called(row) for row in found["rows"] if _called(row) not in gains), *found["untold"]]
    if not gains:
        return [f"which axis pays: cannot be told of {', '.join(untold)}; why: below the tables"] if untold else []
    sure = [axis for axis, one in gains.items() if one["p_holm"] < 0.05 and one["difference"] > 0]
    first = sure or [max(gains, key=lambda axis: gains[axis]["difference"])]
    points = ", ".join(f"{axis} {100 * gains[axis]['difference']:+z.1f}" for axis in first)
    said = f"{points} points over votes of one value"
    line = said if sure else f"none beyond chance (most: {said}, p {p_text(gains[first[0]]['p_holm'])})"
    rest = [axis for axis in gains if axis not in first] if sure else []
    more = [("not beyond chance:", rest), ("cannot be told:", untold)]
    return ["; ".join([f"which axis pays: {line}", *(f"{how} {', '.join(some)}" for how, some in more if some)])]


def _called(row: Row) -> str:
    return "all together" if row["axis"] == "all" else name(row)


def _values(rows: Sequence[Row]) -> Sheet:
    """One vote of each value."""
    sheet = Sheet((Column("axis"), Column("one vote of", left=True), Column("acc %"), Column("95 %"), Column("NFE")))
    for count, row in enumerate(rows):
        for place, value in enumerate(row["values"]):
            low, high = value["ci95"]
            cells = (f"{100 * value['accuracy']:.1f}", f"{100 * low:.1f}-{100 * high:.1f}")
            axis = name(row) if place == 0 else ""
            sheet.add_row(
                axis, visible(value["value"]), *cells, passes(value["nfe_per_problem"]), section=count > 0 == place
            )
    return sheet


def _gains(rows: Sequence[Row], equal: str) -> Sheet:
    p = Column("p", with_last=True)
    gains = (Column("points more than\nthe mean value"), p, Column("points more than\nthe best, in hindsight"), p)
    sheet = Sheet((Column("axis"), Column("all else", left=True, key=True), Column("votes"), Column("acc %"), *gains))
    for row, mode, met, which in each(rows):
        if which != equal:
            continue
        mean, best = met["over_mean"], met["over_best"]
        cells = [*versus(mean), *(versus(best) if best else ("", ""))]
        if best:
            cells[2] = f"{visible(best['value'])}: {cells[2]}"
        sure = [4 + 2 * place for place, one in enumerate((mean, best)) if one and one["p_holm"] < 0.05]
        bold = [place for start in sure for place in (start, start + 1)]
        sheet.add_row(name(row), MODES[mode], number(met["votes"]), f"{100 * met['accuracy']:.1f}", *cells, bold=bold)
    return sheet


def _together(rows: Sequence[Row]) -> Sheet:
    """Whether votes are right on the same problems."""
    sheet = Sheet((Column("correlation of\ncorrectness"), Column("within\na value"), Column("across\nvalues")))
    for row in rows:
        found = row["correlation"]
        sheet.add_row(name(row), _repeated(found["within"]), correlation(found["across"]))
    return sheet


def _correlates(row: Row) -> bool:
    found = row["correlation"]
    known = [found["within"], found["across"], *(cell for cells in found["matrix"] for cell in cells)]
    return any(one is not None for one in known)


def _correlations(row: Row) -> Sheet:
    values = [visible(value["value"]) for value in row["values"]]
    sheet = Sheet((Column(f"correlation: {name(row)}"), *map(Column, values)))
    for place, (value, cells) in enumerate(zip(values, row["correlation"]["matrix"], strict=True)):
        if any(cell is not None for cell in cells):  # as a column that is empty is left out
            own = [_repeated(cell) if at == place else correlation(cell) for at, cell in enumerate(cells)]
            sheet.add_row(value, *own)
    return sheet


def _repeated(value: float | None) -> str:
    """The correlation of a value with itself: without samples its votes are one vote."""
    return SAME if value == 1 else correlation(value)


def notes(frame: Frame) -> list[str]:
    """What a reader has to know of the tables."""
    found = frame["axes"]
    rows = found["rows"]
    lines = [] if rows else ["no two voters differ in one thing, and none has several samples: there is no axis"]
    lines += [f"{axis}: not told, {why}" for axis, why in found["untold"].items()]
    if rows and not any(map(_correlates, rows)):
        lines.append("correlation: not told, no votes are right on some problems and wrong on others")
    if any(row["correlation"]["within"] == 1 or 1 in _diagonal(row) for row in rows):
        lines.append("same: without samples (T = 0) a value has one vote, which is no second one beside it")
    if large := [name(row) for row in rows if len(row["values"]) > _LARGEST and _correlates(row)]:
        lines.append(f"each value beside each of {', '.join(large)}: more than {_LARGEST}, in --json")
    for row in rows:
        lines += _of_row(row, frame["problems"])
    if any(True for _ in each(rows)):
        lines.append(
            "all else fixed: the mean over its settings; votes too: they vote as well. p: sign-flip test over "
            f"problems, corrected for {found['comparisons']} (Holm); more: docs/axes.md"
        )
    if frame["until_decided"]:
        lines.append("votes were left out where a problem was decided: the problems that have all are the harder ones")
    return lines


def _diagonal(row: Row) -> list[float | None]:
    return [cells[place] for place, cells in enumerate(row["correlation"]["matrix"])]


def _of_row(row: Row, problems: int) -> list[str]:
    compared, known = row["voters"]["compared"], row["voters"]["of"]
    parts = []
    if row["rival"] == "copies" and row["axis"] != "sample":
        parts.append("no samples (T = 0): its values are met by one vote each")
    if row["rival"] == "one vote":
        parts.append(f"too few samples ({row['samples']}; 3 at least): its values are met by one vote each")
    if row["fixed"] is None and row["together"] is None:
        parts.append("no gain is told: two votes decide nothing, more values or --samples would")
    if row["following"]:
        parts.append(f"{', '.join(row['following'])} changes with it")
    if compared < known and row["axis"] != "sample":
        parts.append(f"{compared} of {known} voters: those that have each value of it, all else equal")
    if row["problems"] < problems:
        parts.append(f"{row['problems']} of {plural(problems, 'problem')}: those that have all the votes")
    return [f"{name(row)}: {'; '.join(parts)}"] if parts else []


def name(row: Row) -> str:
    """What an axis is called, with what changes together with it."""
    return " + ".join([row["axis"], *row["following"]])


def each(rows: Sequence[Row]) -> Iterator[tuple[Row, str, Mapping[str, Any], str]]:
    """Every gain there is: the row, what all else does, the gain, and what is equal."""
    for row in rows:
        for mode in MODES:
            for equal in EQUAL:
                if met := _met(row, mode, equal):
                    yield row, mode, met, equal


def _met(row: Row, mode: str, equal: str) -> Mapping[str, Any] | None:
    part: Mapping[str, Any] | None = row[mode]
    return None if part is None else part[equal]


def versus(met: Mapping[str, Any]) -> tuple[str, str]:
    """A difference in points with its interval, and its corrected p-value."""
    low, high = (100 * end for end in met["ci95"])
    return f"{100 * met['difference']:+z.1f} ({low:+z.1f} to {high:+z.1f})", p_text(met["p_holm"])


def correlation(value: float | None) -> str:
    """Empty where it is not defined."""
    return "" if value is None else f"{value:z.2f}"


def number(value: float) -> str:
    """Of votes: 5, or 3.3."""
    return f"{value:.1f}".removesuffix(".0")
