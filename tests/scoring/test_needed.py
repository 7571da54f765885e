"""How many problems would tell two methods apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.scoring.needed import about, problems_needed, z_of
from hexcli.stats import mcnemar


def test_it_is_connors_number() -> None:
    """Of 100 pairs 45 won and 5 lost: 23 pairs at 5 % and 80 % power, as published calculators have it."""
    assert problems_needed([1.0] * 45 + [-1.0] * 5 + [0.0] * 50) == 23


def test_no_difference_takes_no_number() -> None:
    assert problems_needed([1.0, -1.0, 0.0]) is None
    assert problems_needed([]) is None


@given(won=st.integers(0, 40), lost=st.integers(0, 40), same=st.integers(0, 100))
def test_what_does_not_tell_yet_takes_more_problems(won: int, lost: int, same: int) -> None:
    needed = problems_needed([1.0] * won + [-1.0] * lost + [0.0] * same)
    assert (needed is None) == (won == lost)
    if needed is not None:
        assert needed == problems_needed([-1.0] * won + [1.0] * lost + [0.0] * same)
        if won + lost >= 6 and mcnemar(won, lost) >= 0.05:
            assert needed > won + lost + same


@pytest.mark.parametrize(("needed", "said"), [(4, 4), (9, 9), (10, 10), (23, 30), (112, 120), (199, 200), (4321, 5000)])
def test_no_more_digits_are_said_than_mean_anything(needed: int, said: int) -> None:
    assert about(needed) == said


def test_one_of_several_pairs_takes_more_problems() -> None:
    assert (round(z_of(0.05), 4), round(z_of(0.005), 4)) == (1.96, 2.807), "as tables have it"
    differences = [1.0] * 4 + [-1.0] + [0.0] * 5
    alone, among = (problems_needed(differences, z_of(0.05 / pairs)) for pairs in (1, 10))
    assert alone is not None and among is not None and among > 1.5 * alone
