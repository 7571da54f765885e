"""Confidence intervals and tests."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.stats import mcnemar, paired_interval, pass_at, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_values(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_no_trials_tell_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 2000), st.floats(0, 1))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(trials: int, share: float) -> None:
    low, high = wilson(share * trials, trials)
    assert 0 <= low <= share + 1e-12
    assert wilson(0, trials)[0] == 0.0
    assert wilson(trials, trials)[1] == 1.0
    assert share - 1e-12 <= high <= 1


@pytest.mark.parametrize("successes", [-1, 11])
def test_impossible_counts_are_refused(successes: int) -> None:
    with pytest.raises(ValueError, match="in 10 trials"):
        wilson(successes, 10)


@pytest.mark.parametrize(
    ("wins", "losses", "p_value"),
    [
        (0, 0, 1.0),
        (5, 5, 1.0),
        (1, 0, 1.0),
        (6, 0, 2 / 2**6),
        (0, 6, 2 / 2**6),
        (8, 1, 2 * (1 + 9) / 2**9),
        (1, 7, 2 * (1 + 8) / 2**8),
    ],
)
def test_mcnemar_is_the_exact_binomial_test(wins: int, losses: int, p_value: float) -> None:
    assert mcnemar(wins, losses) == pytest.approx(p_value, abs=5e-4)


def test_mcnemar_refuses_counts_below_zero() -> None:
    with pytest.raises(ValueError, match="-1 wins"):
        mcnemar(-1, 2)


def test_mcnemar_takes_any_number_of_problems() -> None:
    assert mcnemar(10_000, 10_000) == 1.0
    assert 0 <= mcnemar(20_000, 10) < 1e-300


def test_the_paired_interval_is_bonett_and_prices() -> None:
    """1 win, 7 losses, 21 problems: p12 = 2/23, p21 = 8/23, (p12 - p21) -+ z sqrt((p12 + p21 - (p12 - p21)^2) / 23)."""
    low, high = paired_interval([1.0] * 1 + [-1.0] * 7 + [0.0] * 13)
    assert (low, high) == pytest.approx((-0.5084, -0.0134), abs=1e-4)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60))
def test_the_paired_interval_holds_the_mean_and_stays_within_bounds(differences: list[float]) -> None:
    low, high = paired_interval(differences)
    mean = sum(differences) / len(differences)
    assert -1 <= low <= mean + 1e-12 and mean - 1e-12 <= high <= 1
    mirrored = paired_interval([-difference for difference in differences])
    assert mirrored == pytest.approx((-high, -low))


def test_no_differences_have_no_interval() -> None:
    with pytest.raises(ValueError, match="no differences"):
        paired_interval([])


@given(st.integers(1, 8), st.data())
def test_pass_at_k_is_the_share_of_subsets_with_a_right_vote(votes: int, data: st.DataObject) -> None:
    right, k = data.draw(st.integers(0, votes)), data.draw(st.integers(1, votes))
    subsets = list(itertools.combinations(range(votes), k))
    hits = sum(any(member < right for member in subset) for subset in subsets)
    assert pass_at(votes, right, k) == pytest.approx(hits / len(subsets))


@pytest.mark.parametrize(("votes", "right", "k"), [(3, 4, 1), (3, -1, 1), (3, 1, 0), (3, 1, 4)])
def test_pass_at_impossible_counts_is_refused(votes: int, right: int, k: int) -> None:
    with pytest.raises(ValueError, match="votes"):
        pass_at(votes, right, k)
