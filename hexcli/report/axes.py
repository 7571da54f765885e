"""What `hex score --axes` says to people: which axis pays, and a table of the gains."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.heads import titled
from hexcli.report.sheet import Column, Sheet
from hexcli.report.tables import p_text
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group

Frame = Mapping[str, Any]
Row = Mapping[str, Any]
MODES = {"fixed": "fixed", "together": "votes too"}  # what all else does
EQUAL = {"equal_votes": "equal votes", "equal_nfe": "equal NFE"}


def axes_table(frame: Frame, differ: Sequence[str] = ()) -> "Group":
    """One run's axes: which pays, what voting over each pays at equal votes, how its votes correlate, and notes."""
    from rich.text import Text

    found = frame["axes"]
    parts: list[Any] = [Text(visible(line)) for line in verdict(found)]
    # A table of names alone says nothing: a note says why there is none.
    if any(True for _ in each(found["rows"])) or any(any(_together(row)) for row in found["rows"]):
        parts.append(_gains(found["rows"]))
    below = [Text(visible(line), style="dim") for line in (*notes(frame), *_legend(frame))]
    return titled(frame, differ, *parts, *below)


def verdict(found: Frame) -> list[str]:
    """Which axes pay, in a line: by the votes over each all else fixed, else voting too, at equal votes."""
    gains: dict[str, Mapping[str, Any]] = {}
    for row, _, met, equal in each(found["rows"]):
        if equal == "equal_votes":
            gains.setdefault(_called(row), met["over_mean"])
    untold = [*(_called(row) for row in found["rows"] if _called(row) not in gains), *found["untold"]]
    if not gains:
        return [f"which axis pays: cannot be told of {', '.join(untold)}; why: below"] if untold else []
    sure = [axis for axis, one in gains.items() if one["p_holm"] < 0.05 and one["difference"] > 0]
    first = sure or [max(gains, key=lambda axis: gains[axis]["difference"])]
    points = ", ".join(f"{axis} {100 * gains[axis]['difference']:+z.1f}" for axis in first)
    said = f"{points} points over votes of one value"
    line = said if sure else f"none beyond chance (most: {said}, Holm p {p_text(gains[first[0]]['p_holm'])})"
    rest = [axis for axis in gains if axis not in first] if sure else []
    more = [("not beyond chance:", rest), ("cannot be told:", untold)]
    return ["; ".join([f"which axis pays: {line}", *(f"{how} {', '.join(some)}" for how, some in more if some)])]


def _called(row: Row) -> str:
    return "all together" if row["axis"] == "all" else name(row)


def _gains(rows: Sequence[Row]) -> Sheet:
    """A line a gain at equal votes, or an axis that has none; the correlations of an axis stand in its first."""
    gain = "points over as many\nvotes of one value"
    points = (Column(gain), Column("p", with_last=True), Column("Holm", with_last=True))
    heads = (Column("axis"), Column("all else", left=True, key=True), Column("votes"), Column("acc %"), *points)
    sheet = Sheet((*heads, Column("r within"), Column("r across", with_last=True)))
    for row in rows:
        how = _together(row)
        gains = [(mode, met) for _, mode, met, equal in each([row]) if equal == "equal_votes"]
        if not gains and any(how):
            sheet.add_row(name(row), *[""] * 6, *how)
        for mode, met in gains:
            over, shown = met["over_mean"], how if (mode, met) == gains[0] else ("", "")
            cells = (MODES[mode], number(met["votes"]), f"{100 * met['accuracy']:.1f}")
            points_said, holm = versus(over)
            bold = (4, 5, 6) if over["p_holm"] < 0.05 else ()
            sheet.add_row(name(row), *cells, points_said, p_text(over["p_value"]), holm, *shown, bold=bold)
    return sheet


def _together(row: Row) -> tuple[str, str]:
    """The correlations within a value and across values; a vote beside itself (T = 0) has none."""
    found = row["correlation"]
    return "" if found["within"] == 1 else correlation(found["within"]), correlation(found["across"])


def _correlates(row: Row) -> bool:
    found = row["correlation"]
    return any(found[which] is not None for which in ("within", "across"))


def _legend(frame: Frame) -> list[str]:
    """What the columns are, and where the rest is."""
    rows = frame["axes"]["rows"]
    told = any(any(_together(row)) for row in rows)
    lines = ["r: correlation of being right, of two votes of a value (within), of two values (across)"] if told else []
    if rows:
        lines.append("at equal NFE, over the best value, each value, and value by value: --json; terms: docs/axes.md")
    return lines


def notes(frame: Frame) -> list[str]:
    """What a reader has to know of the tables."""
    found = frame["axes"]
    rows = found["rows"]
    lines = [] if rows else ["no two voters differ in one thing, and none has several samples: there is no axis"]
    lines += [f"{axis}: not told, {why}" for axis, why in found["untold"].items()]
    if rows and not any(map(_correlates, rows)):
        lines.append("correlation: not told, no votes are right on some problems and wrong on others")
    said: dict[str, list[str]] = {}  # axes of which the same is to be said share a line
    for row in rows:
        for part in _of_row(row, frame["problems"]):
            said.setdefault(part, []).append(name(row))
    lines += [f"{', '.join(axes)}: {part}" for part, axes in said.items()]
    if any(True for _ in each(rows)):
        lines.append(
            "all else fixed: the mean over its settings; votes too: they vote as well. p: sign-flip test over "
            f"problems, as the interval; Holm: p corrected for {found['comparisons']} comparisons"
        )
    if frame["until_decided"]:
        lines.append("votes were left out where a problem was decided: the problems that have all are the harder ones")
    return lines


def _of_row(row: Row, problems: int) -> list[str]:
    """What is to be known of an axis."""
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
    if (constant := row["voters"]["constant"]) and _correlates(row):
        parts.append(f"no correlation of {constant} of {plural(compared, 'voter')}: right on all problems or on none")
    return parts


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
