"""What a step commits, at the edges of its rules: as published, equality included."""

from typing import Any

import pytest
import torch

from hexcli.sampling.commits import Commits
from hexcli.schedule import Schedule

NOBODY = float("-inf")


def chosen(
    confidence: list[float], *, entropy: list[float] | None = None, least: int = 1, room: int = 8, **fields: Any
) -> list[int]:
    """Columns that commit of one row; its certainty is its confidence, -inf where it is not open."""
    schedule = Schedule.parse("8", gen_length=8, **fields)
    commits, ranking = Commits([schedule], torch.device("cpu")), torch.tensor([confidence], dtype=torch.float64)
    unsure = torch.tensor([entropy], dtype=torch.float64) if entropy is not None else None
    found = commits.chosen(
        ranking, ranking if commits.adaptive else None, unsure, torch.tensor([least]), torch.tensor([room])
    )
    return found[0].nonzero().squeeze(1).tolist()


def test_without_a_threshold_it_is_the_share_of_the_step_from_left_to_right_where_equal() -> None:
    assert chosen([0.5, 0.9, 0.5, 0.5], least=3) == [0, 1, 2]
    assert chosen([0.5, NOBODY, 0.4, NOBODY], least=3) == [0, 2], "no more than are open"


def test_a_threshold_that_is_just_reached_commits_in_fast_dllm_and_not_where_shares_are_renewed() -> None:
    assert chosen([0.75, 0.5, 0.9], threshold=0.75) == [0, 2]
    assert chosen([0.75, 0.5, 0.9], threshold=0.75, sampler="sdar", steps=8) == [2]
    assert chosen([0.8, 0.5, 0.9], threshold=0.75, sampler="sdar", steps=8) == [0, 2]


def test_a_step_never_goes_beyond_its_room() -> None:
    assert chosen([0.9, 0.8, 0.7], threshold=0.5, room=2) == [0, 1]


def test_an_entropy_that_is_just_low_enough_commits() -> None:
    assert chosen([0.9, 0.8, 0.7], entropy=[0.1, 0.25, 0.3], entropy_threshold=0.25) == [0, 1]


@pytest.mark.parametrize(("entropies", "many"), [([0.1, 0.1, 0.3], 2), ([0.5, 0.5, 0.5], 1), ([0.1, 0.2, 0.3], 1)])
def test_entropies_are_added_up_as_long_as_their_sum_is_below_the_bound(entropies: list[float], many: int) -> None:
    found = chosen(
        [-entropy for entropy in entropies],
        entropy=entropies,
        remasking="entropy_bounded",
        eb_threshold=0.1 + 0.2,
    )
    assert found == list(range(many))


@pytest.mark.parametrize(
    ("confidence", "many"),
    [
        ([0.9, 0.7, 0.6, 0.3], 2),  # the second needs 1 - 1 / 3, the third 1 - 1 / 4
        ([0.1, 0.1, 0.1, 0.1], 1),  # the first is not asked
        ([0.9, 0.8, 0.8, 0.1], 4),  # nor the last, where it is the one that fails
    ],
)
def test_a_factor_goes_down_the_certainties_as_published(confidence: list[float], many: int) -> None:
    assert chosen(confidence, factor=1.0) == list(range(many))
