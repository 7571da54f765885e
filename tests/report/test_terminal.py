"""What is not ours to obey is shown, whoever prints it."""

import ast
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.report.console import console
from hexcli.report.terminal import visible

HEXCLI = Path(__file__).parents[2] / "hexcli"


def obeyed(text: str, *, but: str = "") -> set[str]:
    """The characters that a terminal obeys: controls, formats but those with a glyph, separators of lines, halves."""
    kinds = {"Cc", "Cf", "Zl", "Zp", "Cs"}
    glyphs = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    return {
        char
        for char in text
        if unicodedata.category(char) in kinds
        and char not in but + glyphs
        and not 0x13430 <= ord(char) <= 0x1345F  # joiners of hieroglyphs, shorthand and notes:
        and not 0x1BCA0 <= ord(char) <= 0x1BCA3  # they order signs of their own script only
        and not 0x1D173 <= ord(char) <= 0x1D17A
    }


def test_every_character_there_is_comes_out_harmless() -> None:
    everything = "".join(map(chr, range(0x110000)))
    assert obeyed(visible(everything)) == set()
    assert obeyed(visible(everything, lines=True), but="\n\t") == set()


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b]0;OWNED\x07", "\\x1b]0;OWNED\\x07"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("safe\u202etxt.exe", "safe\\u202etxt.exe"),
        ("a\u2066b\u2069", "a\\u2066b\\u2069"),
        ("ad\u200bmin", "ad\\u200bmin"),
        ("right\rwrong", "right\\rwrong"),
        ("wrong\b\b", "wrong\\x08\\x08"),
        ("two\nlines\tand a tab", "two\\nlines\\tand a tab"),
        ("half \ud800", "half \\ud800"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("naïve 🙂 数学 ✓ \\x1b", "naïve 🙂 数学 ✓ \\x1b"),
    ],
)
def test_what_is_shown_of_a_name(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


def test_lines_and_tabs_stay_where_they_are_meant() -> None:
    assert visible("one\r\ntwo\n\tthree\rfour", lines=True) == "one\ntwo\n\tthree\\rfour"


@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Ll", "Zs"])))
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert visible(visible(text, lines=True), lines=True) == visible(text, lines=True)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_console_obeys_nothing_that_it_is_told_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.table import Table
    from rich.text import Text

    monkeypatch.setenv("TERM", "xterm")
    hostile = "\x1b]0;OWNED\x07[link=http://x]\x9b2J\u202e[/link]"
    table = Table(title=hostile)
    table.add_column(hostile)
    table.add_row(hostile)
    table.add_row(Text(hostile))
    stream = Terminal()
    console(stream).print(table, hostile, Text("bold", style="bold"))
    said = stream.getvalue()
    assert "\x1b[1m" in said  # its own styles are there
    for sequence in ("\x1b]", "\x1b[2J", "\x9b", "\u202e", "\x07"):
        assert sequence not in said
    assert "[link=" in said


def test_only_this_wing_makes_a_console() -> None:
    """Another one would print what it is given."""
    makers = {
        path.relative_to(HEXCLI).as_posix()
        for path in HEXCLI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")) == "Console"
    }
    assert makers <= {"report/console.py"}
