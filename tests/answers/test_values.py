from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.answers.values import math_key, same_math, value
from tests.tables import table


@pytest.mark.parametrize(("a", "b", "same"), table("same_math.tsv"))
def test_same_math(a: str, b: str, same: str) -> None:
    assert same_math(a, b) == same_math(b, a) == (same == "yes")


@settings(deadline=None)
@given(st.lists(st.sampled_from(["1", "0.5", r"\frac12", "x", "(1,2)", "2, 3"]), min_size=2, max_size=5), st.randoms())
def test_lists_have_no_order(values: list[str], random: Random) -> None:
    shuffled = random.sample(values, len(values))
    assert math_key(", ".join(values)) == math_key(", ".join(shuffled))


@settings(deadline=None)
@given(st.fractions())
def test_a_fraction_has_its_value_in_every_notation(fraction: Fraction) -> None:
    over, under = abs(fraction.numerator), fraction.denominator
    sign = "-" if fraction < 0 else ""
    if max(over, under) < 10**20:
        assert value(rf"{sign}\frac{{{over}}}{{{under}}}") == fraction
    assert same_math(f"{fraction}", rf"\dfrac{{{fraction.numerator}}}{{{under}}}")
