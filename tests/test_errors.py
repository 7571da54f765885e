"""How messages are worded."""

from pathlib import Path

import pytest

from hexcli.errors import beside, plural


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


def test_a_file_is_not_taken_for_another_because_their_endings_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "quote.csv").touch()
    assert beside(tmp_path / "nothere.csv") == ""
    assert "quote.csv" in beside(tmp_path / "qoute.csv")
