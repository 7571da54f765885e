"""The counter-based noise."""

import torch

from hexcli.sampling import noise

GOLDEN = [["0.535381618869", "0.488508629158"], ["0.831991853188", "0.015946965754"]]


def keys(*jobs: int, step: int = 0, position: int = 0) -> torch.Tensor:
    job = torch.tensor(jobs)
    return noise.position_key(job, torch.full_like(job, step), torch.full_like(job, position))


def test_the_draws_are_the_same_for_ever() -> None:
    """Golden values: cached generations were made with them. A change needs a new cache tag (keys.py)."""
    drawn = noise.uniform(keys(0, 2**62 + 12345, step=3, position=5), noise.counters(2))
    assert [[f"{value:.12f}" for value in row] for row in drawn.tolist()] == GOLDEN


def test_splitmix64_matches_its_published_sequence() -> None:
    """Seed 1234567: the reference outputs of Vigna's splitmix64.c."""
    state = torch.tensor([1234567])
    bits = noise._mix(state[:, None] + torch.arange(1, 4) * noise._GOLDEN)
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert [value % 2**64 for value in bits[0].tolist()] == expected


def test_draws_lie_strictly_between_0_and_1_and_are_uniform() -> None:
    drawn = noise.uniform(keys(*range(200)), noise.counters(1000)).flatten()
    assert drawn.min() > 0 and drawn.max() < 1
    assert abs(drawn.mean() - 0.5) < 0.003
    assert abs(drawn.var() - 1 / 12) < 0.001
    counts = torch.histc(drawn.float(), bins=20, min=0, max=1)
    chi_square = ((counts - 10_000) ** 2 / 10_000).sum()
    assert chi_square < 43.8  # 99.9 % quantile with 19 degrees of freedom


def test_neighbouring_jobs_steps_positions_and_tokens_are_uncorrelated() -> None:
    base = noise.uniform(keys(*range(2000)), noise.counters(50))
    for other in (
        noise.uniform(keys(*range(1, 2001)), noise.counters(50)),
        noise.uniform(keys(*range(2000), step=1), noise.counters(50)),
        noise.uniform(keys(*range(2000), position=1), noise.counters(50)),
        noise.uniform(keys(*range(2000)), noise.counters(50, first=2)),
    ):
        correlation = torch.corrcoef(torch.stack([base.flatten(), other.flatten()]))[0, 1]
        assert abs(correlation) < 0.015


def test_even_the_largest_draw_is_below_1() -> None:
    largest = (torch.tensor([2**52 - 1]).double() + 0.5) * 2.0**-52
    assert largest.item() < 1
    assert torch.isfinite(-(-largest.log()).log()).all()
