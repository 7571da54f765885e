"""Places of a mask that are found without asking how many there are."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from hexcli.sampling.places import counted, where


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_counted_places_are_those_where_the_mask_is_true(flags: list[bool]) -> None:
    mask = torch.tensor(flags)
    assert counted(mask, sum(flags)).tolist() == [place for place, flag in enumerate(flags) if flag]


def test_places_of_a_grid_are_rows_and_columns() -> None:
    rows, columns = where(torch.tensor([[False, True], [True, True]]), 3)
    assert (rows.tolist(), columns.tolist()) == ([0, 1, 1], [1, 0, 1])
