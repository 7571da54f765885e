"""Tables of `hex bench` for people."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.sheet import plain_sheet
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group, RenderableType


def bench_table(report: Mapping[str, Any]) -> "Group":
    """What was measured on what, mode by mode."""
    from rich.console import Group
    from rich.text import Text

    body = _shape_parts(report) if "shape" in report else _task_parts(report)
    return Group(
        Text(visible(_title(report)), style="bold"),
        *body,
        *_channels(report),
        Text(visible(_machine(report)), style="dim"),
    )


def _title(report: Mapping[str, Any]) -> str:
    canvas = f"canvas {report['gen_length']}, {plural(report['steps'], 'step')}, T {report['temperature']:g}"
    blocks = f"blocks {','.join(report['schedules'])}"
    if "shape" in report:
        size = f"{report['parameters'] / 1e9:.3g}B parameters, {_gib(report['weight_bytes'])} in {report['dtype']}"
        rows = f"{plural(report['batch_size'], 'row')}, prompt {report['prompt_length']}"
        return f"{report['shape']} with random weights ({size}): {rows}, {canvas}, {blocks}"
    return (
        f"{report['task']}, {report['model']} in {report['dtype']}: {plural(report['problems'], 'problem')}, "
        f"{plural(report['votes'], 'vote')} each, {blocks}, {canvas}"
    )


def _task_parts(report: Mapping[str, Any]) -> "Sequence[RenderableType]":
    return [
        _speeds(report),
        _majorities(report),
        "*: on the Pareto front, none being as accurate for less; rows: of a batch, at most; ratio: to the fastest "
        "published loop",
        "other answers, points more and p: the majority vote beside that of the lossless mode"
        + (", each with noise of its own" if report["temperature"] > 0 else ""),
    ]


def _speeds(report: Mapping[str, Any]) -> "RenderableType":
    """What each mode costs; a star where it is on the front."""
    table = plain_sheet(
        (
            "",
            "seconds",
            "ratio",
            "CPU s",
            "problems/s",
            "generations/s",
            "NFE/problem",
            "tokens/problem",
            "votes",
            "rows",
            "peak",
        )
    )
    for row in report["modes"]:
        front = dict.fromkeys(row["front"], "*")
        table.add_row(
            row["name"],
            f"{row['seconds']:.1f}" + front.get("seconds", ""),
            _number(row["ratio"], ".2f"),
            f"{row['cpu_seconds']:.1f}",
            f"{row['problems_per_second']:.3g}",
            f"{row['generations_per_second']:.3g}",
            f"{row['nfe_per_problem']:.4g}" + front.get("nfe_per_problem", ""),
            f"{row['tokens_per_problem']:.0f}" + front.get("tokens_per_problem", ""),
            f"{row['generations'] / report['problems']:.3g}",
            str(row["batch_size"]),
            _gib(row["peak_bytes"]),
        )
    return table


def _majorities(report: Mapping[str, Any]) -> "RenderableType":
    """How right the vote of each mode is, and what differs from the lossless one."""
    table = plain_sheet(
        (
            "",
            "accuracy",
            "95 % interval",
            "other answers",
            "points more",
            "95 % of that",
            "p",
            "same text",
            "same tokens",
        )
    )
    for row in report["modes"]:
        table.add_row(
            row["name"],
            _percent(row["accuracy"]),
            " - ".join(f"{100 * end:.1f}" for end in row["ci95"] or ()),
            _percent(row["changed_votes"]),
            "" if row["accuracy_difference"] is None else f"{100 * row['accuracy_difference']:+z.1f}",
            " to ".join(f"{100 * end:+z.1f}" for end in row["difference_ci95"] or ()),
            _number(row["p_value"], ".3f"),
            _percent(row["same_text"]),
            _percent(row["same_tokens"]),
        )
    return table


def _shape_parts(report: Mapping[str, Any]) -> "Sequence[RenderableType]":
    columns = (
        "",
        "rows",
        "ms/step",
        "steps",
        "s/decode",
        "ratio",
        "tokens/s",
        "tokens computed",
        "peak",
        "steps timed",
    )
    table = plain_sheet(columns)
    for row in report["modes"]:
        table.add_row(
            row["name"],
            str(row["rows"]),
            _number(row["ms_per_step"], ".1f") or "out of memory",
            _number(row["steps"], "d"),
            _number(row.get("seconds_per_decode"), ".1f"),
            _number(row["ratio"], ".2f"),
            _number(row["tokens_per_second"], ".0f"),
            _number(row.get("tokens_computed"), "d"),
            _gib(row["peak_bytes"]),
            _number(row["steps_timed"], "d"),
        )
    failed = [visible(f"{row['name']}: {row['error']}") for row in report["modes"] if "error" in row]
    return [table, "ratio: of the seconds a row of the published loop", *failed, *_votes(report)]


def _votes(report: Mapping[str, Any]) -> "Sequence[RenderableType]":
    """What a problem takes until its vote is decided, beside one published decode."""
    one = report["published_decode_seconds"]
    if one is None:
        return []
    table = plain_sheet(("", "s/problem", "of one published decode"))
    for row in report["modes"]:
        if "seconds_per_problem" in row:
            seconds = row["seconds_per_problem"]
            table.add_row(row["name"], f"{seconds:.3f}", f"{seconds / one:.3f}")
    return [f"{report['votes']:g} votes a problem; one published decode of one row: {one:.2f} s", table]


def _channels(report: Mapping[str, Any]) -> "Sequence[RenderableType]":
    rows = [row for row in report["modes"] if "channels" in row]
    if not rows:
        return []
    busy = ["GPU busy"] if any(row.get("gpu_busy_seconds") for row in rows) else []
    table = plain_sheet(("share of the time", *rows[0]["channels"], *busy))
    for row in rows:
        whole = sum(row["channels"].values())
        table.add_row(
            row["name"],
            *(_percent(spent / whole) for spent in row["channels"].values()),
            *(_percent(row["gpu_busy_seconds"] / row["seconds"]) for _ in busy),
        )
    return [table]


def _machine(report: Mapping[str, Any]) -> str:
    hardware, versions = report["hardware"], report["versions"]
    cpu = f"{hardware['cpu']}, {plural(hardware['cores'], 'core')}, {plural(hardware['threads'], 'thread')}"
    named = " ".join(f"{name} {version}" for name, version in versions.items())
    return f"{hardware['gpu']} ({cpu}); {named}" if hardware["gpu"] else f"{cpu}; {named}"


def _number(value: float | None, form: str) -> str:
    return "" if value is None else f"{value:{form}}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _gib(size: int | None) -> str:
    return "" if size is None else f"{size / 2**30:.2f} GiB"
