"""From run folders to votes and scores."""

import dataclasses
from typing import Any

import pytest

from hexcli.errors import UsageError
from hexcli.json_file import json_line
from hexcli.records import Generation, Problem
from hexcli.runs.counting import Count, count
from hexcli.scoring.frames import score_frame, vote_frame, vote_lines
from hexcli.stats import mcnemar, wilson
from tests.scoring.runs import counted, generation, run

# Four problems, target 7 each: block 8 gets one right, 16 two, 32 two; the majority three.
TABLE = {1: ("7", "7", "1"), 2: ("2", "7", "7"), 3: (None, "3", "7"), 4: (None, None, None)}


def score_rows(counted: Count, aggregators: list[str]) -> list[dict[str, Any]]:
    return list(score_frame(counted, aggregators)["rows"])


def vote_rows(counted: Count, aggregators: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    frame, details = vote_frame(counted, aggregators)
    return frame["rows"], list(details)


def table() -> list[Generation]:
    return [
        generation(problem, label, answer)
        for problem, answers in TABLE.items()
        for label, answer in zip(("8", "16", "32"), answers, strict=True)
    ]


def rows_by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in rows}


def test_the_lines_of_votes_are_the_rows_as_json() -> None:
    _, rows = vote_rows(counted(*table(), generation(5, "8", '\ud7ff, "x"}')), ["majority", "reliability"])
    assert list(vote_lines(iter(rows))) == [json_line(row) for row in rows]
    assert len({row["problem_id"] for row in rows}) < len(rows)


def test_scores_have_a_row_for_every_schedule_aggregator_and_the_oracle() -> None:
    rows = score_rows(counted(*table()), ["majority"])
    assert [(row["kind"], row["name"]) for row in rows] == [
        ("schedule", "8"),
        ("schedule", "16"),
        ("schedule", "32"),
        ("aggregator", "majority"),
        ("oracle", "oracle"),
    ]
    by_name = rows_by_name(rows)
    assert [by_name[name]["correct"] for name in ("8", "16", "32", "majority", "oracle")] == [1, 2, 2, 2, 3]
    assert [by_name[name]["abstained"] for name in ("8", "16", "32", "majority", "oracle")] == [2, 1, 1, 1, 1]
    assert by_name["majority"]["ties"] == 1
    for row in rows:
        assert row["accuracy"] == row["correct"] / 4
        assert row["ci95"] == list(wilson(row["correct"], 4))
    assert by_name["8"]["nfe_per_problem"] == 32
    assert by_name["majority"]["nfe_per_problem"] == by_name["oracle"]["nfe_per_problem"] == 96
    assert by_name["majority"]["tokens_per_problem"] == 3000
    assert by_name["16"]["schedule"]["blocks"] == [16] * 4


def test_a_tie_goes_to_the_smallest_block_whatever_the_order_of_the_file() -> None:
    """Problem 3: 16 says 3, 32 says 7; one vote each."""
    for generations in (table(), table()[::-1]):
        _, details = vote_rows(counted(*generations), ["majority"])
        third = next(row for row in details if row["problem_id"] == "p3")
        assert (third["answer"], third["tie"]) == ("3", True)


def test_vote_rows_say_who_voted_for_what() -> None:
    summary, details = vote_rows(counted(*table()), ["majority"])
    assert summary == [{"name": "majority", "voted": 3, "abstained": 1, "ties": 1, "agreement": pytest.approx(11 / 18)}]
    assert details[0] == {
        "problem_id": "p1",
        "aggregator": "majority",
        "answer": "7",
        "tie": False,
        "agreement": pytest.approx(2 / 3),
        "tallies": [{"answer": "7", "votes": 2, "support": 2.0}, {"answer": "1", "votes": 1, "support": 1.0}],
        "votes": [
            {"schedule_label": "8", "seed": 0, "answer": "7"},
            {"schedule_label": "16", "seed": 0, "answer": "7"},
            {"schedule_label": "32", "seed": 0, "answer": "1"},
        ],
    }


def test_samples_of_a_schedule_are_one_row_with_their_mean() -> None:
    answers = {0: "7", 1: "7", 2: "1"}
    generations = [generation(p, "8", answers[seed], seed=seed) for p in (1, 2) for seed in answers]
    by_name = rows_by_name(score_rows(counted(*generations), ["majority"]))
    assert by_name["8"]["accuracy"] == pytest.approx(2 / 3)
    assert (by_name["8"]["votes"], by_name["8"]["samples"]) == (1, 3)
    assert by_name["8"]["nfe_per_problem"] == 32
    assert by_name["majority"]["accuracy"] == 1.0
    assert by_name["majority"]["votes"] == 3


def test_votes_can_be_cut_down_to_schedules_and_samples() -> None:
    generations = [generation(1, label, "7", seed=seed) for label in ("8", "16") for seed in (3, 1, 2)]
    only = counted(*generations, schedules=["16"], samples=2)
    (ballot,) = only.ballots
    assert [(vote.schedule.label, vote.schedule.seed) for vote in ballot.votes] == [("16", 1), ("16", 2)]
    with pytest.raises(UsageError, match="has no schedule 32: it has 8, 16"):
        counted(*generations, schedules=["32"])


