"""Figures for a paper: every one is drawn, in its width, in any format, whatever the runs are called."""

import dataclasses
import importlib
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from PIL import Image

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.report.called import called
from hexcli.report.figures import agreement, blocks, commits, cost, votes
from hexcli.report.figures.blocks import beside
from hexcli.report.figures.data import data_of
from hexcli.report.figures.drawing import FIGURES, draw
from hexcli.report.figures.style import GREY, look, styled, width_of
from hexcli.runs.counting import Count, count
from tests.report.motion.generations import made
from tests.scoring.runs import counted, generation, run

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

RULES = ["first", "majority"]
WITH_TOKENS = Findings(
    counted(*(made(f"p{n}", label, seed=s) for n in (1, 2) for label in ("4", "8", "16") for s in (0, 1))), RULES
)
WORDED = Findings(
    counted(
        *(
            dataclasses.replace(made(f"p{n}", label, seed=0), prompt_name=wording)
            for n in (1, 2)
            for label in ("8", "16")
            for wording in ("plain", "terse", "few-shot")
        )
    ),
    RULES,
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


def texts(figure: "Figure") -> list["Text"]:
    """Whatever is written in a figure, as drawn."""
    from matplotlib.text import Text

    written: list[Text] = []
    draw = Text.draw

    def noted(text: Text, renderer: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            written.append(text)
        draw(text, renderer)

    with mock.patch.object(Text, "draw", noted):
        figure.draw_without_rendering()
    return written


@pytest.mark.parametrize("width", [3.25, 6.75])
@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("figure", FIGURES)
def test_nothing_that_is_written_meets_another_or_leaves_the_figure(figure: str, runs: int, width: float) -> None:
    names = ("sums-tiny-T0.9x2-fast-cb0580dd", *NAMES)[:runs]
    with styled():
        drawing = importlib.import_module(FIGURES[figure][0])
        found = drawing.draw(
            [(name, one) for name, one in zip(names, (WORDED, WITH_TOKENS, WORDED), strict=False)], width
        )
        written = [(one.get_text(), one.get_window_extent()) for one in texts(found)]
    assert written
    for place, (text, box) in enumerate(written):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= found.bbox.x1 and box.y1 <= found.bbox.y1, text
        assert [other for other, beside in written[place + 1 :] if box.overlaps(beside)] == [], text


def test_rows_and_columns_of_many_schedules_are_named_in_full() -> None:
    with styled():
        found = agreement.draw([("run", WORDED)], 3.25)
        written = [one.get_text() for one in texts(found)]
    names = list(WORDED.counted.names.values())
    assert len(names) == 6
    for place, name in enumerate(names, 1):
        assert written.count(f"{place}:  {name}") == written.count(f"{place}") == 3


def test_panels_of_commits_have_the_same_axes_and_greys() -> None:
    with styled():
        found = commits.draw([("one", WORDED), ("two", WITH_TOKENS)], 3.25)
    panels = [axes for axes in found.axes if axes.get_title()]
    assert len({(axes.get_xlim(), axes.get_ylim(), axes.images[0].get_clim()) for axes in panels}) == 1
    assert panels[0].get_xlim()[0] < 0 and panels[0].get_ylim()[0] < 0


def test_of_many_runs_no_two_look_the_same() -> None:
    assert len({(look(place)["color"], look(place)["marker"]) for place in range(77)}) == 77


def test_votes_of_several_runs_say_what_both_lines_are_in_no_runs_colour() -> None:
    with styled():
        found = votes.draw([("one", WITH_TOKENS), ("two", WITH_TOKENS)], 3.25)
    handles = dict(zip(keys(found), found.legends[0].get_lines(), strict=True))
    assert list(handles) == ["one", "two", "majority", "any vote right"]
    assert handles["majority"].get_color() == handles["any vote right"].get_color() == GREY


def test_marks_at_none_stand_above_the_axis() -> None:
    assert drawn(by_prompt("one")).axes[1].get_ylim()[0] < 0


@pytest.mark.parametrize("runs", [1, 3])
def test_every_mark_of_cost_has_a_number_and_a_name_and_covers_no_other(runs: int) -> None:
    with styled():
        found = cost.draw([(f"r{place}", WORDED) for place in range(runs)], 3.25)
        written = [one.get_text() for one in texts(found)]
        axes = found.axes[0]
        marks = [line for line in axes.lines if line.get_marker() != "None" and len(line.get_xdata()) == 1]
        centres = [axes.transData.transform(line.get_xydata()[0]) * 72 / found.dpi for line in marks]
    key = next(one for one in written if one.startswith("r0: 1: " if runs > 1 else "1: "))
    assert marks
    for number in range(1, len(marks) + 1):
        assert str(number) in written and f"{number}: " in key.replace("\n", " ")
    for place, (x, y) in enumerate(centres):
        assert all(max(abs(x - u), abs(y - v)) > 4.5 for u, v in centres[place + 1 :])
