"""Tables that fit: columns that say nothing are told in a line, wide tables are split, and no number is ever cut."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Table

GAP = 2  # columns of the terminal between two of the table
EDGES = 2  # and one on either side of it
NARROWEST_NAME = 14  # of the first column, before the table is split instead
NARROWEST_TEXT = 28  # of a column of sentences, likewise


@dataclass(frozen=True, slots=True)
class Column:
    """A head and how its column behaves.

    droppable  told in a line, where it says the same in every row
    with_last  stays beside the column to its left: a difference and its p-value
    left       its cells are text
    least      columns that sentences can do with
    key        names its row too: it is in every part of a table that is split
    prose      its cells are sentences, which take the room that is left, in as many lines as they need
    """

    head: str
    droppable: bool = False
    with_last: bool = False
    left: bool = False
    key: bool = False
    prose: bool = False
    least: int = NARROWEST_TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, and how they look. `bold` = the places of cells that stand out; None: the whole row."""

    cells: Sequence[str]
    bold: Sequence[int] | None = ()
    section: bool = False  # a gap above it


@dataclass(slots=True)
class Sheet:
    """Rows under heads; the first column names the rows, and is in every part of a table that is split."""

    columns: Sequence[Column]
    rows: list[Row] = field(default_factory=list)

    def add_row(self, *cells: str, bold: Sequence[int] | None = (), section: bool = False) -> None:
        """A row: as many cells as there are columns. Raises ValueError on another number."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells under {len(self.columns)} heads")
        self.rows.append(Row(cells, bold, section))

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "Iterator[RenderableType]":
        from rich.text import Text

        kept, said = self._constant()
        for part in self._parts(kept, options.max_width - EDGES):
            yield self._table(part, options.max_width - EDGES)
        if said:
            yield Text(f"the same in every row: {', '.join(said)}", style="dim")

    def _constant(self) -> tuple[list[int], list[str]]:
        """The places of the columns that are shown, and what those that are not would say."""
        kept, said = [], []
        for place, column in enumerate(self.columns):
            values = {row.cells[place] for row in self.rows if row.cells[place]}
            empty = place > 0 and self.rows and not values
            if empty or (column.droppable and len(self.rows) > 1 and len(values) <= 1):
                said += [_told(column.head, value) for value in values]
            else:
                kept.append(place)
        return kept, said

    def _parts(self, kept: Sequence[int], width: int) -> Iterator[list[int]]:
        """The columns of each table; the first, and keys beside it, in all of them."""
        first, *others = kept
        keys = [place for place in others if self.columns[place].key]
        groups: list[list[int]] = []
        for place in (other for other in others if other not in keys):
            if self.columns[place].with_last and groups:
                groups[-1].append(place)
            else:
                groups.append([place])
        part: list[int] = []
        room = width - min(self._width(first), NARROWEST_NAME) - sum(self._needed(place) + GAP for place in keys)
        for group in groups:
            taken = sum(self._needed(place) + GAP for place in [*part, *group])
            if part and taken > room:
                yield [first, *keys, *part]
                part = []
            part += group
        yield [first, *keys, *part]

    def _width(self, place: int) -> int:
        from rich.cells import cell_len

        lines = [line for row in self.rows for line in row.cells[place].split("\n")]
        return max(map(cell_len, [*self.columns[place].head.split("\n"), *lines]))

    def _needed(self, place: int) -> int:
        """The least that a column takes: sentences can do with less than their width."""
        column = self.columns[place]
        return min(self._width(place), column.least) if column.prose else self._width(place)

    def _widths(self, places: Sequence[int], width: int) -> list[int]:
        """What each column of a table gets: names first, then sentences, have what others leave."""
        first, *others = places
        widths = {place: min(self._needed(place), max(width - NARROWEST_NAME - GAP, 1)) for place in others}
        left = width - sum(taken + GAP for taken in widths.values())
        widths[first] = min(self._width(first), max(left, 1))
        for place in others:
            if self.columns[place].prose:
                widths[place] = min(self._width(place), widths[place] + max(left - widths[first], 0))
                left = width - sum(taken + GAP for name, taken in widths.items() if name != first)
        return [widths[place] for place in places]

    def _table(self, places: Sequence[int], width: int) -> "Table":
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, GAP - 1))
        widths = self._widths(places, width)
        for place, room in zip(places, widths, strict=True):
            column = self.columns[place]
            text = place == places[0] or column.left or column.prose
            table.add_column(
                column.head,
                justify="left" if text else "right",
                overflow="fold",
                max_width=room,
                vertical="bottom" if place == places[0] and not self._has_prose(places) else "top",
            )
        for row in self.rows:
            if row.section:
                table.add_section()
            bold = places if row.bold is None else row.bold
            cells = [
                row.cells[place] if self.columns[place].prose else folded(row.cells[place], room)
                for place, room in zip(places, widths, strict=True)
            ]
            table.add_row(
                *(Text(cell, style="bold" if place in bold else "") for place, cell in zip(places, cells, strict=True))
            )
        return table

    def _has_prose(self, places: Sequence[int]) -> bool:
        return any(self.columns[place].prose for place in places)


def folded(name: str, width: int) -> str:
    """A name in lines of at most `width`, broken where its parts join: behind `-`, `_`, `/`, `+`, a comma, a space."""
    from rich.cells import cell_len

    lines = [""]
    for part in re.findall(r"[^-_/,+@ \n]*[-_/,+@ \n]?", name):
        if lines[-1] and cell_len((lines[-1] + part).rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip(" ") for line in lines)


def _told(head: str, value: str) -> str:
    """A column in words: `answered 100.0 %`; a unit in the head follows the number."""
    name, percent, _ = head.replace("\n", " ").partition(" %")
    return f"{name} {value}{percent}"


def plain_sheet(heads: Sequence[str]) -> Sheet:
    """A table of names and numbers."""
    return Sheet(tuple(map(Column, heads)))
