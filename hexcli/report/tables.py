"""Tables of votes and scores for people. `--json` prints the same rows for programs."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.heads import both_have, notes, passes, remarks, row_name, titled, votes_are
from hexcli.report.heads import p_text as p_text
from hexcli.report.joint import joint_table
from hexcli.report.sheet import Column, Sheet, folded
from hexcli.report.terminal import visible
from hexcli.runs.ballots import Ballot
from hexcli.voter import voter_names
from hexcli.voting.votes import Decision

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table


def plain_table(columns: Sequence[str]) -> "Table":
    """A table with a line under its heads: names to the left, numbers to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 else "right", no_wrap=True)
    return table


def score_table(frame: Mapping[str, Any], differ: Sequence[str] = ()) -> "Group":
    """One run's scores: schedules, aggregators, oracle; then the aggregators compared; then who was skipped.

    `differ`: settings in which several runs differ, to be named in the head.
    """
    sheet = score_sheet(frame, frame["rows"])
    return titled(frame, differ, sheet, *_comparison(frame), *joint_table(frame), *notes(frame), *remarks(frame))


def score_sheet(frame: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], *, brief: bool = False) -> Sheet:
    """Rows of a run's scores, the best of them bold; a gap stands between kinds. What a row does not say is empty.

    `brief`: without the ties, without the share that is answered where that is all, and no gap above the oracle.
    """
    credited = [Column("credit")] if any("credit" in row for row in rows) else []
    uneven = any(row.get("problems", frame["problems"]) < frame["problems"] for row in rows)
    columns = (Column(""), Column("acc %"), *credited, Column("95 %"), Column("correct"))
    ties = [] if brief else [Column("ties %", droppable=True)]
    silent = [] if brief and not any(row.get("abstained") for row in rows) else [Column("answered", droppable=True)]
    more = (*silent, *ties, Column("votes", droppable=True))
    sheet = Sheet((*columns, *more, Column("NFE", droppable=True)))
    contest = [row for row in rows if row["kind"] != "oracle"]
    best, kind = max(contest, key=lambda row: row["accuracy"], default=None), None
    for row in rows:
        low, high = row["ci95"]
        sheet.add_row(
            row_name(frame, row),
            f"{100 * row['accuracy']:.1f}",
            *(f"{100 * row['credit']:.1f} %" if "credit" in row else "" for _ in credited),
            f"{100 * low:.1f}-{100 * high:.1f}",
            f"{row['correct']:.1f}".removesuffix(".0") + (f"/{row['problems']}" if uneven else "")
            if "correct" in row
            else "",
            *(percent(1 - row["abstention_rate"]) if "abstention_rate" in row else "" for _ in silent),
            *(f"{100 * row['tie_rate']:.1f}" if row["kind"] == "aggregator" else "" for _ in ties),
            str(row["votes"]),
            passes(row["nfe_per_problem"]),
            bold=None if row is best else (),
            section=kind not in (None, row["kind"]) and not (brief and (kind, row["kind"]) == ("aggregator", "oracle")),
        )
        kind = row["kind"]
    return sheet


def _comparison(frame: Mapping[str, Any]) -> "list[RenderableType]":
    """The aggregators beside their rivals, problem by problem: difference in points, its interval, p-value; and how
    many problems that is of, where not all.

    Nothing where none could vote.
    """
    from rich.text import Text

    if not any(row["kind"] == "aggregator" for row in frame["rows"]):
        return []
    best = f"block {frame['best_single']},\nbest in hindsight"
    p = Column("p", with_last=True)
    sheet = Sheet((Column("points more than"), Column(best), p, Column("majority"), p))
    for row in frame["rows"]:
        if row["kind"] == "aggregator":
            met = {versus["rival"]: versus for versus in row["versus"]}
            rivals = (met.get("best single, in hindsight"), met.get("majority"))
            cells = [cell for versus in rivals for cell in _versus(versus)]
            sure = [2 * place + 2 for place, versus in enumerate(rivals) if versus and versus["p_value"] < 0.05]
            sheet.add_row(row["name"], *cells, bold=[*sure, *(place - 1 for place in sure)])
    with_best = [one for row in frame["rows"] for one in row.get("versus", ()) if one["rival"] != "majority"]
    some = {both_have(frame, one) for one in with_best} - {""}
    return [sheet, *(Text(f"block {frame['best_single']}: compared{said[1:]}", style="dim") for said in sorted(some))]


def _versus(versus: Mapping[str, Any] | None) -> tuple[str, str]:
    if versus is None:
        return "", ""
    low, high = (100 * end for end in versus["ci95"])
    return f"{100 * versus['difference']:+z.1f} ({low:+z.1f} to {high:+z.1f})", p_text(versus["p_value"])


