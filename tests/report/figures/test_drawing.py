"""Figures for a paper: every one is drawn, in its width, in any format, whatever the runs are called."""

import csv
import dataclasses
import importlib
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from PIL import Image

from hexcli.errors import UsageError
from hexcli.insight.findings import Findings
from hexcli.insight.landmarks import landmarks
from hexcli.records import Generation
from hexcli.report.called import called
from hexcli.report.figures import agreement, blocks, commits, cost, votes
from hexcli.report.figures.blocks import beside
from hexcli.report.figures.data import comma_separated, data_of
from hexcli.report.figures.drawing import FIGURES, OF_A_TASK, draw
from hexcli.report.figures.marks import _log_axis
from hexcli.report.figures.style import GREY, look, styled, width_of
from hexcli.report.figures.style import figure as figure_of
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
    draw(figure, [("run", WITH_TOKENS)], tmp_path / "f.png", "3")
    with Image.open(tmp_path / "f.png") as image:
        assert image.width == 900
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


@pytest.mark.parametrize(
    ("text", "inches"), [("column", 3.25), ("Page", 6.75), ("5", 5.0), ("84mm", 84 / 25.4), ("3.3in", 3.3)]
)
def test_widths(text: str, inches: float) -> None:
    assert width_of(text) == pytest.approx(inches)


@pytest.mark.parametrize("text", ["wide", "0", "-3", "2.9", "nan", "inf", "100", "5mm", "3,25", "9 parsecs"])
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
    assert beside(1, [8], 1.0) == [1]
    many = beside(40, [8, 16], 1.0)
    assert many[-1] / many[0] <= 2**0.3 + 1e-9
    assert beside(2, [8, 16], 2.0)[1] == pytest.approx(2 ** (4.5 / 2 / 72 / 2.0)), "points, however wide the figure"


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


@pytest.mark.parametrize("width", [3.0, 6.75])
@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("figure", FIGURES)
def test_nothing_that_is_written_meets_another_or_leaves_the_figure(figure: str, runs: int, width: float) -> None:
    names = ("sums-tiny-T0.9x2-fast-cb0580dd", *NAMES)[:runs]
    with styled():
        drawing = importlib.import_module(FIGURES[figure][0])
        found = drawing.draw(
            [(name, one) for name, one in zip(names, (WORDED, WITH_TOKENS, WORDED), strict=False)], width
        )
        assert overlapping(found) == []


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
    with styled():
        assert blocks.draw([("run", WITH_TOKENS)], 3.25).axes[1].get_ylim()[0] < 0


def overlapping(figure: "Figure") -> list[tuple[str, str]]:
    """What is written and meets another text, or (with "") leaves the figure."""
    written = [(one.get_text(), one.get_window_extent()) for one in texts(figure)]
    found = [
        (text, other)
        for place, (text, box) in enumerate(written)
        for other, beside in written[place + 1 :]
        if box.overlaps(beside)
    ]
    within = figure.bbox
    return found + [
        (text, "") for text, box in written if box.x0 < 0 or box.y0 < 0 or box.x1 > within.x1 or box.y1 > within.y1
    ]


def ruled(one: Generation, rule: str) -> Generation:
    return dataclasses.replace(one, schedule=dataclasses.replace(one.schedule, remasking=rule))


THIRTY = Findings(
    counted(
        *(
            ruled(made(f"p{n}", label), rule)
            for n in (1, 2)
            for label in ("4", "8", "16", "2", "32", "8+24", "24+8", "4+28", "28+4", "16+8+8")
            for rule in ("low_confidence", "entropy", "random")
        )
    ),
    RULES,
)


@pytest.mark.parametrize("figure", FIGURES)
def test_thirty_schedules_fit_into_a_column(figure: str) -> None:
    assert len(THIRTY.counted.names) == 30
    with styled():
        found = importlib.import_module(FIGURES[figure][0]).draw([("run", THIRTY)], 3.25)
        assert overlapping(found) == []


SWEPT = [Findings(one.counted, ["majority"]) for one in (WORDED, WITH_TOKENS)]


@pytest.mark.parametrize("runs", [10, 30])
@pytest.mark.parametrize("figure", OF_A_TASK)
def test_a_sweep_fits_into_a_column(figure: str, runs: int) -> None:
    made_of = [(f"T {place / 20:g}", SWEPT[place % 2]) for place in range(runs)]
    with styled():
        found = importlib.import_module(FIGURES[figure][0]).draw(made_of, 3.25)
        assert overlapping(found) == []


def test_cost_of_a_sweep_has_the_best_schedule_and_majority_of_each_run_joined() -> None:
    runs = [("cold", SWEPT[0]), ("warm", SWEPT[1])]
    with styled():
        found = cost.draw(runs, 3.25)
        written = "\n".join(one.get_text() for one in texts(found))
    best = [findings.frame["best_single"] for _, findings in runs]
    assert f"1: cold (best: block {best[0]})\n2: warm (best: block {best[1]})" in written.replace(", n 2", "")
    singles = [line for line in found.axes[0].lines if line.get_marker() == "o"]
    votes_of = [line for line in found.axes[0].lines if line.get_marker() == "^"]
    assert len(singles) == len(votes_of) == 2
    assert [line.get_markeredgecolor() for line in singles] == [line.get_markeredgecolor() for line in votes_of]


