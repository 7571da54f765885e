"""Numbers of schedules: one type and value each, and a message that says what would have done."""

import math
from dataclasses import dataclass
from typing import Any

import pytest

from hexcli.bounds import LARGEST, bring, in_reach, whole


@dataclass(frozen=True)
class Owner:
    number: Any


@pytest.mark.parametrize(
    ("value", "least", "most", "becomes"),
    [(3.0, 1, 5, 3), (3, 1, 5, 3), (True, 1, 5, 1), (2, 0.0, 5.0, 2.0), (-0.0, 0.0, math.inf, 0.0), (None, 1, 5, None)],
)
def test_a_number_is_brought_to_its_type(value: Any, least: float, most: float, becomes: Any) -> None:
    owner = Owner(value)
    bring(owner, "number", least, most)
    assert (owner.number, type(owner.number), str(owner.number)) == (becomes, type(becomes), str(becomes))


@pytest.mark.parametrize(
    ("value", "least", "most", "says"),
    [
        (0, 1, 5, "number must be from 1 to 5, not 0"),
        (0, 1, LARGEST, "number must be at least 1, not 0"),
        (LARGEST + 1, 1, LARGEST, f"number must be at most {LARGEST}, not {LARGEST + 1}"),
        (2.5, 1, 5, "number must be a whole number, not 2.5"),
        (0.0, 1e-9, 1.0, "number must be above 0 and at most 1, not 0.0"),
        (0.0, 1e-9, math.inf, "number must be above 0, not 0.0"),
        (math.inf, 0.0, math.inf, "number must be at least 0, not inf"),
        (math.nan, 0.0, 1.0, "number must be from 0 to 1, not nan"),
    ],
)
def test_a_number_out_of_bounds_is_refused_with_its_bounds(value: float, least: float, most: float, says: str) -> None:
    with pytest.raises(ValueError) as raised:
        bring(Owner(value), "number", least, most)
    assert str(raised.value) == says


def test_lengths_are_whole_and_within_reach() -> None:
    assert whole("steps", 4.0) == 4
    in_reach("steps", LARGEST)
    for value, says in ((0, "at least 1"), (LARGEST + 1, f"at most {LARGEST}")):
        with pytest.raises(ValueError, match=f"steps must be {says}, not {value}"):
            in_reach("steps", value)
