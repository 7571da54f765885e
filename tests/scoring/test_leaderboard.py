"""Aggregators ranked on the same generations, compared with majority, corrected for how many there are."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.records import Generation
from hexcli.runs.counting import count
from hexcli.scoring.leaderboard import leaderboard
from hexcli.scoring.paired import holm
from hexcli.voting.aggregators import AGGREGATORS
from tests.scoring.runs import counted, generation, run


def votes(problem: int, *answers: str | None, room: int = 20, target: str | None = "7") -> list[Generation]:
    """Blocks of 8, 16, 32 and 64 in turn; the first vote's text has no room behind it."""
    labels = ("8", "16", "32", "64")
    return [generation(problem, label, one, target=target) for label, one in zip(labels, answers, strict=False)]


EASY = [row for problem in range(8) for row in votes(problem, "1", "7", "7")]


def test_the_most_right_answers_come_first_and_equals_share_a_rank() -> None:
    found = leaderboard([counted(*EASY)], ["first", "majority", "majority-nll"])
    assert [(row["rank"], row["name"], row["correct"]) for row in found["rows"]] == [
        (1, "majority", 8),
        (1, "majority-nll", 8),
        (3, "first", 0),
    ]
    assert found["problems"] == 8
    assert (found["best_single"]["correct"], found["oracle"]["correct"]) == (8, 8)


def test_every_other_one_is_compared_with_majority_and_corrected_for_their_number() -> None:
    found = leaderboard([counted(*EASY)], list(AGGREGATORS))
    rows = {row["name"]: row for row in found["rows"]}
    assert rows["majority"]["versus"] is None
    others = [row["versus"] for name, row in rows.items() if name != "majority"]
    assert found["comparisons"] == len(others)
    assert [one["p_holm"] for one in others] == holm([one["p_value"] for one in others])
    assert rows["first"]["versus"]["difference"] == -1.0
    assert rows["first"]["versus"]["p_value"] == pytest.approx(2 / 2**8)


def test_problems_of_several_runs_count_together() -> None:
    hard = [row for problem in range(20, 22) for row in votes(problem, "7", "2", "2")]
    found = leaderboard([counted(*EASY), counted(*hard)], ["first"])
    rows = {row["name"]: row for row in found["rows"]}
    assert rows["majority"]["correct"] == 8 and rows["majority"]["of_runs"] == [1.0, 0.0]
    assert rows["first"]["correct"] == 2 and rows["first"]["of_runs"] == [0.0, 1.0]
    assert rows["first"]["versus"]["problems"] == 10


def test_who_cannot_vote_on_one_of_the_runs_is_not_ranked_and_it_is_said_why() -> None:
    bare = counted(*votes(30, "7", "7", "1"))
    blank = [generation(31, label, "7", first_step_logprob=None) for label in ("8", "16")]
    found = leaderboard([bare, count(run(*blank, name="blank"))], ["lowest-nll", "majority"])
    assert [row["name"] for row in found["rows"]] == ["majority"]
    assert found["skipped"] == [{"name": "lowest-nll", "reason": "blank: 2 of 2 votes carry no first_step_logprob"}]


def test_problems_without_a_target_are_left_out_and_alone_refused() -> None:
    some = [*EASY, *votes(50, "7", "7", "7", target=None)]
    assert leaderboard([counted(*some)], ["first"])["problems"] == 8
    with pytest.raises(UsageError, match="without a target"):
        leaderboard([counted(*votes(50, "7", target=None))], ["first"])


def _numbers(found: dict[str, Any]) -> Any:
    return [{key: value for key, value in row.items() if key not in ("of_runs", "ties")} for row in found["rows"]]


def test_an_exact_copy_of_a_run_is_left_out_and_moves_no_number() -> None:
    once = leaderboard([counted(*EASY)], ["first"])
    twice = leaderboard([counted(*EASY), count(run(*EASY, name="copy"))], ["first"])
    assert twice["left_out"] == [{"name": "copy", "reason": "the same votes as test"}]
    assert {**twice, "left_out": []} == once


def test_a_problem_of_several_runs_is_one_problem_with_the_mean_over_them() -> None:
    """The second run has the same problems, other votes: no more evidence than so many problems can give."""
    other = [row for problem in range(8) for row in votes(problem, "7" if problem < 4 else "2", "7", "7", "7")]
    found = leaderboard([counted(*EASY), count(run(*other, name="other"))], ["first"])
    rows = {row["name"]: row for row in found["rows"]}
    assert found["problems"] == 8 and found["left_out"] == []
    assert rows["first"]["correct"] == 2 and rows["first"]["of_runs"] == [0.0, 0.5]
    versus = rows["first"]["versus"]
    assert (versus["problems"], versus["difference"]) == (8, -0.75)
    assert versus["p_value"] == pytest.approx(2 / 2**8)
    assert rows["first"]["accuracy"] - rows["majority"]["accuracy"] == versus["difference"]


@given(st.lists(st.sampled_from("7123"), min_size=3, max_size=18), st.integers(2, 4))
def test_decoding_the_same_problems_again_with_the_same_success_gives_the_same_numbers(
    answers: list[str], times: int
) -> None:
    """Runs that differ in their texts' likelihood only are no copies of each other, and right alike."""
    size = len(answers) // 3
    runs = [
        count(run(*(_again(row, number) for p in range(size) for row in votes(p, *answers[3 * p : 3 * p + 3]))))
        for number in range(times)
    ]
    assert _numbers(leaderboard(runs, ["first"])) == _numbers(leaderboard(runs[:1], ["first"]))


def _again(row: Generation, number: int) -> Generation:
    return dataclasses.replace(row, response=dataclasses.replace(row.response, first_step_logprob=-1.0 - number))


def test_the_same_ids_of_another_task_are_other_problems() -> None:
    found = leaderboard([counted(*EASY), count(run(*EASY, name="other", task="gsm8k"))], ["first"])
    assert found["problems"] == 16
