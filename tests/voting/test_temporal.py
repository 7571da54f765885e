"""Votes over the steps of each generation."""

import math

import pytest

from hexcli.voting.rules import MissingSignalError
from hexcli.voting.temporal import ALPHA, shares, temporal
from hexcli.voting.votes import Election, Vote
from tests.voting.elections import same, vote


def said(*spans: tuple[str | None, int, int], place: int = 0, seed: int = 0) -> Vote:
    return vote(spans[-1][0], place, seed, said=lambda: spans)


def decide(*votes: Vote):  # type: ignore[no-untyped-def]
    (decision,) = temporal([Election.of(votes, same)], None)
    return decision


def test_a_step_weighs_the_exponential_of_how_late_it_is() -> None:
    found = shares(said(("7", 0, 1), (None, 1, 2), ("9", 2, 4)))
    weights = [math.exp(ALPHA * (step / 4 - 1)) for step in (1, 2, 3, 4)]
    assert found == pytest.approx({"7": weights[0] / sum(weights), "9": sum(weights[2:]) / sum(weights)})


def test_the_last_tenth_of_the_steps_has_two_thirds_of_the_weight() -> None:
    assert shares(said(("7", 0, 900), ("9", 900, 1000)))["9"] == pytest.approx(2 / 3, abs=0.01)


def test_an_answer_that_was_overwritten_at_the_very_end_wins() -> None:
    late = said(("7", 0, 31), ("9", 31, 32))
    assert decide(late).answer == "7"
    assert decide(said(("7", 0, 16), ("9", 16, 32))).answer == "9"


def test_generations_weigh_alike_and_their_parts_add_up() -> None:
    one = said(("7", 0, 24), ("9", 24, 32))
    other = said(("7", 0, 16), place=1)
    third = said(("9", 0, 16), place=2)
    decision = decide(one, other, third)
    assert decision.answer == "9" and not decision.tie
    assert [(tally.answer, tally.votes) for tally in decision.tallies] == [("9", 2), ("7", 2)]
    assert decision.tallies[0].support + decision.tallies[1].support == pytest.approx(3)
    assert (decision.cast, decision.read) == (3, 3)


def test_a_text_without_an_answer_at_the_end_counts_for_those_it_had() -> None:
    decision = decide(said(("7", 0, 30), (None, 30, 32)), said((None, 0, 4), place=1))
    assert (decision.answer, decision.cast, decision.read) == ("7", 1, 2)
    assert decide(said((None, 0, 4))).answer is None


def test_equal_answers_are_one_whatever_step_they_come_from() -> None:
    votes = [said(("7.0", 0, 20), ("9", 20, 22)), said(("7", 0, 4), place=1)]
    (decision,) = temporal([Election.of(votes, lambda a, b: float(a) == float(b))], None)
    assert len(decision.tallies) == 2 and decision.answer == "7"


def test_votes_without_a_record_are_one_reason() -> None:
    for votes, text in (
        ([vote("7")], "the votes have no record of their steps: decode with --record-steps"),
        ([vote("7"), said(("7", 0, 4), place=1)], "1 of 2 votes have no record"),
    ):
        with pytest.raises(MissingSignalError, match=text):
            decide(*votes)
