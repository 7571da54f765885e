"""A problem called decided is decided: whatever the votes that are left, the answer is the same."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.voter import Voter
from hexcli.voting.aggregators import get_aggregator
from hexcli.voting.deciding import STEADY, ahead, decided, settled, votes_needed
from hexcli.voting.ordering import in_turn
from hexcli.voting.rules import majority
from hexcli.voting.votes import Election, Equal, Vote
from tests.voting.elections import EXPERTS, same
from tests.voting.test_votes import equalities

SAMPLES = 3
ENSEMBLE = [Voter(expert.schedule.with_seed(seed)) for expert in EXPERTS for seed in range(SAMPLES)]
ANSWERS = ("1", "2", "3", "4")

Votes = Mapping[Voter, str | None]


def election(votes: Votes, equal: Equal = same) -> Election:
    cast = sorted(votes, key=lambda voter: voter.cast_order)
    return Election.of([Vote(answer=votes[voter], schedule=voter.schedule) for voter in cast], equal)


def left(votes: Votes, ensemble: Sequence[Voter] = ENSEMBLE) -> list[Voter]:
    return [schedule for schedule in ensemble if schedule not in votes]


@st.composite
def ballots(draw: st.DrawFn, most_left: int = 15) -> tuple[Votes, Votes, Votes]:
    """All votes of a problem; those of them that are there, in whatever order they came; and some more."""
    size = draw(st.integers(1, len(ENSEMBLE)))
    ensemble = draw(st.permutations(ENSEMBLE))[:size]
    # Few answers and uneven chances: close races and clear ones.
    answers = draw(st.sampled_from([("1", None), ("1", "1", "1", "2"), ("1", "1", "2", "3", None), (*ANSWERS, None)]))
    full = {schedule: draw(st.sampled_from(answers)) for schedule in ensemble}
    first = draw(st.integers(max(size - most_left, 0), size))
    second = draw(st.integers(first, size))
    there, more = (dict(itertools.islice(full.items(), count)) for count in (first, second))
    return full, there, more


@given(ballots())
def test_what_is_decided_no_vote_can_change(drawn: tuple[Votes, Votes, Votes]) -> None:
    full, there, more = drawn
    if decided(election(there), left(there, list(full))):
        for name in STEADY:
            rule = get_aggregator(name)
            answers = {rule([election(votes)], None)[0].answer for votes in (full, there, more)}
            assert len(answers) == 1, name


@given(ballots(), equalities())
def test_nor_where_a_vote_can_make_one_candidate_of_two(
    drawn: tuple[Votes, Votes, Votes], equal: Callable[[str, str], bool]
) -> None:
    full, there, more = drawn
    if decided(election(there, equal), left(there, list(full)), merging=True):
        for name in STEADY:
            rule = get_aggregator(name)
            answers = {rule([election(votes, equal)], None)[0].answer for votes in (full, there, more)}
            assert len(answers) == 1, name


@given(ballots(most_left=3))
def test_what_is_not_settled_some_votes_would_change(drawn: tuple[Votes, Votes, Votes]) -> None:
    full, there, _ = drawn
    remaining = left(there, list(full))
    winners = {
        majority(election({**there, **dict(zip(remaining, answers, strict=True))})).answer
        for answers in itertools.product((*ANSWERS, "new", None), repeat=len(remaining))
    }
    assert settled(election(there), remaining, merging=False) == (len(winners) == 1)


def test_with_25_votes_13_of_one_kind_decide_and_fewer_where_the_others_disagree() -> None:
    ensemble = in_turn(Voter(expert.schedule.with_seed(seed)) for expert in EXPERTS for seed in range(5))
    for there, enough in ((["7"] * 12, False), (["7"] * 13, True), (["7"] * 10 + list("123456"), True)):
        votes = dict(zip(ensemble, there, strict=False))
        assert decided(election(votes), left(votes, ensemble)) == enough


def test_a_tie_goes_to_the_first_cast_and_so_does_a_tie_to_come() -> None:
    first, second, third, fourth = ENSEMBLE[:4]
    assert decided(election({first: "1", second: "1"}), [third, fourth])
    assert not decided(election({second: "1", third: "1"}), [first, fourth])
    assert decided(election({first: None, second: "1", third: "1"}), [fourth, ENSEMBLE[4]])


def test_the_first_vote_is_always_cast() -> None:
    votes = dict.fromkeys(ENSEMBLE[1:], "1")
    assert settled(election(votes), ENSEMBLE[:1], merging=False)
    assert not decided(election(votes), ENSEMBLE[:1])


def test_candidates_that_may_merge_need_more_votes_than_all_others_together() -> None:
    votes = dict(zip(ENSEMBLE, [*"111111", *"22", *"33"], strict=False))
    one, two = ENSEMBLE[10:11], ENSEMBLE[10:13]
    assert decided(election(votes), two)
    assert decided(election(votes), one, merging=True)
    assert not decided(election(votes), two, merging=True)
    tied = dict(zip(ENSEMBLE, "21113", strict=False))  # 2 and 3 may become one, with the first cast
    assert not decided(election(tied), ENSEMBLE[5:6], merging=True)


def test_so_many_votes_are_needed_that_nobody_could_be_ahead_of_the_leader() -> None:
    votes = dict(zip(ENSEMBLE, "112", strict=False))
    assert votes_needed(election(votes), ENSEMBLE[3:6]) == 1
    assert votes_needed(election(votes), ENSEMBLE[3:7]) == 2
    assert votes_needed(election({}), ENSEMBLE[:5]) == 3


def test_the_spelling_of_the_answer_is_decided_too() -> None:
    def halves(a: str, b: str) -> bool:
        return {a, b} <= {"1/2", "0.5"} or a == b

    votes = dict(zip(ENSEMBLE, ["1/2", "1/2", "0.5"], strict=False))
    (four,), (five,) = ENSEMBLE[3:4], ENSEMBLE[4:5]
    assert settled(election(votes, halves), [four], merging=True) is False
    assert settled(election({**votes, four: "1/2"}, halves), [five], merging=True) is True


@pytest.mark.parametrize("leader", range(8))
@pytest.mark.parametrize("runner_up", range(8))
def test_the_posterior_is_the_integral_of_the_beta_density(leader: int, runner_up: int) -> None:
    def integral(low: Fraction) -> Fraction:
        """Of p^leader (1 - p)^runner_up from `low` to 1, by the binomial theorem."""
        terms = (
            (-1) ** k * Fraction(math.comb(runner_up, k), leader + k + 1) * (1 - low ** (leader + k + 1))
            for k in range(runner_up + 1)
        )
        return sum(terms, Fraction())

    assert ahead(leader, runner_up) == float(integral(Fraction(1, 2)) / integral(Fraction(0)))


def test_a_posterior_stops_earlier_and_is_no_proof() -> None:
    for count, enough in ((3, False), (4, True)):
        votes = dict.fromkeys(ENSEMBLE[:count], "1")
        assert decided(election(votes), left(votes), certainty=0.95) == enough
        assert not decided(election(votes), left(votes))
    many = [Voter(EXPERTS[0].schedule.with_seed(seed)) for seed in range(200)]
    votes = dict.fromkeys(many[:80], "1")
    assert ahead(80, 0) == 1.0, "but for rounding"
    assert not decided(election(votes), left(votes, many))


@given(ballots(), st.sampled_from([0.8, 0.95, 1.0]))
def test_fewer_votes_than_needed_never_decide(drawn: tuple[Votes, Votes, Votes], certainty: float) -> None:
    full, there, more = drawn
    ensemble = list(full)
    if not decided(election(there), left(there, ensemble), certainty=certainty):
        needed = votes_needed(election(there), left(there, ensemble), certainty=certainty)
        assert 1 <= needed <= len(full) - len(there)
        if decided(election(more), left(more, ensemble), certainty=certainty):
            assert len(more) - len(there) >= needed