def test_of_a_large_sweep_only_what_is_on_the_front_is_numbered() -> None:
    with styled():
        found = cost.draw([(f"r{place}", SWEPT[place % 2]) for place in range(20)], 3.25)
        written = "\n".join(one.get_text() for one in texts(found))
    assert "\npale: 20 more, no better than these" in written or "\npale: 19 more" in written


@pytest.mark.parametrize("figure", FIGURES)
def test_the_numbers_of_a_figure_are_csv_of_one_width(figure: str) -> None:
    head, *lines = csv.reader(io.StringIO(comma_separated(figure, [("one", WITH_TOKENS), ("two", WITH_TOKENS)])))
    assert head[0] == "run" and len({*head}) == len(head)
    assert {line[0] for line in lines} == {"one", "two"} and {len(line) for line in lines} == {len(head)}
    assert not any(cell.startswith(("[", "(", "{")) for line in lines for cell in line)


def test_the_cells_of_commits_add_up_to_the_tokens_of_the_figure() -> None:
    lines = csv.DictReader(io.StringIO(comma_separated("commits", [("one", WITH_TOKENS)])))
    tokens = sum(sum(map(sum, one.counts)) for one in WITH_TOKENS.commits())
    assert sum(int(line["tokens"]) for line in lines) == tokens > 0


def test_every_mark_of_cost_has_a_number_and_a_name_and_covers_no_other() -> None:
    with styled():
        found = cost.draw([("run", WORDED)], 3.25)
        written = [one.get_text() for one in texts(found)]
        axes = found.axes[0]
        marks = [line for line in axes.lines if line.get_marker() != "None" and len(line.get_xdata()) == 1]
        centres = [axes.transData.transform(line.get_xydata()[0]) * 72 / found.dpi for line in marks]
    key = next(one for one in written if one.startswith("1: "))
    assert marks
    for number in range(1, len(marks) + 1):
        assert str(number) in written and f"{number}: " in key.replace("\n", " ")
    for place, (x, y) in enumerate(centres):
        assert all(max(abs(x - u), abs(y - v)) > 4.5 for u, v in centres[place + 1 :])


def test_a_front_of_one_point_is_seen_as_level_to_the_edge() -> None:
    with styled():
        found = cost.draw([("one", WITHOUT)], 3.25)
    (level,) = (line for line in found.axes[0].lines if line.get_linestyle() == "-" and len(line.get_xdata()) == 2)
    assert len({*level.get_ydata()}) == 1 and level.get_xdata()[1] == found.axes[0].get_xlim()[1]
    said = keys_of_parts(found)
    assert "Pareto front" in said and "majority of 2, 3, ... votes" not in said, "only what is drawn is in the key"


def test_cost_of_several_runs_says_what_joins_their_marks() -> None:
    with styled():
        assert "the same run" in keys_of_parts(cost.draw([("a", SWEPT[0]), ("b", SWEPT[1])], 3.25))


@pytest.mark.parametrize(("low", "high"), [(22, 75), (25, 140), (9, 160), (20, 30), (70, 74), (100, 5000), (0.4, 9)])
def test_a_logarithmic_axis_names_at_least_three_places_and_shows_what_it_is(low: float, high: float) -> None:
    with styled():
        _, (axes,) = figure_of(3.25)
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        _log_axis(axes)
        named = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert 3 <= len(named) <= 9


@pytest.mark.parametrize("figure", ["blocks", "votes", "cost", "agreement"])
def test_a_figure_says_of_how_many_problems_it_is(figure: str) -> None:
    with styled():
        found = importlib.import_module(FIGURES[figure][0]).draw([("run", WITH_TOKENS)], 3.25)
        said = " ".join(one.get_text() for one in texts(found)).replace("\xa0", " ")
    assert "2 problems" in said
    assert figure == "agreement" or "95 % Wilson intervals" in said or "standard deviation" in said or "95 %" in said


def test_without_targets_agreement_calls_nothing_wrong(tmp_path: Path) -> None:
    with styled():
        found = agreement.draw([("run", NO_TARGET)], 3.25)
        said = [one.get_text() for one in texts(found)]
    assert "same answer, %" in said and said.count("100") == 2
    assert not any("wrong" in one for one in said)
    assert {one["agree_wrong"] for one in data_of("agreement", NO_TARGET)} == {None}


def test_one_vote_has_no_curve() -> None:
    with styled(), pytest.raises(UsageError, match="one vote a problem is no majority"):
        votes.draw([("run", WITHOUT)], 3.25)