def summary_table(frames: Sequence[Mapping[str, Any]], differ: Sequence[str]) -> Sheet:
    """Several runs, a line each: what differs, the best schedule in hindsight, majority, oracle, and what it gains."""
    heads = [Column({"schedules": "blocks"}.get(name, name), left=name in ("task", "model")) for name in differ]
    numbers = (Column("best %"), Column("block"), Column("maj. %"), Column("oracle %"), Column("gain"))
    sheet = Sheet((Column("run"), *heads, *numbers, Column("p", with_last=True)))
    for frame in frames:
        rows = {(row["kind"], row["name"]): row for row in frame["rows"]}
        majority = rows["aggregator", "majority"]
        gain = next((one for one in majority["versus"] if one["rival"] != "majority"), None)
        sure = gain is not None and gain["p_value"] < 0.05
        sheet.add_row(
            visible(frame["run"]) + ("" if frame["complete"] else " (unfinished)"),
            *(visible(frame["settings"].get(name, "none")) for name in differ),
            f"{100 * rows['schedule', frame['best_single']]['accuracy']:.1f}",
            frame["best_single"],
            f"{100 * majority['accuracy']:.1f}",
            f"{100 * rows['oracle', 'oracle']['accuracy']:.1f}",
            "" if gain is None else f"{100 * gain['difference']:+z.1f}",
            "" if gain is None else p_text(gain["p_value"]),
            bold=(len(differ) + 5, len(differ) + 6) if sure else (),
        )
    return sheet


def category_table(frame: Mapping[str, Any]) -> "Group":
    """One run's accuracies by category, in per cent: the best single schedule, the aggregators, the oracle."""
    rows = [row for row in frame["rows"] if row["kind"] != "schedule" or row["name"] == frame["best_single"]]
    if "categories" not in rows[0]:
        how = "a column of rows of your own: hex decode --data FILE:category=COLUMN"
        return titled(frame, (), f"its problems have no categories ({how})")
    columns = [Column(_head_of(row)) for row in rows]
    sheet = Sheet((Column("accuracy, %"), Column("n"), *columns))
    names = dict.fromkeys(name for row in rows for name in row["categories"])
    for name in sorted(names):
        parts = [row["categories"].get(name) for row in rows]
        cells = ("" if part is None else f"{100 * part['accuracy']:.1f}" for part in parts)
        sheet.add_row(visible(name), str(max(part["problems"] for part in parts if part)), *cells)
    return titled(frame, (), sheet)


def _head_of(row: Mapping[str, Any]) -> str:
    """A row's name as a head of few lines: a schedule's as far as that goes whole."""
    if row["kind"] == "schedule":
        return f"block\n{folded(visible(row['name']), 20)}"
    return str(row["name"]).replace(" ", "\n").replace("-", "-\n")


def vote_table(frame: Mapping[str, Any], differ: Sequence[str] = ()) -> "Group":
    """One run's votes by aggregator; `differ` as in `score_table`."""
    heads, cells = votes_table(frame)
    sheet = Sheet((Column("aggregator"), *heads))
    for row in frame["rows"]:
        sheet.add_row(row_name(frame, row), *cells(row))
    return titled(frame, differ, sheet, *votes_are(frame), *remarks(frame))


def votes_table(frame: Mapping[str, Any]) -> tuple[list[Column], Callable[[Mapping[str, Any]], list[str]]]:
    """The heads of a table of votes, and the cells of a row; abstentions where there are any."""
    silent = any(row["abstained"] for row in frame["rows"])

    def cells(row: Mapping[str, Any]) -> list[str]:
        abstained = [str(row["abstained"])] if silent else []
        return [f"{row['voted']}/{frame['problems']}", *abstained, str(row["ties"]), percent(row["agreement"])]

    heads = ("voted", *(["abstained"] if silent else []), "ties", "agreement")
    return list(map(Column, heads)), cells


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.1f} %"


def ballot_text(ballot: Ballot, decision: Decision, aggregator: str) -> str:
    """One problem in full: each schedule's text and answer, then the vote."""
    parts, names = [], voter_names(vote.voter for vote in ballot.votes)
    for vote, generation in zip(ballot.votes, ballot.generations, strict=True):
        schedule = generation.schedule
        seed = "" if schedule.deterministic else f", seed {schedule.seed}"
        source = "cached" if generation.cached else f"{generation.response.seconds:.2f} s"
        parts.append(
            f"block {visible(names[vote.expert])}{seed} ({generation.response.nfe} NFE, {source}): "
            f"answer {visible(vote.answer) if vote.answer is not None else 'none'}\n"
            f"{_indented(generation.response.text)}"
        )
    if decision.answer is None:
        verdict = "no answer: every vote abstained"
    else:
        count = f"{decision.tallies[0].votes} of {plural(len(ballot.votes), 'vote')}"
        verdict = f"{visible(decision.answer)}  ({count}{', a tie: first cast wins' if decision.tie else ''})"
    parts.append(f"{aggregator}: {verdict}")
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in visible(text.strip(), lines=True).split("\n"))
