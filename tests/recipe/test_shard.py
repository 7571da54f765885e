"""Parts of a run's problems: together they are all of them, and none is in two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.errors import UsageError
from hexcli.recipe.recipe import Recipe
from hexcli.recipe.shard import shard_of


@given(problems=st.integers(0, 60), count=st.integers(1, 9), limit=st.sampled_from([None, "7", "3-20"]))
def test_shards_part_the_problems(problems: int, count: int, limit: str | None) -> None:
    whole = Recipe(limit=limit).taken(range(problems))
    parts = [Recipe(limit=limit, shard=f"{number}/{count}").taken(range(problems)) for number in range(1, count + 1)]
    assert sorted(problem for part in parts for problem in part) == list(whole)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_shards_of_one_run_are_named_alike() -> None:
    whole = Recipe()
    one, two = (Recipe(shard=f"{number}/2") for number in (1, 2))
    digest = whole.run_name().rpartition("-")[2]
    assert one.run_name() == f"sums-tiny-shard1of2-{digest}"
    assert two.run_name() == f"sums-tiny-shard2of2-{digest}"
    assert "shard" not in whole.to_dict(), "which is called as it ever was"


@pytest.mark.parametrize("text", ["", "2", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2", "1/100001", "\u0661/2"])
def test_other_texts_are_no_shards(text: str) -> None:
    with pytest.raises(UsageError, match="shard must be I/N"):
        shard_of(text)
