"""The table of `hex bench --workers` for people."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hexcli.errors import plural
from hexcli.report.sheet import plain_sheet
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group


def crews_table(report: Mapping[str, Any]) -> "Group":
    """Crews beside one process."""
    from rich.console import Group
    from rich.text import Text

    sheet = plain_sheet(("", "seconds", "generations/s", "ratio", "ratio of a round", "overhead ms", "same tokens"))
    for row in report["crews"]:
        low, *_, high = row["ratios"]
        sheet.add_row(
            visible(row["name"]),
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
        Text(visible(f"{where}; torch {report['versions']['torch']}, hex {report['versions']['hexcli']}"), style="dim"),
    )
