"""How messages are worded."""

import pytest

from hexcli.errors import plural


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "run", "0 runs"),
        (1, "run", "1 run"),
        (2, "run", "2 runs"),
        (1, "entry", "1 entry"),
        (2, "entry", "2 entries"),
        (3, "pass", "3 passes"),
        (1319, "problem", "1319 problems"),
        (32975, "generation", "32,975 generations"),
    ],
)
def test_a_number_of_things(number: int, noun: str, said: str) -> None:
    assert plural(number, noun) == said
