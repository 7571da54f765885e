"""Rows that a notebook shows as a table."""

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.report.terminal import visible

if TYPE_CHECKING:
    import pandas

SHOWN = 60  # rows that a notebook shows
_LONGEST = 120  # characters of a cell there


class Table(Sequence[Mapping[str, Any]]):
    """Rows, each a mapping from a column to a JSON value. Shown as a table where it is the last line of a cell."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], *, shown: Sequence[str] | None = None) -> None:
        """`shown`: the columns that are shown, and those of `to_pandas`; None: those of any row, in their order."""
        self._rows = [dict(row) for row in rows]
        self.columns = list(shown or dict.fromkeys(name for row in self._rows for name in row))

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows with all that is known of each, also what is not shown."""
        return [dict(row) for row in self._rows]

    def to_pandas(self) -> "pandas.DataFrame":
        """The shown columns as a data frame. Raises ImportError where there is no pandas."""
        import pandas

        return pandas.DataFrame([[row.get(name) for name in self.columns] for row in self._rows], columns=self.columns)

    def __getitem__(self, place: Any) -> Any:
        return self._rows[place]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._rows)

    def __repr__(self) -> str:
        lines = ["  ".join(self.columns)]
        lines += ["  ".join(_cell(row.get(name)) for name in self.columns) for row in self._rows[:SHOWN]]
        return "\n".join(lines + self._more())

    def _repr_html_(self) -> str:
        """What a notebook shows. All text is escaped: models write what they like."""
        heads = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_cell(row.get(name)))}</td>" for name in self.columns) + "</tr>"
            for row in self._rows[:SHOWN]
        )
        more = "".join(f"<p>{line}</p>" for line in self._more())
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{more}"

    def _more(self) -> list[str]:
        left = len(self._rows) - SHOWN
        return [f"... {left} rows more"] if left > 0 else []


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple) and value and all(isinstance(one, float) for one in value):
        return " to ".join(f"{one:.4g}" for one in value)
    text = visible(str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
