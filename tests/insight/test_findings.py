"""Costs, kinds of problems, flips, and runs side by side."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.insight.beside import beside
from hexcli.insight.cost import COSTS, Point, front
from hexcli.insight.findings import Findings
from hexcli.insight.kinds import MEANINGS, Kind
from hexcli.insight.landmarks import LANDMARKS, landmarks
from hexcli.tasks.registry import TASKS
from hexcli.voting.aggregators import AGGREGATORS
from tests.scoring.runs import counted, generation

LABELS = ("8", "16", "32")


def findings(*problems: str, target: str | None = "7", names: tuple[str, ...] = tuple(AGGREGATORS)) -> Findings:
    """A problem a word, a vote a letter: `778` is two votes for 7, then one for 8; `-` abstains."""
    return Findings(
        counted(
            *(
                generation(number, label, None if letter == "-" else letter, target=target)
                for number, word in enumerate(problems)
                for label, letter in zip(LABELS, word, strict=True)
            )
        ),
        names,
    )


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ("777", {Kind.agree}),
        ("888", {Kind.agree, Kind.wrong, Kind.no_vote_right}),
        ("788", {Kind.wrong, Kind.minority_right}),
        ("877", set()),
        ("789", {Kind.tie}),
        ("897", {Kind.tie, Kind.wrong, Kind.minority_right}),
        ("77-", set()),
        ("---", {Kind.wrong, Kind.no_vote_right}),
    ],
)
def test_kinds_of_problems(votes: str, expected: set[Kind]) -> None:
    assert findings(votes, names=("majority",)).kinds == [expected]


def test_a_problem_flips_where_two_aggregators_differ() -> None:
    found = findings("877", "777", "87-", names=("first", "majority"))
    assert [Kind.flip in kinds for kinds in found.kinds] == [True, False, False]
    (pair,) = found.flips()
    assert (pair.first, pair.second, pair.won, pair.lost, pair.other) == ("first", "majority", (), ("p0",), ())


def test_without_a_target_nothing_is_right_or_wrong() -> None:
    found = findings("788", "777", target=None)
    assert not found.scored and found.points() == [] and found.contestants == {}
    assert [set(kinds) & {Kind.wrong, Kind.minority_right, Kind.no_vote_right} for kinds in found.kinds] == [set()] * 2
    assert [block.accuracy for block in found.blocks()] == [None] * 3
    (pair,) = [one for one in found.flips() if (one.first, one.second) == ("first", "majority")]
    assert pair.other == ("p0",)
    assert found.frame["rows"][0]["name"] == "first"


def test_every_kind_says_what_it_means() -> None:
    assert set(MEANINGS) == set(Kind)


def test_points_are_the_rows_and_smaller_majorities() -> None:
    found = findings("777", "887")
    kinds = [point.kind for point in found.points()]
    assert kinds.count("schedule") == 3 and kinds.count("oracle") == 1 and kinds.count("votes") == 1
    two = next(point for point in found.points() if point.kind == "votes")
    oracle = next(point for point in found.points() if point.kind == "oracle")
    assert two.votes == 2 and two.nfe == pytest.approx(oracle.nfe * 2 / 3)
    assert oracle.seconds == pytest.approx(1.5), "three votes of half a second"


def test_what_is_not_told_costs_nothing_known() -> None:
    made = [generation(1, label, "7", tokens_computed=0, seconds=0.0) for label in LABELS]
    points = Findings(counted(*made), ["majority"]).points()
    assert all(point.tokens is None and point.seconds is None and point.nfe > 0 for point in points)


def point(accuracy: float, cost: float | None, kind: str = "schedule") -> Point:
    return Point(kind=kind, name="x", votes=1, accuracy=accuracy, ci95=None, nfe=1, tokens=cost, seconds=None)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6)), max_size=12))
def test_the_front_is_what_nothing_beats_at_its_price(values) -> None:
    points = [point(accuracy / 5, float(cost)) for accuracy, cost in values]
    kept = front(points, "tokens")
    for one in points:
        beaten = any(
            other.tokens <= one.tokens and other.accuracy >= one.accuracy
            and (other.tokens, other.accuracy) != (one.tokens, one.accuracy)
            for other in points
        )  # fmt: skip
        assert beaten != any((one.tokens, one.accuracy) == (other.tokens, other.accuracy) for other in kept)
    assert [one.tokens for one in kept] == sorted(one.tokens for one in kept)


def test_the_front_has_no_oracle_and_no_unknown_cost() -> None:
    assert front([point(1.0, 1.0, "oracle"), point(0.5, None)], "tokens") == []
    assert [one.accuracy for one in front([point(0.5, 2.0)], "seconds")] == []
    with pytest.raises(ValueError, match="known: nfe, tokens, seconds"):
        point(1.0, 1.0).cost("dollars")
    assert point(1.0, 3.0).cost(COSTS[1]) == 3.0


def test_runs_compare_on_the_problems_that_both_have() -> None:
    first, second = findings("777", "888", "778"), findings("788", "888")
    rows = {(row.kind, row.name): row for row in beside(first, second)}
    majority = rows["aggregator", "majority"]
    assert (majority.problems, majority.first, majority.second, majority.won, majority.lost) == (2, 0.5, 0.0, 1, 0)
    assert majority.difference == 0.5 and majority.ci95[0] < 0.5 < majority.ci95[1] and majority.p_value == 1.0
    assert rows["schedule", "8"].difference == 0 and ("oracle", "oracle") in rows


def test_problems_of_one_id_and_another_question_are_not_common() -> None:
    import dataclasses

    first, second = findings("777"), findings("777")
    ballot = first.labelled.ballots[0]
    other = dataclasses.replace(ballot, problem=dataclasses.replace(ballot.problem, question="another"))
    first.labelled = dataclasses.replace(first.labelled, ballots=(other,))
    assert beside(first, second) == []


def test_landmarks_are_of_tasks_there_are_and_say_where_they_are_from() -> None:
    assert set(LANDMARKS) <= set(TASKS)
    assert landmarks("sums") == ()
    for landmark in landmarks("gsm8k"):
        assert 0 < landmark.accuracy < 1 and landmark.nfe > 0 and re.fullmatch(r"\d{4}\.\d{5}", landmark.source)
