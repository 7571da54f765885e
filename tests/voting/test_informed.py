"""Ties broken by what generations tell of themselves: never worse than plain majority, better where it tells."""

import inspect

import pytest

from hexcli.voting import informed as module
from hexcli.voting.aggregators import get_aggregator
from hexcli.voting.informed import copies, finished_shares, informed, telling
from hexcli.voting.votes import Election, Vote
from tests.voting.elections import same, vote
from tests.voting.simulations import elections, experts, right

COUNTS = (3, 5, 6, 25)


def gain(*, problems: int = 1500, accuracies: list[float], **how: object) -> float:
    """Points that `informed` is above majority on simulated voters."""
    cast = elections(accuracies, problems=problems, seed=1, **how)  # type: ignore[arg-type]
    found = {name: right(get_aggregator(name)(cast, None)) for name in ("majority", "informed")}
    return 100 * (found["informed"] - found["majority"]) / problems


def rising(count: int, low: float = 0.35, high: float = 0.75) -> list[float]:
    return [low + (high - low) * place / (count - 1) for place in range(count)]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("seen", ["equal", "rising", "falling", "one good", "near-random"])
def test_independent_voters_lose_nothing(seen: str, count: int) -> None:
    accuracies = {
        "equal": [0.6] * count,
        "rising": rising(count),
        "falling": rising(count)[::-1],
        "one good": [0.8] + [0.1] * (count - 1),
        "near-random": [0.12] * count,
    }[seen]
    assert gain(accuracies=accuracies) >= -1.0


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(("own", "others"), [(0.6, 0.6), (0.45, 0.6), (0.7, 0.5)])
def test_voters_that_share_their_draws_lose_nothing(own: float, others: float, count: int) -> None:
    shared = list(range(count // 2 + 1))
    assert gain(accuracies=[own] * len(shared) + [others] * (count - len(shared)), shared=shared) >= -1.0


@pytest.mark.parametrize("count", COUNTS)
def test_copies_lose_nothing_and_where_there_are_others_to_break_the_tie_they_gain(count: int) -> None:
    found = gain(accuracies=[0.6] * count, copies=list(range(max(2, count // 3))))
    assert found >= (3.0 if count > 3 else -1.0)


@pytest.mark.parametrize("count", COUNTS)
def test_signs_that_tell_right_from_wrong_are_heard(count: int) -> None:
    assert gain(accuracies=[0.5] * count, telling=0.4) >= (2.0 if count < 25 else 0.0)


def test_signs_that_say_nothing_are_not_heard() -> None:
    heard = [telling(elections([0.6] * 3, problems=300, seed=seed)) for seed in range(40)]
    assert sum(heard) <= 3, "a test at 1 %"
    assert telling(elections([0.6] * 3, problems=300, seed=0, telling=0.4))


def test_votes_without_signals_are_a_plain_majority() -> None:
    cast = [Election.of([vote("3", 0), vote("4", 1), vote("5", 2)], same)] * 30
    assert [decision.answer for decision in informed(cast, None)] == ["3"] * 30
    assert not telling(cast)


def test_a_copy_is_one_voter_and_needs_enough_problems_to_be_one() -> None:
    cast = elections([0.6] * 4, problems=60, seed=3, copies=[0, 1])
    voters = experts(4)
    assert copies(cast)[voters[1]] == voters[0]
    assert [copies(cast)[voter] for voter in voters[2:]] == voters[2:]
    assert copies(cast[:19])[voters[1]] == voters[1]


def told(*runs: tuple[str, int]) -> list[Election]:
    """Elections of one vote of each voter; each run: what they say, a letter each, and on how many problems."""
    return [
        Election.of([vote(answer, place) for place, answer in enumerate(answers)], same)
        for answers, many in runs
        for _ in range(many)
    ]


@pytest.mark.parametrize(("agreed", "disputed", "copied"), [(19, 20, True), (18, 20, False), (19, 19, False)])
def test_a_copy_agrees_on_nineteen_of_twenty_disputed_problems(agreed: int, disputed: int, copied: bool) -> None:
    cast = told(("aab", agreed), ("abb", disputed - agreed), ("aaa", 5))
    one, other, _ = (ballot.voter for ballot in cast[0].votes)
    assert (copies(cast)[other] == one) == copied


def test_a_copy_of_a_copy_is_one_of_the_first() -> None:
    cast = told(("aaab", 18), ("abbc", 1), ("aabc", 1))
    one, *others, last = (ballot.voter for ballot in cast[0].votes)
    assert [copies(cast)[other] for other in others] == [one, one]
    assert copies(cast)[last] == last


def test_where_the_others_are_divided_nobody_is_said_to_agree() -> None:
    """The third has signs exactly where it says what was cast first; one of the others always says the same."""
    quiet = {"room": 0, "reached": False}
    cast = [
        Election.of([vote("a", 0, **quiet), vote("b", 1, **quiet), vote(said, 2, room=room, reached=False)], same)
        for said, room in (("a", 9), ("b", 0)) * 50
    ]
    assert not telling(cast)


def test_a_tie_goes_to_the_votes_with_signs_then_to_the_canvas_that_suffices() -> None:
    run = elections([0.5] * 3, problems=300, seed=2, telling=0.6)
    one, two, three = experts(3)
    assert telling(run)

    def winner(*signals: dict[str, object]) -> str | None:
        votes = [
            Vote(answer=str(n), schedule=who.schedule, **own)
            for n, (who, own) in enumerate(zip((one, two, three), signals, strict=True))
        ]
        return informed([*run, Election.of(votes, same)], None)[-1].answer

    nothing: dict[str, object] = {"room": 0, "reached": False}
    assert winner(nothing, nothing, {"room": 5, "reached": False}) == "2"
    assert winner(nothing, {"room": 9, "reached": True}, {"room": 9, "reached": False}) == "1"
    assert winner(nothing, {"room": 4, "reached": True}, {"room": None, "reached": None}) == "1"
    best = max(finished_shares(run).items(), key=lambda item: item[1])
    assert winner(nothing, nothing, nothing) == str((one, two, three).index(best[0]))


def test_no_target_can_reach_it() -> None:
    assert "target" not in inspect.getsource(module).replace("no target", "")
