"""The table of `hex bench --workers` for people."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.sheet import Sheet, plain_sheet
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group


def crews_table(report: Mapping[str, Any]) -> "Group":
    """Crews beside one process."""
    from rich.console import Group
    from rich.text import Text

    sheet = plain_sheet(
        ("", "start s", "seconds", "generations/s", "ratio", "ratio of a round", "overhead ms", "same tokens")
    )
    for row in report["crews"]:
        low, *_, high = row["ratios"]
        sheet.add_row(
            visible(row["name"]),
            f"{row['start_seconds']:.1f}",
            f"{row['seconds']:.1f}",
            f"{row['generations_per_second']:.2f}",
            f"{row['ratio']:.2f}",
            f"{low:.2f}-{high:.2f}",
            f"{row['overhead_ms']:.1f}",
            f"{row['same_tokens']}/{report['generations']}",
        )
    what = report.get("shape") or f"{report['task']}, {report['model']}"
    size = "auto" if report["batch_size"] is None else report["batch_size"]
    title = f"{what} in {report['dtype']}: {plural(report['generations'], 'generation')}, batches of {size}, "
    threads = "" if report["threads"] is None else f", {plural(report['threads'], 'thread')} a worker"
    hardware = report["hardware"]
    where = hardware["gpu"] or f"{hardware['cpu']}, {plural(hardware['cores'], 'core')}"
    return Group(
        Text(visible(title + f"{report['rounds']} rounds{threads}"), style="bold"),
        sheet,
        Text(""),
        _spent_sheet(report["crews"]),
        Text(visible(f"{where}; torch {report['versions']['torch']}, hex {report['versions']['hexcli']}"), style="dim"),
    )


def _spent_sheet(crews: Sequence[Mapping[str, Any]]) -> Sheet:
    """Where the seconds of each worker went: recording is part of decoding, cpu the seconds of its processor."""
    kinds = ("decoding", "recording", "saying", "waiting", "cpu")
    sheet = plain_sheet(("seconds of", *kinds, "driver's cpu"))
    for row in crews:
        for name, own in row["spent"].items():
            label = name if name == row["name"] else f"{row['name']}: {name}"
            driver = "" if name == row["name"] else f"{row['driver_cpu']:.1f}"
            sheet.add_row(visible(label), *(f"{own[kind]:.1f}" for kind in kinds), driver)
    return sheet
