"""Lines of CSV for spreadsheets and other programs."""

import csv
import io
from collections.abc import Iterable, Sequence
from math import isfinite


def csv_text(lines: Iterable[Sequence[object]]) -> str:
    """The lines, heads first. Numbers have the digits that say something; `--json` has them whole."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([_brief(cell) for cell in line] for line in lines)
    return out.getvalue()


def _brief(cell: object) -> object:
    """Six decimals, none where they are 0; of a number below a thousandth, a p-value say, four digits."""
    if not isinstance(cell, float) or not isfinite(cell):
        return cell
    short = round(cell, 6) if abs(cell) >= 0.001 else float(f"{cell:.4g}")
    return int(short) if short.is_integer() else short
