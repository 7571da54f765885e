"""Scores and votes at the widths of real terminals."""

import io
import random
import re
from typing import Any

import pytest
from rich.console import Console

from hexcli.report.bench import bench_table
from hexcli.report.brief import brief_scores
from hexcli.report.tables import category_table, score_table, summary_table, vote_table
from hexcli.runs.counting import Count, count
from hexcli.scoring.frames import score_frame, vote_frame
from hexcli.voting.aggregators import AGGREGATORS
from tests.scoring.runs import generation, run

WIDTHS = (60, 80, 100, 140)


def counted(
    samples: int = 2, name: str = "test", labels: tuple[str, ...] = ("8", "16", "48+16"), **fields: Any
) -> Count:
    """200 problems of which block 48+16 is better at many, with abstentions, ties and categories."""
    chance = random.Random(3)
    generations = []
    for problem in range(200):
        for place, label in enumerate(labels):
            for seed in range(samples):
                right = chance.random() < (0.3, 0.4, 0.8)[place % 3]
                answer = "7" if right else chance.choice([None, "1", "2"])
                category = ("algebra", "counting and probability")[problem % 2]
                generations.append(generation(problem, label, answer, seed=seed, category=category))
    return count(run(*generations))


@pytest.fixture(scope="module")
def frame() -> dict[str, Any]:
    return score_frame(counted(), list(AGGREGATORS))


def shown(what: Any, width: int, **options: Any) -> str:
    console = Console(width=width, file=io.StringIO(), **{"color_system": None, **options})
    console.print(what)
    return console.file.getvalue()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_scores_fit_and_no_number_is_cut(frame: dict[str, Any], width: int) -> None:
    out = shown(score_table(frame), width)
    assert "…" not in out
    assert max(len(line.rstrip()) for line in out.splitlines()) <= width
    for row in frame["rows"]:
        low, high = row["ci95"]
        assert f"{100 * row['accuracy']:.1f}" in out
        assert f"{100 * low:.1f}-{100 * high:.1f}" in out
        assert re.search(rf"(?<![\d.]){row['correct']:g}(?![\d.])", out)
        for versus in row.get("versus", ()):
            low, high = versus["ci95"]
            assert f"{100 * versus['difference']:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})" in out
    assert "<0.001" in out


@pytest.mark.parametrize("width", WIDTHS)
def test_categories_votes_and_several_runs_fit(frame: dict[str, Any], width: int) -> None:
    votes, _ = vote_frame(counted(), list(AGGREGATORS))
    cold = {
        **frame,
        "run": "a-much-longer-name-than-usual-T0.9x5-0123abcd",
        "settings": {**frame["settings"], "T": "0"},
    }
    for what in (category_table(frame), vote_table(votes), summary_table([frame, cold], ["T", "schedules"])):
        out = shown(what, width)
        assert "…" not in out
        assert max(len(line.rstrip()) for line in out.splitlines()) <= width
    assert "0.9" in out and "oracle %" in out


def test_80_columns_are_enough_for_the_scores_in_one_piece(frame: dict[str, Any]) -> None:
    assert shown(score_table(frame), 80).count("majority-nll") == 2, "the scores and the comparison"


def test_the_best_row_and_small_p_values_stand_out_and_nothing_else_does(frame: dict[str, Any]) -> None:
    out = shown(score_table(frame), 100, force_terminal=True, color_system="standard")
    bold = [text.strip() for text in re.findall(r"\x1b\[1m([^\x1b]+)\x1b\[0m", out) if text.strip()]
    rows = [row for row in frame["rows"] if row["kind"] != "oracle"]
    best = max(rows, key=lambda row: row["accuracy"])
    heads = bold.count("majority") - (best["name"] == "majority")
    assert heads == 1, "of the comparison"
    assert sum(text in {row["name"] for row in rows} or text.startswith("block ") for text in bold) - heads == 2, (
        "the best row, and the best schedule in the head"
    )
    small = [versus for row in rows for versus in row.get("versus", ()) if versus["p_value"] < 0.05]
    assert small and sum(text in ("<0.001",) or re.fullmatch(r"0\.0[0-4]\d", text) is not None for text in bold) == len(
        small
    )


