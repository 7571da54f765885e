"""Scores in Markdown, LaTeX and CSV."""

import csv
import io
import re

import pytest

from hexcli.report.formats import comma_separated, latex, markdown
from hexcli.scoring.frames import score_frame
from tests.scoring.runs import counted, generation

HOSTILE = r"a|b_c & 50% $x$ \input{x} <b> \x1b"
VOTES = [generation(n, label, "7" if n % 2 else "3") for n in range(1, 9) for label in ("8", "16")]
FRAME = score_frame(counted(*VOTES), ["first", "majority"])


def test_markdown_has_a_row_for_every_contestant_and_intervals_as_papers_print_them() -> None:
    text = markdown([FRAME])
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(FRAME["rows"]) and len({row.count("|") for row in rows}) == 1
    assert "| majority | 50.0 [21.5, 78.5] | 8 | 2 | 64.0 | +0.0" in text
    assert "test: sums, " in text.replace("\\", "") and "sign-flip" in text


def test_latex_is_balanced_and_has_a_rule_between_the_kinds() -> None:
    text = latex([FRAME])
    assert text.count(r"\begin") == text.count(r"\end") == 2
    assert text.count(r"\midrule") == 3
    assert r"\label{tab:test}" in text
    assert "[$" in text and not re.search(r"[ \[]-\d", text), "a minus is no hyphen"
    assert all(line.count(" & ") == 7 for line in text.splitlines() if line.endswith(r"\\"))


def test_csv_has_every_number_to_six_decimals() -> None:
    rows = list(csv.DictReader(io.StringIO(comma_separated([FRAME, FRAME]))))
    assert len(rows) == 2 * len(FRAME["rows"])
    for written, row in zip(rows, FRAME["rows"], strict=False):
        assert float(written["accuracy"]) == pytest.approx(row["accuracy"], abs=5e-7)
        assert [float(written["ci95_low"]), float(written["ci95_high"])] == pytest.approx(row["ci95"], abs=5e-7)
        assert int(written["problems"]) == 8
    majority = next(row for row in rows if row["name"] == "majority")
    assert majority["rival"] == FRAME["best_single"] and float(majority["p_value"]) == 1.0


def test_names_are_shown_and_never_obeyed() -> None:
    frame = {**FRAME, "run": HOSTILE, "model": "m\x1b[31m\u202e"}
    for text in (markdown([frame]), latex([frame])):
        assert not {"\x1b", "\u202e"} & set(text)
    tex = latex([frame])
    assert r"a\textbar{}b\_c \& 50\% \$x\$ \textbackslash{}input\{x\}" in tex
    (written, *_) = csv.DictReader(io.StringIO(comma_separated([frame])))
    assert written["run"] == HOSTILE
