"""Every aggregator can be told in words, and what they say of a tie is what broke it."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.report.showing import why
from hexcli.voter import Voter
from hexcli.voting.aggregators import AGGREGATORS, get_aggregator
from hexcli.voting.calibration import Calibration
from hexcli.voting.informed import copies, finished_shares, sign
from hexcli.voting.rules import MissingSignalError
from hexcli.voting.votes import Candidate, Decision, Election, Tally, Vote
from hexcli.voting.words import WORDS, words_of
from tests.voting.elections import EXPERTS, election, same, vote, with_every_signal

Key = Callable[[Candidate], float]


def test_all_of_ours_are_told_and_no_other() -> None:
    assert set(WORDS) == set(AGGREGATORS)


def test_one_that_is_plugged_in_is_told_by_its_docstring() -> None:
    tie = Decision(answer="7", tie=True, tallies=(), cast=2, read=2)
    assert words_of("no-such-rule").decides == ""
    assert words_of("no-such-rule").ties(tie) == "its own rule decides"
    preferring = election("7", "1").decide(lambda one: 1.0, prefer=lambda one: float(one.answer))
    assert words_of("no-such-rule").ties(preferring) == "its own rule decides"


def test_more_votes_are_named_where_they_broke_the_tie() -> None:
    votes = [vote("7", 0, room=20, reached=True), vote("1", 1, room=0), vote("1", 2, room=0)]
    (decision,) = get_aggregator("finished")([Election.of(votes, same)], None)
    assert why(decision, words_of("finished")) == "a tie with 7, weight 1 each (2 of 3 votes): more votes win"


def test_a_tie_names_all_answers_that_are_in_it() -> None:
    decision = get_aggregator("majority")([election("71", "51", "81")], None)[0]
    assert why(decision) == "a tie with 51 and 81, 1 vote each: the first cast wins"
    decision = get_aggregator("majority")([election("71", "51", "81", "71", "51")], None)[0]
    assert why(decision) == "a tie with 51, 2 votes each: the first cast wins"


def _measures(elections: Sequence[Election]) -> dict[str, Key]:
    """What each sentence claims, measured of a candidate: the winner must have the highest."""
    groups, shares = copies(elections), finished_shares(elections)
    return {
        "more votes win": lambda one: len(one.votes),
        "the likelier generation wins": lambda one: max(v.first_step_logprob or 0.0 for v in one.votes),
        "the schedule that plans more forward passes wins": lambda one: max(v.schedule.nfe for v in one.votes),
        "more independent voters win": lambda one: len({groups[v.voter] for v in one.votes}),
        "more signs of finished texts win": lambda one: sum(map(sign, one.votes)),
        "schedules whose texts are finished more often win": lambda one: (
            sum(shares[v.expert] for v in one.votes) / len(one.votes)
        ),
        "the first cast wins": lambda one: -one.first,
    }


@st.composite
def _elections(draw: st.DrawFn) -> list[Election]:
    """Few answers and few values of each signal, so that ties are common."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        votes: list[Vote] = []
        for place in range(draw(st.integers(2, 6))):
            likely = draw(st.sampled_from([-2.0, -1.0]))
            sure = draw(st.sampled_from([0.2, 0.5, 0.7]))
            answer = draw(st.sampled_from(["1", "2", "3", None]))
            seed, expert = divmod(place, len(EXPERTS))
            votes.append(vote(answer, expert, seed, first_step_logprob=likely, confidence=sure))
        found.append(with_every_signal(Election.of(votes, same)))
    return found


@pytest.mark.parametrize("name", AGGREGATORS)
@given(elections=_elections(), sure=st.lists(st.sampled_from([0.6, 0.8]), min_size=5, max_size=5))
def test_the_reason_of_every_decision_is_what_decided(name: str, elections: list[Election], sure: list[float]) -> None:
    accuracy: dict[Voter, float] = dict(zip((one.expert for one in EXPERTS), sure, strict=True))
    known = Calibration(accuracy=accuracy, alternatives=3.0)
    try:
        decisions = get_aggregator(name)(elections, known)
    except MissingSignalError:
        return  # of a single schedule there is nothing to estimate
    measures = _measures(elections)
    for one, decision in zip(elections, decisions, strict=True):
        reason = why(decision, words_of(name))
        if not decision.tie:
            assert "tie" not in reason and ": " not in reason
            assert all(decision.tallies[0].support > other.support for other in decision.tallies[1:])
            continue
        tied = {tally.answer for tally in decision.tallies if tally.support == decision.tallies[0].support}
        named, said = reason.rsplit(": ", 1)
        assert all(answer in named.split(",")[0] for answer in tied - {decision.answer})
        left = [candidate for candidate in one.candidates if candidate.answer in tied]
        for sentence in said.split(", then "):
            best = max(map(measures[sentence], left))
            kept = [candidate for candidate in left if measures[sentence](candidate) == best]
            assert len(kept) < len(left), f"{sentence}: tells nothing apart"
            left = kept
        assert [candidate.answer for candidate in left] == [decision.answer]


def test_a_tie_of_many_names_the_first_ones() -> None:
    tallies = tuple(Tally(answer=str(number), votes=1, support=1.0) for number in range(9))
    decision = Decision(answer="0", tie=True, tallies=tallies, cast=9, read=9, broken=("first",))
    assert why(decision) == "a tie with 1, 2, 3, 4, 5, 6 and 2 more, 1 vote each: the first cast wins"