def test_runs_that_tell_of_no_ends_have_no_empty_panel() -> None:
    with styled():
        assert len(blocks.draw([("run", WITHOUT)], 3.25).axes) == 1
        assert len(blocks.draw([("run", WITH_TOKENS)], 3.25).axes) == 2


def test_series_of_one_run_are_told_by_the_values_of_what_differs() -> None:
    rows = [generation(n, b, "7", temperature=t) for n in range(3) for b in ("8", "16") for t in (0.0, 0.9)]
    assert sorted(keys(drawn(count(run(*rows, name="warm-and-cold"))))) == ["T 0", "T 0.9"]


def keys_of_parts(figure: "Figure") -> list[str]:
    return [text.get_text() for part in figure.subfigs for legend in part.legends for text in legend.get_texts()]


def test_runs_with_names_of_their_own_keep_them_where_their_settings_are_long() -> None:
    rows = [generation(n, "8", "7", temperature=0.9, seed=s) for n in range(2) for s in range(3)]
    other = [generation(n, "8", "7", temperature=0.0) for n in range(2)]
    long = dataclasses.replace(run(*other, name="greedy").manifest, model="org/a-model")
    runs = [count(run(*rows, name="warm")), count(dataclasses.replace(run(*other, name="greedy"), manifest=long))]
    assert called(runs) == ["warm", "greedy"]


def test_what_series_are_told_by_is_not_said_of_their_run_too() -> None:
    mixed = [generation(n, b, "7", temperature=t) for n in range(3) for b, t in (("8", 0.0), ("16", 0.9))]
    half = [generation(n, "8", "7", temperature=0.5) for n in range(3)]
    cold = [generation(n, "8", "7", temperature=0.0) for n in range(3)]
    found = drawn(count(run(*mixed, name="mix")), count(run(*half, name="half")))
    assert sorted(keys(found)) == ["T 0", "T 0.5", "T 0.9"]
    found = drawn(count(run(*mixed, name="mix")), count(run(*cold, name="cold")))
    assert sorted(keys(found)) == ["T 0", "mix, T 0", "mix, T 0.9"], "where that would be another's name, the folder's"


def key_of_cost(*runs: Findings) -> str:
    with styled():
        found = cost.draw([(f"r{place}", one) for place, one in enumerate(runs)], 3.25)
        return " ".join(one.get_text() for one in texts(found)).replace("\xa0", " ").replace("\n", " ")


def of_gsm8k(**told: Any) -> Findings:
    rows = [generation(n, label, "7" if n else "8") for n in range(3) for label in ("8", "16")]
    asked = {"task": "gsm8k", "schedules": ["8", "16"], **told}
    return Findings(count(run(*rows, task="gsm8k", task_version=3, recipe=asked)), RULES)


def test_the_oracle_has_a_mark_and_a_name_of_its_own_where_an_aggregator_is_as_good() -> None:
    found = [one for one in of_gsm8k().points() if one.kind in ("aggregator", "oracle") and one.votes == 2]
    assert len({one.accuracy for one in found}) == 1, "majority is as good as the oracle"
    said = key_of_cost(of_gsm8k())
    assert ": majority; " in said and ": oracle" in said and "any vote right" in said


@pytest.mark.parametrize("told", [{"import": [{"file": "a.jsonl"}]}, {"data": "mine.jsonl"}])
def test_published_results_say_where_the_problems_may_be_others(told: dict[str, Any]) -> None:
    doubt = "published results are of gsm8k; these 3 problems, from a file, are not known to be gsm8k's"
    for several in (1, 2):
        assert doubt in key_of_cost(*[of_gsm8k(**told)] * several)
        assert "not known" not in key_of_cost(*[of_gsm8k()] * several)


def test_the_numbers_of_cost_have_what_is_published_once_with_its_source() -> None:
    lines = list(csv.DictReader(io.StringIO(comma_separated("cost", [("one", of_gsm8k()), ("two", of_gsm8k())]))))
    others = [line for line in lines if line["kind"] == "published"]
    assert [line["name"] for line in others] == [one.name for one in landmarks("gsm8k")]
    assert {line["run"] for line in others} == {""} and all(line["source"].startswith("arXiv:") for line in others)
    assert {line["run"] for line in lines if line not in others} == {"one", "two"}


def test_votes_say_how_sure_all_votes_are_over_problems() -> None:
    with styled():
        one = " ".join(text.get_text() for text in texts(votes.draw([("a", WITH_TOKENS)], 6.75))).replace("\n", " ")
        two = " ".join(text.get_text() for text in texts(votes.draw([("a", WITH_TOKENS)] * 2, 6.75))).replace("\n", " ")
    row = next(row for row in WITH_TOKENS.frame["rows"] if row["name"] == "majority")
    low, high = (f"{100 * end:.0f}" for end in row["ci95"])
    assert f"95 % interval of all votes over problems (Wilson): {low} to {high} %" in one
    assert "95 % intervals over problems (Wilson) reach up to" in two
