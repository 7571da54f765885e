"""Figures for a paper: every one is drawn, in its width, in any format, whatever the runs are called."""

import dataclasses
import math
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.report.called import called
from hexcli.report.figures import agreement, blocks, commits
from hexcli.report.figures.blocks import beside
from hexcli.report.figures.data import data_of
from hexcli.report.figures.drawing import FIGURES, draw
from hexcli.report.figures.style import styled, width_of
from hexcli.runs.counting import Count, count
from tests.report.motion.generations import made
from tests.scoring.runs import counted, generation, run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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


def by_prompt(name: str, temperature: float = 0.9) -> Count:
    rows = [
        dataclasses.replace(
            generation(n, block, "7" if n > wrong else "8", temperature=temperature), prompt_name=wording
        )
        for n in range(6)
        for block in ("8", "16")
        for wrong, wording in enumerate(("plain", "terse", "few-shot"))
    ]
    return count(run(*rows, name=name))


def drawn(*runs: Count) -> "Figure":
    with styled():
        return blocks.draw([(name, Findings(one, RULES)) for name, one in zip(called(runs), runs, strict=True)], 3.25)


def keys(figure: "Figure") -> list[str]:
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_every_wording_of_a_run_is_a_series_with_its_own_key() -> None:
    figure = drawn(by_prompt("test-0a1b2c3d"))
    assert sorted(keys(figure)) == ["few-shot", "plain", "terse"]
    assert len({bars.lines[0].get_color() for bars in figure.axes[0].containers}) == 3


def test_the_series_of_several_runs_say_run_and_wording() -> None:
    figure = drawn(by_prompt("a-0a1b2c3d"), by_prompt("b-0a1b2c3d", 0.5))
    assert {"T 0.9, plain", "T 0.5, few-shot"} < {*keys(figure)}


def test_series_stand_evenly_around_their_tick() -> None:
    figure = drawn(by_prompt("one"))
    places = [float(bars.lines[0].get_xdata()[0]) for bars in figure.axes[0].containers]
    assert len({*places}) == 3
    assert math.prod(places) == pytest.approx(8**3)
    assert beside(1, [8]) == [1]
    many = beside(40, [8, 16])
    assert many[-1] / many[0] <= 2**0.5 + 1e-9


def test_runs_are_called_by_what_differs_or_without_their_hash() -> None:
    warm, cold = by_prompt("a-0a1b2c3d"), by_prompt("a-99999999", 0.5)
    assert called([warm, cold]) == ["T 0.9", "T 0.5"]
    assert called([warm, by_prompt("b-99999999")]) == ["a", "b"]
    assert called([warm, by_prompt("a-99999999")]) == ["a-0a1b2c3d", "a-99999999"]
    assert called([warm]) == ["a-0a1b2c3d"]


@pytest.mark.parametrize("figure", [agreement, commits], ids=["agreement", "commits"])
def test_titles_of_panels_do_not_meet_nor_leave_the_figure(figure: ModuleType) -> None:
    with styled():
        found = figure.draw([(name, WITH_TOKENS) for name in ("sums-tiny-T0.9x2-fast-cb0580dd", *NAMES)], 3.25)
        found.canvas.draw()
        boxes = [axes.title.get_window_extent() for axes in found.axes if axes.get_title()]
    assert len(boxes) == 9
    assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])
    assert all(box.x0 >= 0 and box.x1 <= found.bbox.width for box in boxes)
