"""Rows that a notebook shows as a table."""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hexcli.errors import UsageError, plural, unknown
from hexcli.report.terminal import visible

if TYPE_CHECKING:
    import pandas

SHOWN = 60  # rows that a notebook shows
_LONGEST = 120  # characters of a cell there

# What a data frame has, and how it is written of a table.
_INSTEAD = {
    **dict.fromkeys(("to_dict", "to_list", "tolist", "to_records", "iterrows", "itertuples"), ".to_dicts()"),
    **dict.fromkeys(("head", "tail", "iloc"), "[:5] for rows, or .to_pandas()"),
    **dict.fromkeys(
        ("values", "loc", "get", "keys", "items"), '["COLUMN"] for a column (.columns: which), or .to_pandas()'
    ),
    **dict.fromkeys(("df", "frame", "to_df", "to_frame", "to_dataframe", "dataframe", "DataFrame"), ".to_pandas()"),
    **dict.fromkeys(("shape", "size", "empty"), "len(table), or .to_pandas().shape"),
}
_OF_PANDAS = (
    *("to_csv", "to_json", "to_excel", "to_parquet", "to_latex", "to_markdown", "to_html", "to_string", "to_numpy"),
    *("groupby", "pivot", "pivot_table", "sort_values", "query", "merge", "join", "apply", "map", "filter", "assign"),
    *("mean", "sum", "describe", "value_counts", "drop", "rename", "set_index", "reset_index", "iat", "at", "T"),
    *("agg", "aggregate", "dtypes", "info", "sample", "hist", "melt", "fillna", "dropna", "unique", "nunique"),
)


class Table(Sequence[Mapping[str, Any]]):
    """Rows, each a mapping from a column to a JSON value. Shown as a table where it is the last line of a cell.

    `table[0]` is a row, `table[:5]` a table of some, `table["answer"]` a column as a list.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]], *, shown: Sequence[str] | None = None) -> None:
        """`shown`: the columns that are shown, and the first of all; None: all of any row, in their order."""
        self._rows = [dict(row) for row in rows]
        every = dict.fromkeys(name for row in self._rows for name in row)
        self.shown = list(every) if shown is None else list(shown)
        self.columns = list(dict.fromkeys([*self.shown, *every]))

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(row) for row in self._rows]

    def to_pandas(self) -> "pandas.DataFrame":
        """A data frame of all columns. Raises UsageError where pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise UsageError("to_pandas needs pandas: pip install pandas; to_dicts() needs nothing") from None
        return pandas.DataFrame([[row.get(name) for name in self.columns] for row in self._rows], columns=self.columns)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return Table(self._rows[place], shown=self.shown)
        if isinstance(place, str):
            if place not in self.columns:
                raise unknown("column", place, self.columns, of=self._instead_of(place))
            return [row.get(place) for row in self._rows]
        return self._rows[place]

    def _instead_of(self, place: str) -> str:
        """Where a column of another table stands in this one."""
        if place in ("aggregator", "schedule") and "kind" in self.columns:
            return f" here: it is name, where kind is {place!r}"
        return " here: it is aggregator" if place == "name" and "aggregator" in self.columns else ""

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._rows)

    if not TYPE_CHECKING:  # which is told what there is by what is written above

        def __getattr__(self, name: str) -> Any:
            """Raises AttributeError with what was meant: a column, or a function of hexcli."""
            columns, functions = self.__dict__.get("columns", ()), ("score", "vote", "report", "compare", "plot")
            instead = _INSTEAD.get(name, f".to_pandas().{name}" if name in _OF_PANDAS else "")
            hint = f": write {instead}" if instead else ""
            hint = f": did you mean hexcli.{name}(...)?" if name in functions else hint
            hint = f": did you mean [{name!r}], the column?" if name in columns else hint
            raise AttributeError(f"a {type(self).__name__} has no attribute '{name}'{hint}")

    def __repr__(self) -> str:
        lines = [self.shown, *([_cell(row.get(name)) for name in self.shown] for row in self._rows[:SHOWN])]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
        return "\n".join([*(line.rstrip() for line in padded), *self._more()])

    def _repr_html_(self) -> str:
        """What a notebook shows. All text is escaped: models write what they like."""
        heads = "".join(f"<th>{html.escape(name)}</th>" for name in self.shown)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_cell(row.get(name)))}</td>" for name in self.shown) + "</tr>"
            for row in self._rows[:SHOWN]
        )
        more = "".join(f"<p>{html.escape(line)}</p>" for line in self._more())
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{more}"

    def _more(self) -> list[str]:
        """What is not shown."""
        rows = f"{plural(len(self._rows) - SHOWN, 'row')} more" if len(self._rows) > SHOWN else ""
        columns = ", ".join(name for name in self.columns if name not in self.shown)
        found = [rows, f"columns not shown: {columns}" if columns and self._rows else ""]
        return [f"... {'; '.join(filter(None, found))}"] if any(found) else []


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple) and value and all(isinstance(one, float) for one in value):
        return " to ".join(f"{one:.4g}" for one in value)
    if isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value):
        value = ", ".join(value)
    text = visible(str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
