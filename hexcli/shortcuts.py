"""Shortcuts: fields of a schedule that make it faster, and change what is decoded (Fast-dLLM, arXiv 2505.22618). Pure.

Off, they are in no cache key. What each one does: `Schedule`.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from hexcli.bounds import in_reach, whole

KV_CACHES = ("none", "prefix", "dual", "open", "likely")
# What --fast stands for at temperature 0, and above: of what was tried, the fastest that lost nothing on
# sums-calibration nor, read once, on the test problems; `likely` may lose at 0 (docs/speed.md).
FAST: dict[str, Any] = {"kv_cache": "open", "refresh": "1/5", "threshold": 0.99}
FAST_SAMPLED: dict[str, Any] = {**FAST, "kv_cache": "likely"}
OFF: dict[str, Any] = {"kv_cache": "none", "refresh": None, "threshold": None, "prompt_refresh": None}
SHARES = ("refresh", "prompt_refresh")  # may be said as shares of the canvas


def fast(temperature: float) -> dict[str, Any]:
    """The fields that --fast stands for at this temperature."""
    return dict(FAST if temperature == 0 else FAST_SAMPLED)


class Shortened(Protocol):
    """What has shortcuts: a Schedule."""

    @property
    def kv_cache(self) -> str: ...
    @property
    def threshold(self) -> float | None: ...


def check(schedule: Shortened) -> None:
    """Bring the fields to one type and value each. Raises ValueError where one is out of reach, or has no effect."""
    if schedule.kv_cache not in KV_CACHES:
        raise ValueError(f"unknown kv_cache '{schedule.kv_cache}': known: {', '.join(KV_CACHES)}")
    for name in SHARES:
        value = getattr(schedule, name)
        if value is not None:
            object.__setattr__(schedule, name, whole(name, value))
            in_reach(name, value)
            if schedule.kv_cache == "none":
                raise ValueError(f"{name} {value} has no effect without a kv_cache: {', '.join(KV_CACHES[1:])}")
    if schedule.threshold is not None:
        object.__setattr__(schedule, "threshold", float(schedule.threshold))
        if not 0.0 < schedule.threshold <= 1.0:
            raise ValueError(f"threshold must be above 0 and at most 1, not {schedule.threshold}")


def in_tokens(fields: Mapping[str, Any], gen_length: int) -> dict[str, Any]:
    """Fields of a schedule, shares of the canvas in tokens."""
    return {
        name: _share(name, value, gen_length) if name in SHARES and isinstance(value, str) else value
        for name, value in fields.items()
    }


def _share(name: str, text: str, gen_length: int) -> int:
    """`12`, or a share of the canvas, `1/4`, in tokens: at least one."""
    over, slash, under = text.partition("/")
    if not over.isdecimal() or not (under.isdecimal() if slash else True) or (slash and int(under) == 0):
        raise ValueError(f"{name} must be a number of tokens (16) or a share of the canvas (1/4), not '{text}'")
    if slash and int(over) > int(under):
        raise ValueError(f"{name} {text} is more than the canvas: did you mean {under}/{over}?")
    return max(gen_length * int(over) // int(under), 1) if slash else int(over)
