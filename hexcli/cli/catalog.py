"""`hex models` and `hex aggregators`: what there is to choose from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.cli.options import outputs
from hexcli.cli.output import print_json, warn
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from hexcli.report.sheet import Sheet


def models(as_json: outputs.Json = False) -> None:
    """List the models that have a short name. --model also takes a folder or a hub id.

    Memory is that of the weights in bfloat16; decoding takes some more, by batch size.
    """
    from hexcli.models.checkpoint.hub import is_cached
    from hexcli.models.registry import FAMILIES, MODELS
    from hexcli.plugins.registering import FAMILY_GROUP, REMASKING_GROUP, where
    from hexcli.remasking import OFFERED
    from hexcli.report.console import console

    rows = [
        {
            "name": name,
            "source": entry.source,
            "family": entry.family,
            "parameters": round(entry.parameters * 1e9),
            "memory_bytes": round(entry.memory),
            "mask_id": entry.mask_id,
            "block_length": entry.block_length,
            "gen_length": entry.gen_length,
            "licence": entry.licence,
            "cached": entry.embedded or is_cached(entry.source),
            "summary": entry.summary,
            "from": where(FAMILY_GROUP, entry.family),
        }
        for name, entry in MODELS.items()
    ]
    if as_json:
        print_json(rows)
        return
    console().print(_models_sheet(rows))
    _tell_brought("family", FAMILY_GROUP, FAMILIES)
    _tell_brought("remasking", REMASKING_GROUP, OFFERED)


def _models_sheet(rows: Sequence[Mapping[str, Any]]) -> "Sheet":
    from hexcli.models.registry import MODELS
    from hexcli.report.sheet import Column, Sheet

    heads = (Column("size"), Column("memory"), Column("mask id"), Column("block"), Column("here", left=True))
    sheet = Sheet((Column("model"), Column("family", left=True), *heads, Column("what it is", prose=True)))
    for entry, row in zip(MODELS.values(), rows, strict=True):
        large = entry.parameters > 0.05
        sheet.add_row(
            visible(row["name"]),
            visible(entry.family),
            f"{entry.parameters:.1f}B" if large else f"{entry.parameters * 1e3:.1f}M",
            f"{entry.memory / 2**30:.1f} GiB" if large else f"{entry.memory / 2**20:.0f} MiB",
            str(entry.mask_id),
            str(entry.block_length or "any"),
            "yes" if row["cached"] else "no",
            visible(f"{entry.summary}; {entry.source} ({entry.licence})"),
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
    from hexcli.plugins.registering import AGGREGATOR_GROUP, broken, where
    from hexcli.report.console import console
    from hexcli.report.sheet import Column, Sheet
    from hexcli.voting.aggregators import AGGREGATORS, SELF_VERIFIED
    from hexcli.voting.words import words_of

    rows = []
    for name in AGGREGATORS:
        if (reason := broken(AGGREGATOR_GROUP, name)) is not None:
            warn(reason)
        else:
            verified = name in SELF_VERIFIED
            package, decides = where(AGGREGATOR_GROUP, name), words_of(name).decides
            rows.append({"name": name, "decides": decides, "from": package, "self_verified": verified})
    if as_json:
        print_json(rows)
        return
    sheet = Sheet((Column("aggregator"), Column("decides by", prose=True), Column("from", left=True, droppable=True)))
    for row in rows:
        sheet.add_row(visible(row["name"]), visible(row["decides"]), visible(row["from"]))
    console().print(sheet)