def test_an_unfinished_run_is_scored_on_what_is_there_and_marked() -> None:
    unfinished = counted(generation(1, "8", "7"), generation(1, "16", "7"), generation(2, "8", "7"), expected=4)
    assert not unfinished.complete
    frame = score_frame(unfinished, ["first", "majority"])
    by_name = rows_by_name(frame["rows"])
    assert (by_name["16"]["problems"], by_name["16"]["correct"], by_name["16"]["abstained"]) == (1, 1, 0)
    assert by_name["16"]["accuracy"] == 1.0
    assert by_name["16"]["ci95"] == list(wilson(1, 1))
    assert by_name["16"]["nfe_per_problem"] == 32
    assert {name for name, row in by_name.items() if row.get("partial")} == {"16", "majority", "oracle"}
    assert frame["votes_per_problem"] == {"fewest": 1, "most": 2, "full": 1}
    assert (frame["generations"], frame["expected"]) == (3, 4)


def test_a_finished_run_with_unequal_votes_is_scored_on_what_is_there_too() -> None:
    """A schedule that was added for the first problem only, and a second sample that was."""
    uneven = counted(*table(), generation(1, "64", "7"), generation(1, "8", "7", seed=1))
    assert uneven.complete
    frame = score_frame(uneven, ["first", "majority"])
    by_name = rows_by_name(frame["rows"])
    assert (by_name["64"]["problems"], by_name["64"]["accuracy"]) == (1, 1.0)
    assert by_name["8"]["accuracy"] == 0.25
    assert {name for name, row in by_name.items() if row.get("partial")} == {"8", "64", "majority", "oracle"}
    assert frame["votes_per_problem"] == {"fewest": 3, "most": 5, "full": 1}
    (voted,), _ = vote_rows(uneven, ["majority"])
    assert voted["partial"]


def test_a_schedule_with_few_problems_is_not_called_the_best() -> None:
    frame = score_frame(counted(*table(), generation(1, "64", "7")), ["majority"])
    assert frame["best_single"] == "16"
    (single,) = rows_by_name(frame["rows"])["majority"]["versus"]
    assert single["problems"] == 4


def test_rivals_meet_on_the_problems_that_both_have() -> None:
    """Block 16 is right on both problems it has; the majority of the third is not compared with it."""
    generations = [generation(p, "8", "1") for p in (1, 2, 3)] + [generation(p, "16", "7") for p in (1, 2)]
    frame = score_frame(counted(*generations), ["majority"])
    assert frame["best_single"] == "16"
    (single,) = rows_by_name(frame["rows"])["majority"]["versus"]
    assert (single["problems"], single["difference"], single["lost"]) == (2, -1.0, 2)


def test_neither_extraction_nor_votes_see_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    from hexcli.tasks.registry import get_task

    seen = []
    task = get_task("sums")

    def spy(text: str, problem: Problem) -> str | None:
        seen.append(problem.target)
        return task.extract(text, problem)

    monkeypatch.setattr("hexcli.runs.ballots.get_task", lambda name: dataclasses.replace(task, extract=spy))
    (ballot, *_) = counted(*table()).ballots
    assert seen and set(seen) == {None}
    assert not any("target" in name for name in dir(ballot.votes[0]))


def test_a_run_without_targets_cannot_be_scored_but_can_be_voted_on() -> None:
    blind = counted(generation(1, "8", "7", target=None))
    assert vote_rows(blind, ["majority"])[0][0]["voted"] == 1
    with pytest.raises(UsageError, match="without a target"):
        score_rows(blind, ["majority"])


def test_problems_without_a_target_are_voted_on_and_not_scored() -> None:
    some = [generation(5, label, "7", target=None) for label in ("8", "16", "32")]
    frame, whole = score_frame(counted(*table(), *some), ["majority"]), score_frame(counted(*table()), ["majority"])
    assert (frame.pop("without_target"), whole.pop("without_target")) == (1, 0)
    assert (frame.pop("expected"), whole.pop("expected")) == (15, 12)
    assert frame == whole
    assert vote_rows(counted(*table(), *some), ["majority"])[0][0]["voted"] == 4


def test_a_run_without_generations_says_what_to_do() -> None:
    with pytest.raises(UsageError, match="no generations to vote on: finish it with `hex sweep "):
        counted(expected=3)


def test_aggregators_are_compared_with_the_best_schedule_and_with_majority_problem_by_problem() -> None:
    """first (block 8): p1. majority: p1, p2. The best single, block 16: p1, p2."""
    frame = score_frame(counted(*table()), ["first", "majority"])
    assert frame["best_single"] == "16", "16 and 32 are right twice: the first cast"
    by_name = rows_by_name(frame["rows"])
    (single,) = by_name["majority"]["versus"]
    assert (single["rival"], single["name"]) == ("best single, in hindsight", "16")
    assert (single["difference"], single["won"], single["lost"], single["p_value"]) == (0, 0, 0, 1.0)
    single, majority = by_name["first"]["versus"]
    assert majority["rival"] == majority["name"] == "majority"
    assert (majority["difference"], majority["won"], majority["lost"]) == (-0.25, 0, 1)
    assert majority["p_value"] == mcnemar(0, 1)
    assert majority["ci95"][0] <= -0.25 <= majority["ci95"][1]
    assert "versus" not in by_name["8"] and "versus" not in by_name["oracle"]


