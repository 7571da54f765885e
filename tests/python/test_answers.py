"""Votes on answers that are there already."""

from typing import Any

import pytest

import hexcli
from hexcli.errors import UsageError
from hexcli.voting.rules import majority as rule
from hexcli.voting.votes import Decision, Election


@pytest.mark.parametrize(
    ("answers", "winner"),
    [
        (["4", "5", "4"], "4"),
        ([4, 5.0, "5"], "5"),
        (["5", "4"], "5"),
        ([0.5, "1/2", 3], "0.5"),
        ([None, "", "7", float("nan")], "7"),
        ([None], None),
        ([], None),
    ],
)
def test_the_majority_of_a_list(answers: list[Any], winner: str | None) -> None:
    assert hexcli.majority(answers) == winner


def test_which_answers_are_equal_can_be_said() -> None:
    assert hexcli.majority(["b", "A", "a"], equal=lambda one, other: one.lower() == other.lower()) == "A"
    assert hexcli.majority(["b", "A", "a"]) == "b"
    with pytest.raises(UsageError, match="unknown task 'mth'"):
        hexcli.majority(["1"], equal="mth")


ROWS = [
    {"problem_id": name, "schedule": schedule, "answer": answer}
    for name, answers in {"p": ("1", "2", "2"), "q": (None, "3", "x")}.items()
    for schedule, answer in zip((8, 16, 32), answers, strict=True)
]


def test_rows_of_answers_are_voted_on_problem_by_problem() -> None:
    votes = hexcli.vote(ROWS, ["majority", "first"])
    assert [(row["aggregator"], row["voted"], row["abstained"]) for row in votes] == [
        ("majority", 2, 0),
        ("first", 1, 1),
    ]
    assert {row["problem_id"]: row["answer"] for row in votes.decisions if row["aggregator"] == "majority"} == {
        "p": "2",
        "q": "3",
    }
    assert {row["aggregator"] for row in hexcli.vote(ROWS)} >= {"first", "majority"}
    assert "confidence" in {one["name"] for one in hexcli.vote(ROWS).skipped}


def last_wins(election: Election) -> Decision:
    return rule(Election.of(election.votes[-1:], str.__eq__))


def test_a_function_of_ones_own_votes_on_rows() -> None:
    assert hexcli.vote(ROWS, last_wins).decisions["answer"] == ["2", "x"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: hexcli.majority("445"), "answers are a list"),
        (lambda: hexcli.majority([["4"]]), "an answer is a text, a number or None"),
        (lambda: hexcli.vote(["4", "5", "4"]), r"no run folders; answers are voted on by hexcli.majority"),
        (lambda: hexcli.vote([{"answer": "4"}]), "rows of answers have a column problem_id .* these have answer"),
        (lambda: hexcli.vote([{"problem": 1, "text": "4"}]), r"hexcli.import_\(rows, ...\)"),
        (lambda: hexcli.vote(ROWS, samples=2), "choose the rows instead"),
        (lambda: hexcli.score(ROWS), r"rows are no run: hexcli.import_\(rows"),
    ],
)
def test_what_is_no_answer_is_said(call: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        call()
