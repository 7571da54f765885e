"""The order of commits as a strip of a line."""

from hypothesis import given
from hypothesis import strategies as st

from hexcli.report.strip import HEIGHTS, NEVER, cells, colour, commit_strip
from tests.scoring.runs import generation


def strip(steps: tuple[int, ...], width: int) -> str:
    made = generation(1, "4", "7", gen_length=len(steps), commit_step=steps)
    return commit_strip(made, width).plain


def test_early_is_low_and_late_is_high_and_what_was_never_committed_is_a_dot() -> None:
    assert strip((0, 1, 2, 3, 4, 5, 6, 7), 8) == HEIGHTS
    assert strip((7, 0, 3, -1), 8) == HEIGHTS[7] + HEIGHTS[0] + HEIGHTS[3] + NEVER


def test_a_long_canvas_fits_the_width() -> None:
    assert strip(tuple(range(256)), 8) == HEIGHTS


def test_one_step_is_the_first() -> None:
    assert strip((0, 0, 0, 0), 8) == HEIGHTS[0] * 4


def test_colours_run_from_dark_to_bright() -> None:
    assert (colour(0), colour(1)) == ("#440154", "#fde725")
    assert colour(-1) == colour(0) and colour(2) == colour(1)


@given(st.lists(st.integers(-1, 300), min_size=1, max_size=300), st.integers(1, 400))
def test_any_canvas_fits_any_width(steps: list[int], width: int) -> None:
    found = cells(tuple(steps), max(steps) + 1, width)
    assert len(found) == min(width, len(steps))
    assert all(share is None or 0 <= share <= 1 for share in found)
    if width >= len(steps):
        assert [share is None for share in found] == [step < 0 for step in steps]
