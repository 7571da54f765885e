"""What a cache holds, in groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hexcli.errors import sized
from hexcli.report.sheet import Column, Sheet
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    from rich.console import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Rows of a cache that have something in common: how many, their bytes, and how many of them no other group has."""

    name: str
    rows: int
    bytes: int
    alone: int


def held_table(groups: Sequence[Held], by: str) -> "Group":
    """A line a group; the rows that several groups have are counted in each."""
    from rich.console import Group
    from rich.text import Text

    shared = any(group.alone < group.rows for group in groups)
    heads = (by, "generations", *(["only here"] if shared else []), "size")
    sheet = Sheet(tuple(map(Column, heads)))
    for group in groups:
        alone = [f"{group.alone:,}"] if shared else []
        sheet.add_row(visible(group.name), f"{group.rows:,}", *alone, sized(group.bytes))
    note = "what several have counts in each; only here: what no other has"
    return Group(sheet, *([Text(note, style="dim")] if shared else []))
