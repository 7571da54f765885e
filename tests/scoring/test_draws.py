"""The expected majority of votes drawn from pools, against drawing them all by hand."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.scoring import draws
from hexcli.scoring.draws import Line, expected

RIGHT = (True, False, False)


def by_hand(lines: list[Line], right: tuple[bool, ...], votes: int) -> float:
    """Every way to draw, one vote at a time, each as likely as the others."""

    def of_pool(pool: tuple[int, ...], number: int) -> list[tuple[int, ...]]:
        cast = [candidate for candidate, count in enumerate(pool) for _ in range(count)]
        return list(itertools.combinations(cast, number))

    def evenly(sources: list, number: int, draw) -> list[tuple[int, ...]]:
        """All equally likely outcomes: those of each choice of who gives one more, repeated to weigh the same."""
        part, over = divmod(number, len(sources))
        choices = []
        for luckier in itertools.combinations(range(len(sources)), over):
            drawn = [draw(source, part + (place in luckier)) for place, source in enumerate(sources)]
            choices.append([sum(one, ()) for one in itertools.product(*drawn)])
        size = math.lcm(*map(len, choices))
        return [one for own in choices for one in own * (size // len(own))]

    outcomes = evenly(lines, votes, lambda line, number: evenly(list(line), number, of_pool))
    total = 0.0
    for outcome in outcomes:
        counts = [outcome.count(candidate) for candidate in range(len(right))]
        leaders = [good for count, good in zip(counts, right, strict=True) if count == max(counts) > 0]
        total += sum(leaders) / len(leaders) if leaders else 0.0
    return total / len(outcomes)


pools = st.sampled_from([pool for pool in itertools.product(range(3), repeat=4) if sum(pool) == 3])
lines = st.lists(st.lists(pools, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2)


@settings(max_examples=40, deadline=None)
@given(lines, st.integers(1, 3))
def test_it_is_the_mean_over_every_draw(lines: list[Line], votes: int) -> None:
    assert expected(lines, RIGHT, votes) == pytest.approx(by_hand(lines, RIGHT, votes))


@settings(max_examples=40, deadline=None)
@given(lines, st.integers(1, 3), st.randoms(use_true_random=False))
def test_the_order_of_candidates_lines_and_values_does_not_matter(
    lines: list[Line], votes: int, dice: random.Random
) -> None:
    order = dice.sample(range(3), 3)
    turned = [tuple((*(pool[place] for place in order), pool[-1]) for pool in line[::-1]) for line in lines[::-1]]
    right = tuple(RIGHT[place] for place in order)
    assert expected(turned, right, votes) == pytest.approx(expected(lines, RIGHT, votes))


def test_votes_between_two_numbers_are_the_mean_of_both() -> None:
    line = ((3, 1, 1, 0), (1, 4, 0, 0))
    few, many = (expected([line], RIGHT, votes) for votes in (3, 4))
    assert expected([line], RIGHT, 3.25) == pytest.approx(0.75 * few + 0.25 * many)


def test_two_votes_are_worth_one() -> None:
    """A tie is split, so a second vote of another voter gains nothing, and loses nothing."""
    one, other = (4, 1, 0, 0), (2, 1, 2, 0)
    alone = (expected([(one,)], RIGHT, 1) + expected([(other,)], RIGHT, 1)) / 2
    assert expected([(one, other)], RIGHT, 2) == pytest.approx(alone)


def test_where_there_are_too_many_draws_it_is_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [((3, 2, 0, 0), (2, 2, 1, 0)), ((1, 2, 2, 0), (3, 0, 2, 0))]
    exact = expected(lines, RIGHT, 6)
    monkeypatch.setattr(draws, "_WIDEST", 1)
    draws._expected.cache_clear()
    estimated = expected(lines, RIGHT, 6)
    draws._expected.cache_clear()
    assert estimated != exact
    assert estimated == pytest.approx(exact, abs=0.11)  # three standard deviations of 200 draws


def test_abstentions_elect_nobody() -> None:
    assert expected([((0, 0, 0, 5),)], RIGHT, 5) == 0.0
    assert expected([((1, 0, 0, 4),)], RIGHT, 5) == 1.0


@pytest.mark.parametrize(("votes", "words"), [(0.5, "less than one"), (6, "a pool of 5")])
def test_what_cannot_be_drawn_is_refused(votes: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        expected([((3, 2, 0, 0),)], RIGHT, votes)
