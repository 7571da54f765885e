"""Every aggregator: what it decides, and what none may ever do."""

import dataclasses
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.schedule import Schedule
from hexcli.voting.aggregators import AGGREGATORS, get_aggregator
from hexcli.voting.calibration import Calibration
from hexcli.voting.rules import MissingSignalError
from hexcli.voting.votes import Decision, Election
from tests.voting.elections import EXPERTS, always, decide, election, same, vote, votes, with_every_signal

CALIBRATION = Calibration(accuracy=dict(zip(EXPERTS, (0.3, 0.4, 0.5, 0.6, 0.9), strict=True)), alternatives=5.0)


def run(name: str, elections: list[Election]) -> list[Decision]:
    return get_aggregator(name)(elections, CALIBRATION)


@st.composite
def runs(draw: st.DrawFn) -> list[Election]:
    """Problems with five to ten votes each, every signal there."""
    size = draw(st.integers(5, 10))
    probability = st.floats(0.01, 1)
    return [
        with_every_signal(
            election(
                *draw(st.lists(st.sampled_from([None, "a", "b", "c"]), min_size=size, max_size=size)),
                confidences=draw(st.lists(probability, min_size=size, max_size=size)),
                logprobs=draw(st.lists(st.floats(-50, 0), min_size=size, max_size=size)),
            )
        )
        for _ in range(draw(st.integers(1, 4)))
    ]


every_aggregator = pytest.mark.parametrize("name", AGGREGATORS)
# A whole run each time.
few = settings(max_examples=25)


@every_aggregator
@few
@given(elections=runs())
def test_the_winner_was_voted_for_and_abstentions_never_win(name: str, elections: list[Election]) -> None:
    for counted, decision in zip(elections, run(name, elections), strict=True):
        given_answers = [vote.answer for vote in counted.votes[: decision.read] if vote.answer is not None]
        if given_answers:
            assert decision.answer in given_answers
        else:
            assert (decision.answer, decision.tie, decision.agreement) == (None, False, 0.0)


@every_aggregator
@few
@given(elections=runs(), seed=st.integers(0, 9))
def test_a_unanimous_answer_wins(name: str, elections: list[Election], seed: int) -> None:
    place = random.Random(seed).randrange(len(elections))
    elections[place] = with_every_signal(election(*"zzzzz", confidences=[0.01] * 5, logprobs=[-99.0] * 5))
    decision = run(name, elections)[place]
    assert (decision.answer, decision.tie, decision.agreement) == ("z", False, 1.0)


@every_aggregator
@few
@given(elections=runs(), shuffler=st.randoms())
def test_the_order_of_the_problems_does_not_matter(name: str, elections: list[Election], shuffler: st.randoms) -> None:
    order = list(range(len(elections)))
    shuffler.shuffle(order)
    decisions = run(name, elections)
    shuffled = run(name, [elections[place] for place in order])
    assert shuffled == [decisions[place] for place in order]


@every_aggregator
@few
@given(elections=runs(), shuffler=st.randoms())
def test_without_a_tie_the_order_of_the_votes_does_not_matter(
    name: str, elections: list[Election], shuffler: st.randoms
) -> None:
    if name == "first":
        return  # it is about nothing else
    again = []
    for counted in elections:
        shuffled = list(counted.votes)
        shuffler.shuffle(shuffled)
        again.append(Election.of(shuffled, same))
    for before, after in zip(run(name, elections), run(name, again), strict=True):
        assert before.tie == after.tie
        assert before.tie or before.answer == after.answer


@every_aggregator
@few
@given(elections=runs())
def test_what_answers_are_called_does_not_matter(name: str, elections: list[Election]) -> None:
    """a -> z9, ..., which turns the alphabetical order round."""
    other = {None: None, "a": "z9", "b": "y8", "c": "x7"}
    renamed = [
        Election.of(
            [
                dataclasses.replace(vote, answer=other[vote.answer], said=always(other[vote.answer]))
                for vote in counted.votes
            ],
            same,
        )
        for counted in elections
    ]
    for before, after in zip(run(name, elections), run(name, renamed), strict=True):
        assert other[before.answer] == after.answer


@given(st.lists(st.sampled_from([None, "a", "b", "c"]), max_size=25))
def test_majority_is_the_most_frequent_answer_of_equals_the_first_cast(answers: list[str | None]) -> None:
    decision = decide("majority", *answers)
    given_answers = [answer for answer in answers if answer is not None]
    if not given_answers:
        assert decision.answer is None
        return
    top = max(given_answers.count(answer) for answer in given_answers)
    leaders = {answer for answer in given_answers if given_answers.count(answer) == top}
    assert decision.answer == next(answer for answer in given_answers if answer in leaders)
    assert decision.tie == (len(leaders) > 1)
    assert decision.cast == len(given_answers)


def test_first_reads_the_first_vote_and_may_abstain() -> None:
    decision = decide("first", "7", "8", "8")
    assert (decision.answer, decision.tie, decision.read) == ("7", False, 1)
    assert decide("first", None, "8", "8").answer is None


def test_first_keeps_the_spelling_of_the_first_vote() -> None:
    counted = election("1/2", "0.5", "0.5", equal=lambda a, b: True)
    (decision,) = get_aggregator("first")([counted], None)
    assert decision.answer == "1/2"


def test_majority_nll_gives_a_tie_to_the_likeliest_generation() -> None:
    decision = decide("majority-nll", "7", "8", "8", "7", "9", logprobs=[-3, -2, -5, -4, -0.1])
    assert (decision.answer, decision.tie) == ("8", True)
    assert decide("majority-nll", "7", "8", "8", logprobs=[-1, -2, -2]).answer == "8"


