"""Counting votes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.voting import Vote, get_aggregator, majority


def votes(*answers: str | None) -> list[Vote]:
    return [Vote(answer=answer, schedule_label=str(place), seed=0) for place, answer in enumerate(answers)]


def same(a: str, b: str) -> bool:
    return a == b


def test_the_most_frequent_answer_wins() -> None:
    decision = majority(votes("7", "8", "8"), same)
    assert (decision.answer, decision.tie, decision.cast) == ("8", False, 3)
    assert decision.agreement == pytest.approx(2 / 3)
    assert [(t.answer, t.votes) for t in decision.tallies] == [("8", 2), ("7", 1)]


def test_a_tie_goes_to_the_first_cast() -> None:
    decision = majority(votes("7", "8", "8", "7"), same)
    assert (decision.answer, decision.tie) == ("7", True)


def test_abstentions_are_dropped_and_never_win() -> None:
    decision = majority(votes(None, None, "3"), same)
    assert (decision.answer, decision.tie, decision.cast, decision.agreement) == ("3", False, 1, 1.0)


@pytest.mark.parametrize("empty", [[], [None, None]])
def test_without_an_answer_nothing_is_decided(empty: list[None]) -> None:
    decision = majority(votes(*empty), same)
    assert (decision.answer, decision.tie, decision.cast, decision.agreement) == (None, False, 0, 0.0)


def test_equal_answers_are_one_candidate_with_the_first_spelling() -> None:
    decision = majority(votes("7", "1/2", "0.5"), lambda a, b: {a, b} <= {"1/2", "0.5"})
    assert (decision.answer, decision.tie) == ("1/2", False)


@given(st.lists(st.sampled_from([None, "a", "b", "c"]), max_size=25))
def test_the_winner_has_the_most_votes_and_was_cast_before_its_equals(answers: list[str | None]) -> None:
    decision = majority(votes(*answers), same)
    given_answers = [answer for answer in answers if answer is not None]
    if not given_answers:
        assert decision.answer is None
        return
    top = max(given_answers.count(answer) for answer in given_answers)
    leaders = {answer for answer in given_answers if given_answers.count(answer) == top}
    assert decision.answer == next(answer for answer in given_answers if answer in leaders)
    assert decision.tie == (len(leaders) > 1)
    assert decision.cast == len(given_answers)


def test_an_unknown_aggregator_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'majority'"):
        get_aggregator("majorty")
