"""Guided rows and their twins: who has one, and where the model's batch has it."""

import torch

from hexcli.sampling.row import Row
from hexcli.sampling.slot import Slot
from hexcli.sampling.twins import Twins
from hexcli.schedule import Schedule


def twins(*scales: float) -> Twins:
    rows = [
        Row(prompt_ids=(3,), schedule=Schedule(blocks=(8,), gen_length=8, steps=8, cfg_scale=scale), noise_key=0)
        for scale in scales
    ]
    return Twins([Slot(row=row, seconds=0.0) for row in rows], torch.device("cpu"))


def test_twins_stand_behind_the_rows_in_their_order() -> None:
    found = twins(0.0, 1.5, 0.0, 0.5)
    assert (found.guided, found.rows.tolist(), found.forwards) == ([1, 3], [1, 3], 6)
    assert found.places == found.place.tolist() == [0, 4, 2, 5]
    assert found.behind(torch.tensor([10, 11, 12, 13])).tolist() == [10, 11, 12, 13, 11, 13]


def test_without_guidance_every_row_is_its_own_twin() -> None:
    found, x = twins(0.0, 0.0), torch.tensor([[1], [2]])
    assert (found.guided, found.forwards, found.places) == ([], 2, [0, 1])
    assert found.behind(x) is x