def test_lowest_nll_is_the_answer_of_the_likeliest_generation_that_gave_one() -> None:
    assert decide("lowest-nll", "7", "8", "8", None, logprobs=[-1, -2, -2, -0.5]).answer == "7"
    assert decide("lowest-nll", "7", "8", "7", logprobs=[-9, -2, -1]).answer == "7", "its others do not count"


def test_confidence_can_outvote_a_majority() -> None:
    assert decide("confidence", "7", "8", "8", confidences=[0.9, 0.4, 0.4]).answer == "7"
    assert decide("confidence", "7", "8", "8", confidences=[0.9, 0.5, 0.5]).answer == "8"


def test_schedule_weighted_trusts_the_schedules_that_were_right() -> None:
    """Right 30, 40, 50, 60 and 90 % of the time, five wrong answers: log(0.3 x 5 / 0.7) = 0.76, 1.20, ..."""
    (decision,) = run("schedule-weighted", [election("7", "7", "8", "8", "9")])
    assert (decision.answer, decision.tie) == ("9", False)
    assert [tally.support for tally in decision.tallies] == pytest.approx([3.8067, 3.6243, 1.9661], abs=1e-4)
    (decision,) = run("schedule-weighted", [election("8", "7", "8", "8", "9")])
    assert decision.answer == "8"


def test_a_schedule_no_better_than_chance_counts_for_nothing_never_against() -> None:
    poor = Calibration(accuracy=dict.fromkeys(EXPERTS, 0.1), alternatives=2.0)
    (decision,) = get_aggregator("schedule-weighted")([election("7", "8", "8")], poor)
    assert (decision.answer, decision.tie) == ("8", True)
    assert [tally.support for tally in decision.tallies] == [0.0, 0.0]


def test_schedule_weighted_says_which_schedule_was_not_calibrated() -> None:
    little = Calibration(accuracy={EXPERTS[0]: 0.5}, alternatives=2.0)
    with pytest.raises(MissingSignalError, match="no schedule 8"):
        get_aggregator("schedule-weighted")([election("7", "7")], little)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("majority-nll", "2 of 2 votes carry no first_step_logprob"),
        ("lowest-nll", "2 of 2 votes carry no first_step_logprob"),
        ("confidence", "2 of 2 votes carry no confidence"),
        ("schedule-weighted", "--calibration RUN"),
    ],
)
def test_an_aggregator_that_lacks_its_signal_says_so(name: str, says: str) -> None:
    with pytest.raises(MissingSignalError, match=says):
        decide(name, "7", None, "8")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_signal_that_is_no_finite_number_is_none(value: float) -> None:
    for name in ("majority-nll", "lowest-nll", "confidence"):
        with pytest.raises(MissingSignalError, match="1 of 2 votes"):
            decide(name, "7", "8", logprobs=[-1, value], confidences=[0.5, value])


def test_an_abstention_needs_no_signal() -> None:
    assert decide("lowest-nll", "7", None, logprobs=[-1, math.nan]).answer == "7"


def test_reliability_needs_two_schedules() -> None:
    seeds = [Schedule.parse("8", gen_length=64, temperature=0.9, seed=seed) for seed in range(3)]
    one = Election.of([type(votes("7")[0])(answer="7", schedule=seed) for seed in seeds], same)
    with pytest.raises(MissingSignalError, match="one schedule"):
        get_aggregator("reliability")([one], None)


def test_an_unknown_aggregator_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'majority'"):
        get_aggregator("majorty")


def test_the_likeliest_path_wins_alone_and_trajectories_weigh_as_particles() -> None:
    one = Election.of(
        [vote("3", 0, path_logprob=-1.0), vote("4", 1, path_logprob=-1.5), vote("4", 2, path_logprob=-1.5)], same
    )
    (path,), (weighed,) = (get_aggregator(name)([one], None) for name in ("path-likelihood", "trajectory-confidence"))
    assert path.answer == "3"
    assert weighed.answer == "4" and weighed.tallies[0].support == pytest.approx(2 * math.exp(-0.5))


def test_very_unlikely_paths_are_weighed_against_each_other() -> None:
    one = Election.of([vote("3", 0, path_logprob=-5000.0), vote("4", 1, path_logprob=-5001.0)], same)
    (decision,) = get_aggregator("trajectory-confidence")([one], None)
    assert decision.answer == "3" and decision.tallies[0].support == 1.0


def test_an_answer_that_stood_early_weighs_more() -> None:
    one = Election.of([vote("3", 0, settled=0.2), vote("4", 1, settled=0.9), vote("4", 2, settled=0.95)], same)
    (decision,) = get_aggregator("settled")([one], None)
    assert decision.answer == "3"


def test_texts_without_room_or_box_count_half() -> None:
    whole = {"room": 5, "reached": False}
    one = Election.of(
        [vote("3", 0, **whole), vote("4", 1, room=4, reached=True), vote("4", 2, room=9, reached=None)], same
    )
    (decision,) = get_aggregator("finished")([one], None)
    assert [tally.support for tally in decision.tallies] == [1.0, 1.0]
    assert decision.tie and decision.answer == "4", "of as much support the one with more votes"


def test_only_what_the_question_allows_is_voted_on() -> None:
    one = Election.of([vote("3", 0, valid=False), vote("3", 1, valid=False), vote("4", 2, valid=True)], same)
    (decision,) = get_aggregator("valid")([one], None)
    assert (decision.answer, decision.cast) == ("4", 1)


def test_where_the_question_says_nothing_valid_is_skipped_in_words() -> None:
    with pytest.raises(MissingSignalError, match="do not say which answers are possible"):
        get_aggregator("valid")([Election.of([vote("3", 0)], same)], None)
