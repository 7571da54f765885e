"""The table of `hex compare`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import grouped, plural
from hexcli.report.sheet import Column, Sheet
from hexcli.report.tables import p_text, percent
from hexcli.report.terminal import visible
from hexcli.scoring.comparing import answers_text
from hexcli.scoring.needed import about

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

TELLING = 6  # problems that have to differ, all to one side, for a p of the sign-flip test below 0.05: 2 / 2^6
LONGEST = 24  # characters of an answer; --json has all of them


def comparison_table(found: Mapping[str, Any], listed: int) -> "Group":
    """Who is compared, the verdict, and the problems won and lost, `listed` of each with their answers."""
    from rich.console import Group
    from rich.text import Text

    one, other = found["a"], found["b"]
    low, high = found["ci95"]
    bold = "bold" if found["p_value"] < 0.05 else ""
    verdict = (
        f"A - B: {100 * found['difference']:+z.1f} points ({100 * low:+z.1f} to {100 * high:+z.1f}), "
        f"p {p_text(found['p_value'])}; "
        f"won {len(found['won'])}, lost {len(found['lost'])} of {plural(found['problems'], 'problem')}"
    )
    return Group(
        Text(f"{visible(found['task'])}: A is {_who(one)}, B is {_who(other)}", style="bold"),
        *_differ(found),
        _sides(one, other),
        Text(verdict, style=bold),
        Text(f"(95 % interval) and p: {found['test'].replace(',', ' test over problems,')}", style="dim"),
        *_too_few(found),
        *_needed(found),
        *_left_out(found),
        *_problems("won", "A is better", found["won"], listed),
        *_problems("lost", "B is better", found["lost"], listed),
    )


def _who(side: Mapping[str, Any]) -> str:
    name = f"block {side['name']}" if side["kind"] == "schedule" else side["name"]
    return f"{visible(name)} of {visible(side['run'])} ({visible(side['model'])})"


def _sides(*sides: Mapping[str, Any]) -> Sheet:
    sheet = Sheet(tuple(map(Column, ("", "accuracy", "95 %", "correct"))))
    for letter, side in zip("AB", sides, strict=True):
        low, high = side["ci95"]
        sheet.add_row(
            letter + (" *" if side["partial"] else ""),
            percent(side["accuracy"]),
            f"{100 * low:.1f}-{100 * high:.1f}",
            f"{side['correct']:.4g}",
        )
    return sheet


def _differ(found: Mapping[str, Any]) -> "list[Text]":
    """In which settings A and B differ; nothing of schedules and aggregators of one run, whose names tell."""
    from rich.text import Text

    told = ", ".join(f"{name} {own} / {other}" for name, (own, other) in found["differ"].items())
    if not told and found["a"]["path"] == found["b"]["path"]:
        return []
    return [Text(visible(f"differ in (A / B): {told}" if told else "the settings of both runs are the same"))]


def _too_few(found: Mapping[str, Any]) -> "list[Text]":
    """That no outcome could be told from chance, where so few problems differ."""
    from rich.text import Text

    differing = len(found["won"]) + len(found["lost"])
    if differing >= TELLING:
        return []
    what = (
        f"only {plural(differing, 'problem')} {'differs' if differing == 1 else 'differ'}"
        if differing
        else "none differs"
    )
    least = p_text(min(2.0 ** (1 - differing), 1.0))
    return [Text(f"{what}: p cannot be below {least}; below 0.05 takes {TELLING} that differ (decode more: --limit)")]


def _needed(found: Mapping[str, Any]) -> "list[Text]":
    """How many problems would tell, as far as that can be said of those there are."""
    from rich.text import Text

    told = needed_text(found["problems_needed"], found["problems"])
    return [Text(told, style="dim")] if told else []


def needed_text(needed: int | None, problems: int, pairs: int = 1) -> str:
    """What telling the difference takes, as one of so many pairs; empty where that is not known, or not more."""
    if needed is None or needed <= problems:
        return ""
    among = f" among {pairs} pairs" if pairs > 1 else ""
    return f"a difference like this takes about {grouped(about(needed))} problems to tell{among} (rough: 80 % power)"


def _left_out(found: Mapping[str, Any]) -> "list[Text]":
    from rich.text import Text

    paired = found["problems"]
    lines = []
    if found["only_in_a"] or found["only_in_b"]:
        shares = (f"{paired} of the {paired + found[f'only_in_{side}']} problems of {side.upper()}" for side in "ab")
        lines.append(f"paired: {' and '.join(shares)}; the others are left out")
    if found["a"]["partial"] or found["b"]["partial"]:
        lines.append("* votes are missing of some of its problems")
    return [Text(line, style="dim") for line in lines]


def _problems(head: str, means: str, problems: Sequence[Mapping[str, Any]], listed: int) -> "list[Sheet | Text]":
    """A table of the first problems, and the ids of the others."""
    from rich.text import Text

    parts: list[Sheet | Text] = []
    shown, others = problems[:listed], problems[listed:]
    if shown:
        columns = (Column("target", left=True), Column("A", left=True), Column("B", left=True))
        sheet = Sheet((Column(f"{head}: {means}"), *columns))
        for one in shown:
            answers = (answers_text(one[side]["answers"]) for side in "ab")
            sheet.add_row(visible(one["problem_id"]), *map(_short, (str(one["target"]), *answers)))
        parts.append(sheet)
    if others:
        ids = ", ".join(visible(one["problem_id"]) for one in others)
        parts.append(Text(f"{head}{' besides' if shown else ''}, {len(others)}: {ids}"))
    return parts


def _short(text: str) -> str:
    text = visible(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
