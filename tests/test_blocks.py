"""Lengths of blocks, written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.blocks import blocks_of, parted, plus


@given(st.integers(1, 64), st.integers(1, 16))
def test_one_length_fills_the_canvas(length: int, many: int) -> None:
    assert blocks_of(str(length), length * many) == (length,) * many


@given(st.lists(st.integers(1, 300), min_size=2, max_size=6))
def test_lengths_are_read_as_they_are_written(lengths: list[int]) -> None:
    assert blocks_of(plus(tuple(lengths)), 256) == tuple(lengths), "their sum is the schedule's business"


@pytest.mark.parametrize(
    "text, gen_length, told",
    [
        ("8", 65, "gen_length 65 does not divide into blocks of 8: use one of 1, 5, 13, 65, or another gen_length"),
        ("0", 64, "block lengths must be at least 1, not 0"),
        ("8+-8", 64, "block lengths must be at least 1, not 8+-8"),
        ("8", 0, "gen_length must be at least 1, not 0"),
        (
            "",
            64,
            r"is a block length \(32\) or lengths in order \(198\+58\), not '': write numbers, e.g. 8,16,32$",
        ),
        ("8 16", 64, "not '8 16': several have commas between them, 8,16$"),
    ],
)
def test_what_is_no_label_is_told_what_one_looks_like(text: str, gen_length: int, told: str) -> None:
    with pytest.raises(ValueError, match=told.replace("+", r"\+") if "not 8+" in told else told):
        blocks_of(text, gen_length)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("8,16", "8,16"),
        ("8 16", "8,16"),
        (" 8 , 16 ", "8,16"),
        ("8;16", "8,16"),
        ("8|48+16", "8,48+16"),
        ("(8, 16)", "8,16"),
        ("['8','16']", "8,16"),
        ("block 8", "8"),
        ("block 8 block 16", "8,16"),
        ("8 · reasoning, 32 · plain", "8 · reasoning,32 · plain"),
        ("block_length=8@64", "8@64"),
        ("8@64:T=0.9 16:steps=64", "8@64:T=0.9,16:steps=64"),
        ("32:remasking=my rules.py:top gap", "32:remasking=my rules.py:top gap"),
        ("8 · reasoning,32 · plain", "8 · reasoning,32 · plain"),
    ],
)
def test_a_list_is_read_whatever_parts_it(text: str, means: str) -> None:
    assert parted(text) == means
