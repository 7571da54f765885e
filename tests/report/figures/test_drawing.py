"""Figures for a paper: every one is drawn, in its width, in any format, whatever the runs are called."""

from pathlib import Path

import pytest
from PIL import Image

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.report.figures.data import data_of
from hexcli.report.figures.drawing import FIGURES, draw
from hexcli.report.figures.style import width_of
from tests.report.motion.generations import made
from tests.scoring.runs import counted, generation

RULES = ["first", "majority"]
WITH_TOKENS = Findings(
    counted(*(made(f"p{n}", label, seed=s) for n in (1, 2) for label in ("4", "8", "16") for s in (0, 1))), RULES
)
WITHOUT = Findings(counted(generation(1, "8", "7", token_ids=(), commit_step=(), commit_confidence=())), RULES)
NO_TARGET = Findings(counted(generation(1, "8", "7", target=None), generation(1, "16", "7", target=None)), RULES)
NAMES = ("$x_1$ \x1b[31m <b>", "a_name_" + "very_" * 20)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("suffix", [".pdf", ".svg", ".png"])
def test_every_figure_is_drawn_twice_the_same(figure: str, suffix: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        draw(figure, [(label, WITH_TOKENS) for label in NAMES], tmp_path / f"{name}{suffix}", "column")
    content = (tmp_path / f"one{suffix}").read_bytes()
    assert content == (tmp_path / f"two{suffix}").read_bytes()
    assert content.startswith({".pdf": b"%PDF", ".svg": b"<?xml", ".png": b"\x89PNG"}[suffix])
    if suffix == ".svg":
        assert b"\x1b" not in content and b"<b>" not in content


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_has_its_width_and_is_not_blank(figure: str, tmp_path: Path) -> None:
    draw(figure, [("run", WITH_TOKENS)], tmp_path / "f.png", "2")
    with Image.open(tmp_path / "f.png") as image:
        assert image.width == 600
        assert len(image.convert("L").getcolors() or ()) > 20


@pytest.mark.parametrize("figure", ["commits", "settling"])
def test_a_run_without_tokens_is_said_to_have_none(figure: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="do not tell when"):
        draw(figure, [("run", WITHOUT)], tmp_path / "f.png", "column")


@pytest.mark.parametrize("figure", ["blocks", "votes", "cost"])
def test_a_run_without_targets_is_said_to_have_none(figure: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no targets"):
        draw(figure, [("run", NO_TARGET)], tmp_path / "f.png", "column")


def test_one_schedule_has_no_pair(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has one schedule"):
        draw("agreement", [("run", WITHOUT)], tmp_path / "f.png", "column")


@pytest.mark.parametrize(("text", "inches"), [("column", 3.25), ("page", 6.75), ("5", 5.0)])
def test_widths(text: str, inches: float) -> None:
    assert width_of(text) == inches


@pytest.mark.parametrize("text", ["wide", "0", "-3", "nan", "inf", "100"])
def test_a_width_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--width is column"):
        width_of(text)


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_has_its_numbers(figure: str) -> None:
    assert data_of(figure, WITH_TOKENS)
