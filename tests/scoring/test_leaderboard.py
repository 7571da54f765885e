"""Aggregators ranked on the same generations, compared with majority, corrected for how many there are."""

import pytest

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
