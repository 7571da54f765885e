"""Tables of votes and scores for people. `--json` prints the same rows for programs."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.report.terminal import visible
from hexcli.runs.ballots import Ballot
from hexcli.voting.votes import Decision

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text


def plain_table(columns: Sequence[str]) -> "Table":
    """A table with a line under its heads: names to the left, numbers to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 else "right", no_wrap=True)
    return table


def _titled(frame: Mapping[str, Any], *parts: "Table | Text | str") -> "Group":
    """Tables and lines under one that says what they are of. (A table's own title would wrap at its width.)"""
    from rich.console import Group
    from rich.text import Text

    unfinished = "" if frame["complete"] else "  (unfinished run)"
    title = (
        f"{visible(frame['run'])}: {visible(frame['task'])}, {visible(frame['model'])}, {frame['problems']} problems, "
        f"{frame['generations']} generations{unfinished}"
    )
    return Group(Text(title, style="bold"), *parts)


def _until_decided(frame: Mapping[str, Any]) -> "list[Text]":
    """What is to be known of a run whose votes are not all there, on purpose."""
    from rich.text import Text

    stopped = frame["until_decided"]
    if stopped is None:
        return []
    leading = f" once the leader led with {100 * stopped['certainty']:g} % (Beta posterior)"
    note = f"{stopped['not_needed']} votes were not cast{leading if stopped['certainty'] < 1 else ''}. "
    aggregators = (row for row in frame["rows"] if row.get("kind", "aggregator") == "aggregator")
    if steady := [row["name"] for row in aggregators if "partial" not in row]:
        note += f"They could not change an answer of {' or '.join(steady)}. "
    return [Text(note + "What is marked *, and ties and agreement, is of the votes there are.", style="dim")]


def _unequal(frame: Mapping[str, Any]) -> "list[Text]":
    """What is to be known of a run whose problems have unequal numbers of votes, none left out on purpose."""
    from rich.text import Text

    votes = frame["votes_per_problem"]
    rows = [row for row in frame["rows"] if row.get("partial")]
    if frame["until_decided"] or not rows:
        return []
    fewest, most, full = votes["fewest"], votes["most"], votes["full"]
    numbers = f"{fewest}" if fewest == most else f"{fewest} to {most} ({most}: {full})"
    note = f"Unequal numbers of votes: {numbers} of {frame['problems']} problems. "
    note += "What is marked * is of the votes there are"
    fewer = [f"{row['name']}: {row['problems']}" for row in rows if row.get("problems", math.inf) < frame["problems"]]
    return [Text(note + (f"; problems of {', '.join(fewer)}." if fewer else "."), style="dim")]


def _equal_votes(frame: Mapping[str, Any]) -> "list[Text]":
    """The fair rival, and how the p-values came about."""
    from rich.text import Text

    lines, found = [], frame["equal_votes"]
    if found is not None:
        best, all_ = found["best_single"], found["all_schedules"]
        points, p_value = _versus(found)
        lines.append(
            f"majority of {found['votes']} votes of all schedules {_percent(all_['accuracy'])}, "
            f"of block {best['name']} alone {_percent(best['accuracy'])}: {points}, p {p_value}"
        )
    pairs = [(row["name"], versus) for row in frame["rows"] for versus in row.get("versus", ())]
    holding = [f"{name} - {versus['name']}" for name, versus in pairs if versus["p_holm"] < 0.05]
    number = frame["comparisons"]
    corrected = f"; of {number} comparisons Holm's correction leaves {', '.join(holding) or 'none'} below 0.05"
    exact = all(versus["test"] == "sign-flip, exact" for _, versus in pairs)
    test = f"intervals and p-values: sign-flip test over problems, {'exact' if exact else 'estimated where many'}"
    return [Text(line, style="dim") for line in [*lines, test + (corrected if number > 1 else "")]]


def score_table(frame: Mapping[str, Any]) -> "Group":
    """One run's scores: schedules, aggregators, oracle; then the aggregators compared; then who was skipped."""
    from rich.text import Text

    columns = ("", "accuracy", "95 % interval", "correct", "answered", "ties", "votes", "NFE/problem")
    credited = ["credit"] if any("credit" in row for row in frame["rows"]) else []
    table = plain_table((*columns[:2], *credited, *columns[2:]))
    kind = None
    for row in frame["rows"]:
        if kind is not None and row["kind"] != kind:
            table.add_section()
        kind = row["kind"]
        low, high = row["ci95"]
        table.add_row(
            Text(_row_name(row)),
            _percent(row["accuracy"]),
            *(f"{100 * row[name]:.2f} %" for name in credited),
            f"{100 * low:.1f} - {100 * high:.1f}",
            f"{row['correct']:g}/{row['problems']}",
            _percent(1 - row["abstention_rate"]),
            _percent(row["tie_rate"]) if kind == "aggregator" else "",
            str(row["votes"]),
            f"{row['nfe_per_problem']:g}",
            style="bold" if kind == "aggregator" else None,
        )
    return _titled(
        frame,
        table,
        _comparison(frame),
        *_equal_votes(frame),
        *_skipped(frame),
        *_unequal(frame),
        *_until_decided(frame),
    )


