"""`hex models` and `hex aggregators`: what there is to choose from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.cli.options import outputs
from hexcli.cli.output import print_json, warn
from hexcli.errors import sized
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from hexcli.report.sheet import Sheet


def models(as_json: outputs.Json = False) -> None:
    """List the models that have a short name. --model also takes a folder or a hub id.

    Memory is that of the weights in bfloat16; decoding takes some more, by batch size.
    """
    from hexcli.models.registry import FAMILIES
    from hexcli.plugins.offered import model_rows
    from hexcli.plugins.registering import FAMILY_GROUP, REMASKING_GROUP
    from hexcli.remasking import OFFERED
    from hexcli.report.console import console

    rows = model_rows()
    if as_json:
        print_json(rows)
        return
    console().print(_models_sheet(rows))
    _tell_brought("family", FAMILY_GROUP, FAMILIES)
    _tell_brought("remasking", REMASKING_GROUP, OFFERED)


def _models_sheet(rows: Sequence[Mapping[str, Any]]) -> "Sheet":
    from hexcli.report.sheet import Column, Sheet

    heads = (Column("size"), Column("memory"), Column("mask id"), Column("block"), Column("here", left=True))
    sheet = Sheet((Column("model"), Column("family", left=True), *heads, Column("what it is", prose=True)))
    for row in rows:
        size, memory = row["parameters"] / 1e9, row["memory_bytes"]
        large = size > 0.05
        sheet.add_row(
            visible(row["name"]),
            visible(row["family"]),
            f"{size:.1f}B" if large else f"{size * 1e3:.1f}M",
            sized(memory),
            str(row["mask_id"]),
            str(row["block_length"] or "any"),
            "yes" if row["cached"] else "no",
            visible(f"{row['summary']}; {row['source']} ({row['licence']})"),
        )
    return sheet


def _tell_brought(kind: str, group: str, names: Iterable[str]) -> None:
    """A line for each that does not come with hex; a warning where it does not work."""
    from hexcli.plugins.registering import BUILT_IN, broken, where

    for name in names:
        if (package := where(group, name)) != BUILT_IN:
            print(f"{kind} {name} from {package}")
            if (reason := broken(group, name)) is not None:
                warn(reason)


def aggregators(as_json: outputs.Json = False) -> None:
    """List the aggregators, and what each decides by. -a also takes a function in a file of your own: mine.py:name."""
    from hexcli.plugins.offered import aggregator_rows
    from hexcli.report.console import console
    from hexcli.report.sheet import Column, Sheet

    rows = aggregator_rows(warn)
    if as_json:
        print_json(rows)
        return
    sheet = Sheet((Column("aggregator"), Column("decides by", prose=True), Column("from", left=True, droppable=True)))
    for row in rows:
        sheet.add_row(visible(row["name"]), visible(row["decides"]), visible(row["from"]))
    console().print(sheet)
