"""Step tables: every position once, and the published counts bit for bit."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hexcli.schedule import Schedule
from hexcli.steps import by_linear_alpha, by_timesteps, even, timesteps
from tests.samplers.parts import dllm_shares, even_shares

counts = st.integers(1, 96)


@given(counts, counts)
def test_every_table_commits_what_there_is(left: int, steps: int) -> None:
    for table in (even(left, steps), by_timesteps(left, steps, 1e-3), by_linear_alpha(left, steps)):
        assert sum(table) == left
        assert len(table) <= steps and min(table) >= 0


@given(counts, counts)
def test_they_are_the_published_ones(left: int, steps: int) -> None:
    assert even(left, steps) == even_shares(steps)(left)
    assert [count for count in by_linear_alpha(left, steps) if count] == dllm_shares(steps)(left)


@pytest.mark.parametrize("eps", [1e-3, 1e-5, 0.1, 0.5, 1.0])
def test_timesteps_are_torchs_in_every_bit(eps: float) -> None:
    for steps in (*range(1, 70), 127, 128, 256, 511):
        assert timesteps(steps, eps) == torch.linspace(1, eps, steps + 1).tolist()


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 16, 64])
def test_dreams_counts_are_those_of_its_arithmetic(steps: int) -> None:
    times = torch.linspace(1, 1e-3, steps + 1)
    for left in range(1, 65):
        masked, expected = left, []
        for i in range(steps):
            number = torch.tensor(masked) / 1
            expected.append(int(number * (1 - times[i + 1] / times[i])) if i < steps - 1 else masked)
            masked -= expected[-1]
        assert by_timesteps(left, steps, 1e-3) == expected


@pytest.mark.parametrize(("steps", "each"), [(7, [5] * 6 + [2]), (11, [3] * 10 + [2]), (8, [4] * 8), (32, [1] * 32)])
def test_llada21_commits_as_many_at_every_step_but_the_last(steps: int, each: list[int]) -> None:
    """num_to_transfer 5, 3, 4 and 1 in a block of 32."""
    one = Schedule.parse("32", gen_length=32, steps=steps, sampler="sdar", editing_threshold=0.5)
    assert [commit.tokens for commit in one.commits()] == each


def test_dream_leaves_for_the_last_step_what_timesteps_round_away() -> None:
    assert by_timesteps(2, 2, 1e-3) == [0, 2]
    assert by_linear_alpha(8, 3) == [3, 2, 3], "and dllm rounds halves to even"


@pytest.mark.parametrize(
    ("fields", "nfe"),
    [
        ({}, 8),
        ({"alg": "origin"}, 8),
        ({"sampler": "dllm", "steps": 5}, 6),
        ({"sampler": "sdar", "threshold": 0.9, "editing_threshold": 0.5}, 16 + 2 * 16),
        ({"cfg_scale": 1.0}, 16),
    ],
)
def test_forward_passes_are_counted_at_most(fields: dict[str, object], nfe: int) -> None:
    assert Schedule.parse("8", gen_length=16, **fields).nfe == nfe  # type: ignore[arg-type]
