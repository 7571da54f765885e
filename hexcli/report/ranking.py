"""The table of `hex score --leaderboard`, for people, papers and programs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.comma import csv_text
from hexcli.report.papers import Paper
from hexcli.report.sheet import Column, Sheet
from hexcli.report.tables import p_text
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group

_LONG = 8  # characters of a run's name, above which the columns of runs go by letters
_LETTERS = 26


def leaderboard_table(found: Mapping[str, Any]) -> "Group":
    """The aggregators ranked, what they gain over majority, and what a correction for their number leaves of that."""
    from rich.console import Group
    from rich.text import Text

    runs = found["runs"]
    marks = _marks(runs)
    several = [Column(f"{mark or visible(run['run'])}\n%") for mark, run in zip(marks, runs, strict=True)]
    several = several if len(runs) > 1 else []
    versus = (
        Column(f"points more than\n{found['rival']}"),
        Column("p", with_last=True),
        Column("Holm", with_last=True),
    )
    sheet = Sheet((Column("aggregator"), Column(""), Column("acc %"), Column("correct"), *several, *versus))
    for row in found["rows"]:
        sheet.add_row(
            _name(row),
            str(row["rank"]),
            f"{100 * row['accuracy']:.1f}",
            _correct(row),
            *(f"{100 * share:.1f}" for share in row["of_runs"] if several),
            *_versus(row["versus"]),
            bold=None if row["rank"] == 1 else (),
        )
    for name, key in (("best single, in hindsight", "best_single"), ("oracle", "oracle")):
        row = found[key]
        shares = [f"{100 * share:.1f}" for share in row["of_runs"] if several]
        cells = ("", f"{100 * row['accuracy']:.1f}", _correct(row), *shares, "", "", "")
        sheet.add_row(name, *cells, section=key == "best_single")
    lines = [*_notes(found), *(f"{one['name']} not ranked: {one['reason']}" for one in found["skipped"])]
    head = f"{_problems(found)}:{_named(runs, marks)}"
    return Group(Text(head, style="bold"), sheet, *(Text(visible(line), style="dim") for line in lines))


def _marks(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """A letter for each run, where any has a long name; the head says which is which."""
    long = 1 < len(runs) <= _LETTERS and any(len(visible(run["run"])) > _LONG for run in runs)
    return [chr(ord("A") + place) if long else "" for place in range(len(runs))]


def _named(runs: Sequence[Mapping[str, Any]], marks: Sequence[str]) -> str:
    """The runs with their tasks and models; those with letters in a line each."""
    names = [visible(f"{run['run']} ({run['task']}, {run['model']})") for run in runs]
    if any(marks):
        return "".join(f"\n{mark}  {name}" for mark, name in zip(marks, names, strict=True))
    return f" {', '.join(names)}"


def _problems(found: Mapping[str, Any]) -> str:
    """How many there are: of several runs, each counted once."""
    return plural(found["problems"], "distinct problem" if len(found["runs"]) > 1 else "problem")


def _correct(row: Mapping[str, Any]) -> str:
    return f"{row['correct']:.1f}".removesuffix(".0")


def _name(row: Mapping[str, Any]) -> str:
    verified = " (self-verified)" if row.get("self_verified") else ""
    return visible(row["name"]) + verified + (" *" if row["partial"] else "")


def _versus(versus: Mapping[str, Any] | None) -> Sequence[str]:
    if versus is None:
        return "", "", ""
    low, high = (100 * end for end in versus["ci95"])
    points = f"{100 * versus['difference']:+z.1f} ({low:+z.1f} to {high:+z.1f})"
    return points, p_text(versus["p_value"]), p_text(versus["p_holm"])


def _notes(found: Mapping[str, Any]) -> list[str]:
    rival, number = found["rival"], found["comparisons"]
    lines = [f"left out: {one['name']}, {one['reason']}" for one in found["left_out"]]
    if sum(run["problems"] for run in found["runs"]) > found["problems"]:
        lines.append("a problem that several runs have counts once, as the mean over them")
    if number:
        sure = [row for row in found["rows"] if row["versus"] is not None and row["versus"]["p_holm"] < 0.05]
        above = [row["name"] for row in sure if row["versus"]["difference"] > 0]
        below = [row["name"] for row in sure if row["versus"]["difference"] < 0]
        parts = [f"{', '.join(names)} {word}" for names, word in ((above, "above"), (below, "below")) if names]
        many = plural(number, "comparison")
        lines.append(f"p: sign-flip test over problems; Holm: corrected for {many} with {rival}")
        lines.append(f"told apart from {rival} after the correction: {'; '.join(parts) or 'none'}")
    if any(row["partial"] for row in found["rows"]):
        lines.append("what is marked * lacks votes that other problems have")
    return lines


def leaderboard_written(found: Mapping[str, Any], format: str) -> str:
    """The leaderboard as markdown, latex or csv."""
    if format == "csv":
        return _comma_separated(found)
    several = [f"{run['run']}, %" for run in found["runs"]] if len(found["runs"]) > 1 else []
    rows = [
        [
            _name(row),
            str(row["rank"]),
            f"{100 * row['accuracy']:.1f}",
            _correct(row),
            *(f"{100 * share:.1f}" for share in row["of_runs"] if several),
            *(cell.replace("(", "[").replace(" to ", ", ").replace(")", "]") for cell in _versus(row["versus"])),
        ]
        for row in found["rows"]
    ]
    for name, key in (("best single, in hindsight", "best_single"), ("oracle", "oracle")):
        row = found[key]
        shares = [f"{100 * share:.1f}" for share in row["of_runs"] if several]
        rows.append([name, "", f"{100 * row['accuracy']:.1f}", _correct(row), *shares, "", "", ""])
    paper = Paper(
        title=f"leaderboard: {', '.join(run['run'] for run in found['runs'])}, {_problems(found)}",
        heads=(
            "aggregator",
            "rank",
            "accuracy, %",
            "correct",
            *several,
            f"points more than {found['rival']}",
            "p",
            "Holm",
        ),
        rows=rows,
        note=". ".join(_notes(found)) + ".",
        sections=[len(found["rows"])],
    )
    return paper.markdown() if format == "markdown" else paper.latex()


def _comma_separated(found: Mapping[str, Any]) -> str:
    runs = [f"accuracy {run['run']}" for run in found["runs"]]
    tests = ("difference", "p_value", "p_holm")
    heads = ("name", "rank", "problems", "correct", "accuracy", *runs, *tests, "ci95_low", "ci95_high")
    lines: list[Sequence[object]] = [heads]
    references = [{**found[key], "name": key, "rank": "", "versus": None} for key in ("best_single", "oracle")]
    for row in (*found["rows"], *references):
        versus = row["versus"] or {}
        numbers = [*(versus.get(name, "") for name in tests), *versus.get("ci95", ("", ""))]
        about = (row["name"], row["rank"], found["problems"], row["correct"], row["accuracy"])
        lines.append([*about, *row["of_runs"], *numbers])
    return csv_text(lines)
