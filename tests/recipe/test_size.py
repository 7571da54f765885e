"""A grid of millions is noticed before it is built."""

import pytest

from hexcli.errors import UsageError
from hexcli.recipe.file import expand


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"samples": 10**9, "temperature": 0.9, "limit": 1}, "3,000,000,000 generations in 1 run, more than 1,000,000"),
        ({name: list(range(1, 101)) for name in ("gen_length", "steps", "seed", "samples")}, "100,000,000 runs"),
        ({"schedules": ["8:samples=99999999"], "temperature": 0.9, "limit": 1}, "99,999,999 generations in 1 run"),
        ({"seed": list(range(500)), "temperature": 0.9}, "3,072,000 generations in 500 runs"),
        ({"seed": list(range(400)), "task": ["gsm8k", "sums"]}, "4,040,400 generations"),
    ],
)
def test_more_than_a_million_generations_ask_for_yes(fields: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        expand(fields)
    assert "say --yes, or give a smaller grid" in str(refused.value)


def test_with_yes_they_are_built() -> None:
    assert len(expand({"seed": list(range(500)), "temperature": 0.9}, None)) == 500


def test_a_limit_and_another_dataset_are_counted_as_they_are() -> None:
    assert len(expand({"limit": [999_999_999, "0-1"], "seed": list(range(100)), "temperature": 0.9})) == 200
    assert len(expand({"task": "mine.yaml", "limit": "10-999999999"})) == 1
    assert len(expand({"task": "gsm8k", "data": "mine.jsonl", "seed": list(range(500)), "temperature": 0.9})) == 500
