"""Tables that fit, with no number cut."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from hexcli.report.sheet import Column, Sheet, plain_sheet

WIDTHS = (60, 80, 100, 140)


def shown(sheet: Sheet, width: int) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(sheet)
    return console.file.getvalue()


cells = st.lists(st.from_regex(r"[0-9]{1,9}\.[0-9]", fullmatch=True), min_size=12, max_size=12)


@given(st.lists(cells, min_size=1, max_size=4), st.sampled_from(WIDTHS), st.text("abc-", min_size=1, max_size=40))
def test_every_number_is_there_whole_and_no_line_is_too_wide(rows: list[list[str]], width: int, name: str) -> None:
    sheet = plain_sheet(("", *(f"head {place}" for place in range(12))))
    for row in rows:
        sheet.add_row(name, *row)
    out = shown(sheet, width)
    assert max(map(len, out.splitlines())) <= width
    assert sorted(re.findall(r"[0-9]+\.[0-9]", out)) == sorted(number for row in rows for number in row)
    assert "…" not in out


def test_a_wide_table_is_split_and_each_part_has_the_names() -> None:
    sheet = plain_sheet(("", "first", "second"))
    sheet.add_row("block 8", "1" * 40, "2" * 40)
    assert shown(sheet, 140).count("block 8") == 1
    assert shown(sheet, 60).count("block 8") == 2


def test_a_p_value_stays_beside_its_difference() -> None:
    sheet = Sheet((Column(""), Column("a"), Column("p", with_last=True), Column("b"), Column("q", with_last=True)))
    sheet.add_row("majority", "1" * 20, "0.001", "2" * 20, "0.002")
    lines = shown(sheet, 60).splitlines()
    assert any("1" * 20 in line and "0.001" in line for line in lines)
    assert any("2" * 20 in line and "0.002" in line for line in lines)


def test_a_column_that_says_the_same_in_every_row_is_told_in_a_line() -> None:
    sheet = Sheet((Column(""), Column("acc %"), Column("answered", droppable=True), Column("ties", droppable=True)))
    sheet.add_row("block 8", "70.0", "100.0 %", "")
    assert "answered" in shown(sheet, 80).splitlines()[1], "one row alone is shown whole"
    sheet.add_row("block 16", "70.0", "100.0 %", "")
    out = shown(sheet, 80)
    assert out.splitlines()[-1] == "the same in every row: answered 100.0 %"
    assert "70.0" in out, "not droppable"
    assert "ties" not in out, "empty"


def test_what_stands_out_is_bold_and_nothing_else() -> None:
    sheet = plain_sheet(("", "p"))
    sheet.add_row("one", "0.5")
    sheet.add_row("two", "0.01", bold=(1,))
    sheet.add_row("three", "0.7", bold=None)
    console = Console(width=60, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(sheet)
    bold = re.findall(r"\x1b\[1m([^\x1b]+)\x1b\[0m", console.file.getvalue())
    assert [text.strip() for text in bold if text.strip()] == ["p", "0.01", "three", "0.7"]


def test_as_many_cells_as_heads() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 heads"):
        plain_sheet(("", "p")).add_row("one")


def test_keys_are_in_every_part_of_a_table_that_is_split() -> None:
    sheet = Sheet((Column("axis"), Column("all else", left=True, key=True), *map(Column, ("first", "second"))))
    sheet.add_row("prompt", "fixed", "1" * 20, "2" * 20)
    sheet.add_row("prompt", "votes too", "3" * 20, "4" * 20)
    assert shown(sheet, 50).count("votes too") == 2
