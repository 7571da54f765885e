"""Schedules of block-causal models: blocks on the trained grid, and the reason where one cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.alignment import aligned_commits, aligned_nfe, tail_length, why_not
from hexcli.schedule import Schedule


@st.composite
def fitting(draw: st.DrawFn) -> tuple[Schedule, int, int]:
    """A schedule, a prompt length, and a trained block that the schedule fits."""
    trained = draw(st.sampled_from([1, 4, 6, 8, 32]))
    length = draw(st.sampled_from([d for d in range(1, trained + 1) if trained % d == 0]))
    count = draw(st.integers(1, 5))
    steps = count * draw(st.integers(1, length))
    schedule = Schedule(blocks=(length,) * count, gen_length=length * count, steps=steps)
    return schedule, draw(st.integers(0, 70)), trained


@given(fitting())
def test_every_position_is_committed_once_and_no_block_crosses_the_grid(case: tuple[Schedule, int, int]) -> None:
    schedule, prompt, trained = case
    commits = aligned_commits(schedule, prompt, trained)
    whole = schedule.gen_length + tail_length(schedule, prompt, trained)
    assert sum(commit.tokens for commit in commits) == whole
    assert (prompt + whole) % trained == 0
    for commit in commits:
        assert commit.tokens > 0
        first, last = prompt + commit.start, prompt + commit.stop - 1
        assert first // schedule.blocks[0] == last // schedule.blocks[0]
        assert first // trained == last // trained
    windows = list(dict.fromkeys((commit.start, commit.stop) for commit in commits))
    assert [start for start, _ in windows] == [0, *(stop for _, stop in windows[:-1])]
    for start, stop in windows:
        assert sum(c.tokens for c in commits if c.start == start) == stop - start


@given(fitting())
def test_a_prompt_of_whole_blocks_leaves_the_schedule_as_it_is(case: tuple[Schedule, int, int]) -> None:
    schedule, prompt, trained = case
    if schedule.gen_length % trained == 0:
        commits = aligned_commits(schedule, prompt * trained, trained)
        assert commits == schedule.commits()
        assert aligned_nfe(schedule, prompt * trained, trained) == schedule.nfe


def test_the_first_block_is_what_the_prompt_leaves_of_it_and_the_last_is_filled_up() -> None:
    schedule = Schedule(blocks=(4, 4), gen_length=8, steps=4)
    commits = aligned_commits(schedule, 3, 4)
    assert [tuple(commit) for commit in commits] == [(0, 1, 1), (1, 5, 2), (1, 5, 2), (5, 9, 2), (5, 9, 2)]
    assert tail_length(schedule, 3, 4) == 1
    assert aligned_nfe(Schedule(blocks=(4, 4), gen_length=8, steps=4, cfg_scale=1.0), 3, 4) == 10


@pytest.mark.parametrize(
    ("label", "reason"),
    [("64", "predecessors are still masked"), ("48+16", "uneven blocks cross them"), ("12", "do not divide")],
)
def test_blocks_that_its_training_does_not_allow_have_a_reason(label: str, reason: str) -> None:
    schedule = Schedule.parse(label, gen_length=192 if label == "12" else 64)
    said = why_not(schedule, 32)
    assert said is not None and reason in said
    with pytest.raises(ValueError, match="blocks of"):
        aligned_commits(schedule, 5, 32)


@pytest.mark.parametrize("length", [1, 2, 4, 8, 16, 32])
def test_divisors_of_the_trained_block_fit(length: int) -> None:
    assert why_not(Schedule.parse(str(length), gen_length=64, steps=64), 32) is None
