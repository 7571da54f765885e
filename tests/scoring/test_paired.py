"""The sign-flip test, and the interval that comes of it."""

import itertools
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.scoring import paired as module
from hexcli.scoring.paired import holm, paired
from hexcli.stats import mcnemar, paired_interval


def outcomes(wins: int, losses: int, problems: int) -> list[float]:
    return [1.0] * wins + [-1.0] * losses + [0.0] * (problems - wins - losses)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 40))
def test_of_single_votes_it_is_mcnemars_exact_test(wins: int, losses: int, same: int) -> None:
    found = paired(outcomes(wins, losses, wins + losses + same))
    assert found.p_value == pytest.approx(mcnemar(wins, losses), rel=1e-12)
    assert (found.won, found.lost, found.exact) == (wins, losses, True)


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from([1, 2, 3, 5, 6])), min_size=1, max_size=9))
def test_of_means_over_samples_it_counts_every_pattern_of_signs(shares: list[tuple[int, int]]) -> None:
    """Against going through all of them; differences of means over 1, 2, 3, 5 and 6 samples."""
    differences = [1 - min(right, samples) / samples for right, samples in shares]
    differences = [value if place % 2 else -value for place, value in enumerate(differences)]
    seen = abs(sum(differences)) - 1e-9
    patterns = list(itertools.product((1, -1), repeat=len(differences)))
    as_far = sum(abs(sum(map(float.__mul__, differences, map(float, signs)))) >= seen for signs in patterns)
    assert paired(differences).p_value == pytest.approx(as_far / len(patterns))


@pytest.mark.parametrize("problems", [1, 2, 3, 4, 5])
def test_few_problems_cannot_tell_anything(problems: int) -> None:
    """Not even where all are won: with 3 problems p = 2 / 2^3, and an interval over everything."""
    found = paired([1.0] * problems)
    assert found.p_value == 2 / 2**problems
    assert found.low <= 0.0 and found.high == 1.0
    assert paired([1.0] * 6).p_value == 2 / 2**6


def vote(rate: float, chance: random.Random) -> float:
    return float(chance.random() < rate)


def mean(rate: float, chance: random.Random) -> float:
    return sum(vote(rate, chance) for _ in range(5)) / 5


