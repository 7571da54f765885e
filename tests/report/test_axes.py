"""Numbers in the tables of axes, and in all others."""

from pathlib import Path

import hexcli
from hexcli.report.axes import correlation, versus


def test_nothing_is_no_negative_number() -> None:
    met = {"difference": -1e-9, "ci95": [-1e-6, 0.02], "p_holm": 1.0}
    assert versus(met) == ("+0.0 (+0.0 to +2.0)", "1.000")
    assert correlation(-0.001) == "0.00"


def test_no_number_with_a_sign_is_printed_without_saying_so() -> None:
    """`+z.1f` is `+.1f` but for -0.0."""
    files = sorted(Path(hexcli.__file__).parent.rglob("*.py"))
    assert [file.name for file in files if ":+." in file.read_text(encoding="utf-8")] == []