def test_majority_is_compared_with_even_where_it_was_not_asked_for() -> None:
    (_, majority) = rows_by_name(score_rows(counted(*table()), ["first"]))["first"]["versus"]
    assert majority["name"] == "majority"


def test_first_costs_one_generation_a_problem() -> None:
    by_name = rows_by_name(score_rows(counted(*table()), ["first", "majority"]))
    assert (by_name["first"]["votes"], by_name["first"]["nfe_per_problem"]) == (1, 32)
    assert by_name["first"]["correct"] == by_name["8"]["correct"]


def test_rates_are_shares_of_all_problems() -> None:
    majority = rows_by_name(score_rows(counted(*table()), ["majority"]))["majority"]
    assert (majority["tie_rate"], majority["abstention_rate"]) == (0.25, 0.25)


def test_problems_with_a_category_are_split_by_it() -> None:
    generations = [
        generation(problem, label, answer, category=category)
        for problem, category in ((1, "algebra"), (2, "algebra"), (3, "geometry"), (4, None))
        for label, answer in zip(("8", "16", "32"), TABLE[problem], strict=True)
    ]
    majority = rows_by_name(score_rows(counted(*generations), ["majority"]))["majority"]
    parts = majority["categories"]
    assert {name: (part["problems"], part["correct"]) for name, part in parts.items()} == {
        "(none)": (1, 0),
        "algebra": (2, 2),
        "geometry": (1, 0),
    }
    assert parts["algebra"]["ci95"] == list(wilson(2, 2))
    assert "categories" not in rows_by_name(score_rows(counted(*table()), ["majority"]))["majority"]


def test_an_aggregator_without_its_signal_is_skipped_with_the_reason() -> None:
    silent = counted(*(generation(1, label, "7", first_step_logprob=None) for label in ("8", "16")))
    for frame in (vote_frame(silent, ["lowest-nll", "majority"])[0], score_frame(silent, ["lowest-nll", "majority"])):
        assert frame["skipped"] == [{"name": "lowest-nll", "reason": "2 of 2 votes carry no first_step_logprob"}]
        assert "lowest-nll" not in rows_by_name(frame["rows"])
        assert "majority" in rows_by_name(frame["rows"])


@pytest.mark.parametrize("value", [float("inf"), float("nan"), None])
def test_a_likelihood_that_is_no_number_is_none(value: float | None) -> None:
    (ballot,) = counted(generation(1, "8", "7", first_step_logprob=value)).ballots
    assert ballot.votes[0].first_step_logprob is None


def test_schedules_of_one_label_are_told_apart_and_chosen_by_name() -> None:
    generations = [generation(1, "32", answer, gen_length=length) for length, answer in ((256, "1"), (128, "7"))]
    rows = score_rows(counted(*generations), ["first"])
    assert [row["name"] for row in rows[:2]] == ["32@128", "32"], "the canvas of the first goes without saying"
    assert rows_by_name(rows)["first"]["correct"] == 1, "the shorter canvas is cast first"
    only = counted(*generations, schedules=["32@256"])
    assert [vote.answer for vote in only.ballots[0].votes] == ["1"]
    assert list(only.names.values()) == ["32"]
    assert len(counted(*generations, schedules=["32:temperature=0.9"]).ballots[0].votes) == 2
    _, details = vote_rows(counted(*generations), ["majority"])
    assert [vote["schedule_label"] for vote in details[0]["votes"]] == ["32@128", "32"]


def test_every_answer_is_graded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from hexcli.tasks.registry import get_task

    graded, task = [], get_task("sums")

    def spy(answer: str, target: str) -> bool:
        graded.append((answer, target))
        return task.grade(answer, target)

    monkeypatch.setattr("hexcli.runs.ballots.get_task", lambda name: dataclasses.replace(task, grade=spy))
    score_frame(counted(*table()), ["first", "majority", "reliability"])
    assert sorted(graded) == [("1", "7"), ("2", "7"), ("3", "7"), ("7", "7")]


def test_comparisons_that_nobody_could_decide_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(question: str) -> bool:
        raise TimeoutError

    monkeypatch.setattr("hexcli.tasks.math500.equal_expressions", give_up)
    votes = [
        generation(1, label, answer, target=r"\cos 2")
        for label, answer in (("8", r"\sin 1"), ("16", r"\cos 1"), ("32", r"\sin 1"))
    ]
    found = count(run(*votes, task="math"))
    assert len(found.undecided) == 1  # sin 1 and cos 1, while votes are cast
    assert vote_frame(found, ["majority"])[0]["undecided"] == 1
    assert score_frame(found, ["majority"])["undecided"] == 3  # and each against cos 2, while they are graded
    assert score_frame(counted(*table()), ["majority"])["undecided"] == 0
