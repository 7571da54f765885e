"""A figure as a table: what is drawn, shown as a table and downloaded are the same rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexcli.insight.findings import Findings

Named = Mapping[str, Findings]  # the runs of a report by what it calls them
INTERVAL = ("low:share 95 % from", "high:share to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure's data. `columns` are (key, label, form): text, share (0 to 1), points (a difference of shares), count,
    number or p. `rows` have a value a column, None where it is not known."""

    id: str
    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[Any, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """As the page's scripts read it."""
        return {"id": self.id, "columns": self.columns, "rows": self.rows}


def figure(name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> Figure:
    """The figure of that name; columns are written `key:form Label`."""
    return Figure(id=name, columns=tuple(map(_column, columns)), rows=tuple(rows))


def _column(text: str) -> tuple[str, str, str]:
    head, _, label = text.partition(" ")
    key, _, form = head.partition(":")
    return key, label or key, form or "text"
