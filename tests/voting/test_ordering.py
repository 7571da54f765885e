"""The order in which votes are decoded."""

import pytest

from hexcli.schedule import Schedule
from hexcli.voter import Voter
from hexcli.voting.ordering import in_turn, most_different_first


def ensemble(*labels: str, samples: int = 1) -> list[Voter]:
    return [
        Voter(Schedule.parse(label, gen_length=64, temperature=0.9, seed=seed))
        for label in labels
        for seed in range(samples)
    ]


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        (("4", "8", "16", "32", "64"), ["64", "16", "4", "32", "8"]),
        (("8", "16", "32"), ["32", "8", "16"]),
        (("8", "48+16", "64"), ["64", "8", "48+16"]),
        (("16",), ["16"]),
        ((), []),
    ],
)
def test_every_other_expert_comes_first_from_the_longest_blocks_down(labels: tuple[str, ...], order: list[str]) -> None:
    assert [one.schedule.label for one in most_different_first(ensemble(*labels))] == order


def test_every_expert_has_its_turn_before_any_has_another() -> None:
    order = in_turn(
        [Voter(Schedule.parse("16", gen_length=64, temperature=0.9, seed=9)), *ensemble("8", "16", samples=2)]
    )
    assert [(one.schedule.label, one.seed) for one in order] == [("16", 0), ("8", 0), ("16", 1), ("8", 1), ("16", 9)]


def test_an_order_may_be_said_and_what_it_leaves_out_comes_behind() -> None:
    order = in_turn(ensemble("4", "8", "16", "64", samples=2), ["16", "8"])
    assert [one.schedule.label for one in order] == ["16", "8", "64", "4"] * 2