def test_the_head_names_what_is_unusual_and_what_differs(frame: dict[str, Any]) -> None:
    first = shown(score_table(frame), 140).splitlines()[0]
    assert first.startswith("test: sums, tiny, T 0.9, 2 samples: 200 problems, 1200 generations")
    assert "canvas 64" in shown(score_table(frame, ["canvas"]), 140).splitlines()[0]
    unfinished = score_frame(counted(samples=1, labels=("8", "16")), ["majority"])
    assert "samples" not in shown(score_table(unfinished), 140).splitlines()[0]


def test_the_notes_say_the_fair_rival_and_the_correction(frame: dict[str, Any]) -> None:
    out = " ".join(shown(score_table(frame), 140).split())
    assert "equal votes: not compared with 2 samples: of two votes the first decides; --samples 3 would do" in out
    three = score_frame(counted(samples=3, labels=("8", "16")), ["majority"])
    assert "3 votes of all schedules" in " ".join(shown(score_table(three), 140).split())
    assert f"Holm's correction for {frame['comparisons']} comparisons: " in out
    assert "sign-flip test over problems, exact" in out


def test_of_fewer_than_six_problems_no_p_is_promised() -> None:
    few = counted(samples=1, labels=("8", "16"))
    for problems, says in ((5, True), (6, False)):
        own = count(run(*(one for one in few.run.generations if int(one.problem.id[1:]) < problems)))
        out = " ".join(shown(brief_scores(score_frame(own, ["majority"])), 140).split())
        assert (f"with {problems} problems no p can be below 0.05 (it takes 6)" in out) is says


def test_one_schedule_is_not_called_the_best_in_hindsight() -> None:
    for labels, says in ((("8",), False), (("8", "16"), True)):
        out = shown(brief_scores(score_frame(counted(labels=labels), ["majority"])), 140)
        assert " over block " in out and ("in hindsight" in out) is says


BENCH = {
    "generations": 25, "batch_size": 8, "difference_ci95": [-0.01, 0.02],
    "front": ["nfe_per_problem"],
    "name": "fast-until-decided", "seconds": 1951.2, "ratio": 12.65, "cpu_seconds": 3111.2, "problems_per_second": 0.1,
    "generations_per_second": 19.5, "nfe_per_problem": 637.41, "tokens_per_problem": 86060, "peak_bytes": 2**29,
    "accuracy": 0.885, "ci95": [0.833, 0.922], "changed_votes": 0.08, "accuracy_difference": 0.005, "p_value": 0.006,
    "same_text": 1.0, "same_tokens": 1.0,
}  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_the_benchmark_fits_too(width: int) -> None:
    report = {
        **dict.fromkeys(("task", "model", "dtype"), "x"),
        "problems": 1,
        "votes": 1,
        "schedules": ["8"],
        "gen_length": 64,
        "steps": 32,
        "temperature": 0.9,
        "modes": [BENCH, {**BENCH, "name": "published"}],
        "hardware": {"cpu": "x", "cores": 2, "threads": 2, "gpu": None},
        "versions": {},
    }
    out = shown(bench_table(report), width)
    assert "…" not in out
    assert all(number in out for number in ("1951.2", "12.65", "3111.2", "637.4*", "86060", "83.3 - 92.2", "0.006"))


def test_rows_at_equal_votes_say_of_how_many_problems_they_are() -> None:
    some = [
        generation(problem, label, "7", seed=seed)
        for problem in range(4)
        for label in ("8", "16")
        for seed in range(3 if problem < 2 else 1)
    ]
    out = shown(brief_scores(score_frame(count(run(*some)), ["majority"])), 140)
    assert [
        line.split()[-3] for line in out.splitlines() if line.startswith(" 3 votes of") and "points" not in line
    ] == [
        "2/2",
        "2/2",
    ]
    assert "on the 2 problems both have" in out


def test_the_share_that_is_answered_is_in_the_legend_where_it_is_in_the_table() -> None:
    frame = score_frame(counted(), ["majority"])
    assert "answered: the share of its answers that are no abstention" in " ".join(
        shown(brief_scores(frame), 140).split()
    )


def test_the_best_schedule_by_category_keeps_its_name_in_one_piece() -> None:
    found = score_frame(counted(), list(AGGREGATORS))
    best = found["best_single"]
    rows = [{**row, "name": "8 · tiny-prompts"} if row["name"] == best else row for row in found["rows"]]
    assert "8 · tiny-prompts" in shown(category_table({**found, "rows": rows, "best_single": "8 · tiny-prompts"}), 80)
