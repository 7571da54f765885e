"""Figures of how good and how dear: accuracies, differences, block lengths, votes, costs, categories, runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from hexcli.errors import plural
from hexcli.insight.beside import beside
from hexcli.insight.cost import COSTS, front
from hexcli.insight.findings import Findings
from hexcli.insight.landmarks import landmarks, of_the_dataset
from hexcli.report.page.table import INTERVAL, Figure, Named, figure


def accuracy(runs: Named) -> Figure:
    """Every schedule, aggregator and the oracle."""
    columns = (
        "run Run", "kind Kind", "name Name", "accuracy:share Accuracy", *INTERVAL,
        "credit:share Credit", "correct:number Correct", "problems:count Problems",
        "answered:share Answered", "ties:share Ties", "votes:count Votes",
        "nfe:number NFE/problem", "tokens:number Tokens/problem", "partial Partial",
    )  # fmt: skip
    return figure(
        "accuracy",
        columns,
        (
            (run, row["kind"], row["name"], row["accuracy"], *row["ci95"], row.get("credit"), row["correct"],
             row["problems"],
             1 - row["abstention_rate"], row["tie_rate"] if row["kind"] == "aggregator" else None, row["votes"],
             row["nfe_per_problem"], row["tokens_per_problem"] or None, "partial" if row.get("partial") else "")
            for run, found in runs.items() if found.scored for row in found.frame["rows"]
        ),
    )  # fmt: skip


def differences(runs: Named) -> Figure:
    """Aggregators beside the best single schedule and majority, problem by problem."""
    columns = (
        "run Run", "name Aggregator", "rival Beside", "rival_name Which is", "difference:points Points more",
        "low:points 95 % from", "high:points to", "won:count Won", "lost:count Lost", "p:p p",
        "holm:p p (Holm)",
    )  # fmt: skip
    return figure(
        "differences",
        columns,
        (
            (run, name, one["rival"], one["name"], one["difference"], *one["ci95"], one["won"], one["lost"],
             one["p_value"], one.get("p_holm"))
            for run, found in runs.items() if found.scored for name, one in _rivals(found)
        ),
    )  # fmt: skip


def _rivals(found: Findings) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every comparison of the run: its aggregators with their rivals, and as many votes with those of one schedule."""
    for row in found.frame["rows"]:
        for one in row.get("versus", ()):
            yield row["name"], one
    if (fair := found.frame.get("equal_votes")) is not None:
        rival = {"rival": f"{plural(fair['votes'], 'vote')} of the best alone", "name": fair["best_single"]["name"]}
        yield f"majority of {plural(fair['votes'], 'vote')}", {**fair, **rival}
    for row in found.frame.get("joint", ()):
        yield "majority of all runs", {**row["versus"], "rival": "majority of one of them", "name": row["name"]}
        equal = {**row["at_equal_nfe"]["versus"], "rival": "majority of one of them, at its NFE", "name": row["name"]}
        yield "majority of all runs", equal


def blocks(runs: Named) -> Figure:
    """Accuracy by block length, and how often the end is committed early."""
    columns = (
        "run Run", "schedule Schedule", "length:number Block length", "gen_length:count Canvas",
        "temperature:number Temperature", "accuracy:share Accuracy", *INTERVAL, "early:share Ends early",
        "early_low:share 95 % from", "early_high:share to", "known:count Generations that tell",
    )  # fmt: skip
    return figure(
        "blocks",
        columns,
        (
            (run, one.name, one.length, one.gen_length, one.temperature, one.accuracy, *(one.ci95 or (None, None)),
             one.early_rate, *(one.early95 if one.known else (None, None)), one.known)
            for run, found in runs.items() for one in found.blocks()
        ),
    )  # fmt: skip


def votes(runs: Named) -> Figure:
    """What more votes buy."""
    columns = (
        "run Run",
        "method Method",
        "votes:count Votes",
        "accuracy:share Accuracy",
        "sd:share Standard deviation",
    )
    return figure(
        "votes",
        columns,
        (
            (run, method, place["votes"], place["accuracy"], place.get("sd"))
            for run, found in runs.items()
            if found.scored
            for method, curve in found.frame["curves"].items()
            for place in curve
        ),
    )


def costs(runs: Named) -> Figure:
    """Cost against accuracy, with the Pareto front of each run, and what is published on its task."""
    columns = (
        "task Task", "run Run", "kind Kind", "name Name", "votes:count Votes", "accuracy:share Accuracy", *INTERVAL,
        "nfe:number NFE/problem", "tokens:number Tokens/problem", "seconds:number Seconds/problem",
        "front_nfe Front by NFE", "front_tokens by tokens", "front_seconds by seconds", "source Source",
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for run, found in runs.items():
        points = found.points()
        fronts = [front(points, cost) for cost in COSTS]
        for one in points:
            on_front = ("yes" if one in kept else "" for kept in fronts)
            costs = (one.nfe, one.tokens, one.seconds)
            interval = one.ci95 or (None, None)
            about = (found.counted.task.name, run, one.kind, one.name, one.votes)
            rows.append((*about, one.accuracy, *interval, *costs, *on_front, None))
    scored = [found.counted for found in runs.values() if found.scored]
    for task in dict.fromkeys(one.task.name for one in scored):
        own = all(of_the_dataset(one) for one in scored if one.task.name == task)
        doubt = "" if own else f" (of {task}; the runs' problems, from a file, are not known to be {task}'s)"
        for mark in landmarks(task):
            source = f"arXiv {mark.source}{doubt}"
            unknown = (None, None)
            said = (task, "published", "published", mark.name, None, mark.accuracy, *unknown)
            rows.append((*said, mark.nfe, *unknown, "", "", "", source))
    return figure("costs", columns, rows)


def categories(runs: Named) -> Figure:
    """Accuracy by category, of schedules, aggregators and oracle."""
    columns = (
        "run Run", "category Category", "problems:count Problems", "kind Kind", "name Name", "accuracy:share Accuracy",
        *INTERVAL,
    )  # fmt: skip
    return figure(
        "categories",
        columns,
        (
            (run, category, part["problems"], row["kind"], row["name"], part["accuracy"], *part["ci95"])
            for run, found in runs.items() if found.scored
            for row in found.frame["rows"] for category, part in row.get("categories", {}).items()
        ),
    )  # fmt: skip


def compared(runs: Named) -> Figure:
    """Every two runs of a task, on the problems that both have."""
    columns = (
        "first Run", "second Beside", "kind Kind", "name Name", "problems:count Common problems",
        "first_accuracy:share Accuracy", "second_accuracy:share Beside", "difference:points Points more",
        "low:points 95 % from", "high:points to", "won:count Won", "lost:count Lost", "p:p p",
    )  # fmt: skip
    names = list(runs)
    return figure(
        "compared",
        columns,
        (
            (one, other, row.kind, row.name, row.problems, row.first, row.second, row.difference, *row.ci95, row.won,
             row.lost, row.p_value)
            for place, one in enumerate(names) for other in names[place + 1 :]
            for row in beside(runs[one], runs[other])
        ),
    )  # fmt: skip
