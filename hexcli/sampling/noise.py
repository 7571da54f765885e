"""Counter-based uniform noise: a pure function of (job, step, position, token), the same on every device.

A generation's noise therefore does not depend on its batch, on the order of the jobs or on how many workers
share them, as draws from a running generator would. The mixing function is SplitMix64 (Steele, Lea & Flood,
"Fast splittable pseudorandom number generators", OOPSLA 2014), in int64 arithmetic that wraps.
"""

import torch
from torch import Tensor


def _signed(value: int) -> int:
    """A 64-bit constant as the int64 of the same bits."""
    return value - 2**64 if value >= 2**63 else value


_GOLDEN = _signed(0x9E3779B97F4A7C15)
_MIX1 = _signed(0xBF58476D1CE4E5B9)
_MIX2 = _signed(0x94D049BB133111EB)


def _shift(x: Tensor, bits: int) -> Tensor:
    """Logical right shift (torch's >> copies the sign bit)."""
    return (x >> bits) & ((1 << (64 - bits)) - 1)


def _mix(x: Tensor) -> Tensor:
    """SplitMix64's output function on int64 bits."""
    x = (x ^ _shift(x, 30)) * _MIX1
    x = (x ^ _shift(x, 27)) * _MIX2
    return x ^ _shift(x, 31)


def position_key(job: Tensor, step: Tensor, position: Tensor) -> Tensor:
    """One stream for each (job key, denoising step, canvas position): three int64 [N] -> int64 [N]."""
    key = _mix(job + _GOLDEN)
    key = _mix(key ^ (step * _MIX1 + _GOLDEN))
    return _mix(key ^ (position * _MIX2 + _GOLDEN))


def counters(size: int, device: torch.device | str = "cpu", first: int = 1) -> Tensor:
    """The counters of the draws `first` to `first + size - 1` of any stream: int64 [size]."""
    return torch.arange(first, first + size, device=device, dtype=torch.int64) * _GOLDEN


def uniform(key: Tensor, counter: Tensor) -> Tensor:
    """float64 draws strictly between 0 and 1, of streams int64 [N] at some `counters` [size] -> [N, size]

    52 bits, centred: with 53 the largest draw would round to 1.0 and its Gumbel noise to infinity.
    """
    bits = _mix(key[:, None] + counter)
    return (_shift(bits, 12).double() + 0.5) * 2.0**-52