@pytest.mark.parametrize("problems", [1, 3, 10, 100])
@pytest.mark.parametrize(("ours", "theirs"), [(vote, vote), (vote, mean), (mean, mean)])
def test_of_methods_that_are_equally_good_it_rejects_one_in_twenty(
    problems: int, ours: Callable, theirs: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Problems from hopeless to easy, each side with votes of its own; the z-test that was here rejected 1 in 3."""
    monkeypatch.setattr(module, "_PATTERNS", 20)  # of the interval, which is not looked at
    chance, tries = random.Random(problems), 400
    rejected = 0
    for _ in range(tries):
        rates = [chance.choice([0.02, 0.2, 0.5, 0.8, 0.95]) for _ in range(problems)]
        rejected += paired([ours(rate, chance) - theirs(rate, chance) for rate in rates]).p_value < 0.05
    assert rejected / tries <= 0.05 + 3 * (0.05 * 0.95 / tries) ** 0.5


def test_skewed_differences_are_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """One vote against the mean of five on 30 problems that are nearly always right: docs/statistics.md."""
    monkeypatch.setattr(module, "_PATTERNS", 20)
    chance, tries, rejected = random.Random(3), 1000, 0
    for _ in range(tries):
        rates = [chance.choice([0.9, 0.95]) for _ in range(30)]
        rejected += paired([vote(rate, chance) - mean(rate, chance) for rate in rates]).p_value < 0.05
    assert 0.08 < rejected / tries < 0.14


def test_where_one_is_better_it_says_so() -> None:
    assert paired(outcomes(12, 1, 100)).p_value < 0.01
    assert paired([0.4, 0.2, 0.6, 0.2, 0.4, 0.2, 0.8, 0.2]).p_value == 2 / 2**8


differing = st.lists(st.sampled_from([-1.0, -0.6, -0.2, 0.0, 0.0, 0.0, 0.2, 0.4, 1.0, 1.0]), min_size=1, max_size=60)


@given(differing)
def test_the_interval_holds_0_exactly_where_the_test_does_not_reject(differences: list[float]) -> None:
    found = paired(differences)
    assert (found.low <= 0 <= found.high) == (found.p_value >= 0.05)
    assert -1 <= found.low <= found.difference + 1e-9 and found.difference - 1e-9 <= found.high <= 1


@given(differing)
def test_turned_round_all_is_mirrored(differences: list[float]) -> None:
    one, other = paired(differences), paired([-value for value in differences])
    assert one.p_value == other.p_value
    assert (one.won, one.lost) == (other.lost, other.won)
    assert one.difference == pytest.approx(-other.difference)
    if len(set(differences)) < 4:  # all patterns, not seeded ones
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


@pytest.mark.parametrize(("wins", "losses", "problems"), [(60, 40, 1319), (100, 60, 1319), (30, 10, 200), (9, 2, 50)])
def test_with_many_problems_the_interval_is_that_of_bonett_and_price(wins: int, losses: int, problems: int) -> None:
    found = paired(outcomes(wins, losses, problems))
    low, high = paired_interval(outcomes(wins, losses, problems))
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.1 * (high - low))


def test_problems_that_never_differ_are_not_certainty() -> None:
    found = paired([0.0] * 50)
    assert found.p_value == 1.0
    assert 0.03 < found.high == -found.low < 0.08


@pytest.mark.parametrize(("rates", "problems"), [((0.1, 0.04), 50), ((0.03, 0.01), 100), ((0.3, 0.1), 20)])
def test_the_interval_holds_the_true_difference_as_often_as_it_says(rates: tuple[float, float], problems: int) -> None:
    won, lost = rates
    chance, tries, held = random.Random(7), 200, 0
    for _ in range(tries):
        draws = [chance.random() for _ in range(problems)]
        found = paired([1.0 if draw < won else -1.0 if draw < won + lost else 0.0 for draw in draws])
        held += found.low - 1e-9 <= won - lost <= found.high + 1e-9
    assert held / tries >= 0.95 - 3 * (0.05 * 0.95 / tries) ** 0.5


def test_an_estimate_counts_patterns_that_are_exactly_as_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_EXACT_BITS", 0)
    found = paired(outcomes(8, 2, 20)).p_value
    assert found == pytest.approx(mcnemar(8, 2), abs=0.01), "0.11; further than what was seen are 0.02"


def test_too_many_patterns_are_estimated_from_seeded_ones_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    differences = [0.2, -0.4, 0.6, 1.0, -0.2, 0.2, 0.8, -0.6, 0.4, 0.2] * 4
    exact = paired(differences)
    monkeypatch.setattr(module, "_EXACT_BITS", 0)
    estimated = paired(differences)
    assert (exact.exact, estimated.exact) == (True, False)
    assert estimated.p_value == pytest.approx(exact.p_value, abs=0.01)
    assert estimated == paired(differences), "seeded"
    assert exact.to_dict()["test"] == "sign-flip, exact"
    assert estimated.to_dict()["test"] == "sign-flip, 20000 seeded patterns"


def test_no_differences_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="no differences"):
        paired([])


def test_holm_corrects_the_smallest_most() -> None:
    """Holm's own procedure: 0.01 * 4, then 0.02 * 3, 0.03 * 2, 0.04 * 1, never falling."""
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_differences_that_are_nearly_equal_all_count() -> None:
    """Expected values over draws are no fractions of small numbers: each goes to the nearest of these."""
    near = [0.1 + step * 1e-11 for step in range(50)]
    found, rounded = paired([*near, *(-value for value in near[:20])]), paired([0.1] * 50 + [-0.1] * 20)
    assert found.difference == pytest.approx(rounded.difference)
    assert (found.low, found.high) == pytest.approx((rounded.low, rounded.high))
    assert (found.won, found.lost, found.p_value) == (50, 20, rounded.p_value)


def test_a_difference_larger_than_all_others_together_is_counted_without_its_size() -> None:
    """One that differs by 1 and three that differ by a ten-thousandth: the large one alone decides the side."""
    found = paired([1.0, 0.0001, 0.0001, -0.0001])
    assert found.p_value == 2 * 3 / 16 + 2 * 1 / 16  # as far out: the large one with 2 or 3 of the small on its side