def _comparison(frame: Mapping[str, Any]) -> "Table":
    """The aggregators beside their rivals, problem by problem: difference in points, its interval, p-value."""
    best = f"block {visible(frame['best_single'])}, best in hindsight"
    table = plain_table(("points more than", best, "p", "majority", "p"))
    for row in frame["rows"]:
        if row["kind"] == "aggregator":
            cells = {versus["rival"]: _versus(versus) for versus in row["versus"]}
            single = cells.get("best single, in hindsight", ("", ""))
            majority = cells.get("majority", ("", ""))
            table.add_row(row["name"], *single, *majority)
    return table


def _versus(versus: Mapping[str, Any]) -> tuple[str, str]:
    low, high = (100 * end for end in versus["ci95"])
    p_value = versus["p_value"]
    return (
        f"{100 * versus['difference']:+.1f} ({low:+.1f} to {high:+.1f})",
        f"{p_value:.3f}" if p_value >= 0.001 else "<0.001",
    )


def category_table(frame: Mapping[str, Any]) -> "Group":
    """One run's accuracies by category, in per cent: the best single schedule, the aggregators, the oracle."""
    from rich.text import Text

    rows = [row for row in frame["rows"] if row["kind"] != "schedule" or row["name"] == frame["best_single"]]
    if "categories" not in rows[0]:
        return _titled(frame, "its problems have no categories")
    heads = [visible(f"block {row['name']}" if row["kind"] == "schedule" else row["name"]) for row in rows]
    table = plain_table(("accuracy, %", "n", *(head.replace(" ", "\n").replace("-", "-\n") for head in heads)))
    table.padding = (0, 1, 0, 0)
    for name, part in rows[0]["categories"].items():
        cells = (f"{100 * row['categories'][name]['accuracy']:.1f}" for row in rows)
        table.add_row(Text(visible(name)), str(part["problems"]), *cells)
    return _titled(frame, table)


def _row_name(row: Mapping[str, Any]) -> str:
    name, kind = row["name"], row.get("kind")
    if kind == "schedule":
        mean = f" (mean of {row['samples']})" if row["samples"] > 1 else ""
        name = f"block {name}{mean}"
    elif kind == "oracle":
        name = "oracle (any vote right)"
    return visible(f"{name} *" if row.get("partial") else name)


def vote_table(frame: Mapping[str, Any]) -> "Group":
    """One run's votes by aggregator."""
    table = plain_table(("aggregator", "voted", "abstained", "ties", "agreement"))
    for row in frame["rows"]:
        table.add_row(
            _row_name(row),
            f"{row['voted']}/{frame['problems']}",
            str(row["abstained"]),
            str(row["ties"]),
            _percent(row["agreement"]),
        )
    return _titled(frame, table, *_skipped(frame), *_unequal(frame), *_until_decided(frame))


def _skipped(frame: Mapping[str, Any]) -> "list[Text]":
    from rich.text import Text

    return [
        Text(visible(f"{skipped['name']} skipped: {skipped['reason']}"), style="dim") for skipped in frame["skipped"]
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def ballot_text(ballot: Ballot, decision: Decision, aggregator: str) -> str:
    """One problem in full: each schedule's text and answer, then the vote."""
    parts = []
    for vote, generation in zip(ballot.votes, ballot.generations, strict=True):
        schedule = generation.schedule
        seed = "" if schedule.deterministic else f", seed {schedule.seed}"
        source = "cached" if generation.cached else f"{generation.response.seconds:.2f} s"
        parts.append(
            f"block {schedule.label}{seed} ({generation.response.nfe} NFE, {source}): "
            f"answer {visible(vote.answer) if vote.answer is not None else 'none'}\n"
            f"{_indented(generation.response.text)}"
        )
    if decision.answer is None:
        verdict = "no answer: every vote abstained"
    else:
        count = f"{decision.tallies[0].votes} of {len(ballot.votes)} votes"
        verdict = f"{visible(decision.answer)}  ({count}{', a tie: first cast wins' if decision.tie else ''})"
    parts.append(f"{aggregator}: {verdict}")
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in visible(text.strip(), lines=True).split("\n"))
