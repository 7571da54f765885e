"""The settings that `hex bench --frontier` compares, and which of them no other one beats."""

from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.bench.modes import MODES, PARALLEL, Mode, deciding, hurried, lossless, until_decided
from hexcli.shortcuts import FAST

# What --fast meant before 0.2: Fast-dLLM's dual cache, refreshed after half of a canvas of 64.
OLD_FAST: dict[str, Any] = {"kv_cache": "dual", "refresh": 32, "threshold": 0.95}
TWO_ALIKE, LIKELY = 0.87, 0.95  # at 0.87 two equal answers and no other suffice


def _every(shortcuts: Mapping[str, Any]) -> Mode:
    return Mode(hurried(lossless, shortcuts))


def _decided(certainty: float, shortcuts: Mapping[str, Any] | None = None) -> Mode:
    decode = deciding(until_decided, certainty)
    return Mode(decode if shortcuts is None else hurried(decode, shortcuts), counts=True)


SETTINGS: dict[str, Mode] = {
    "published": MODES["published"],
    "published-unpadded": MODES["published-unpadded"],
    "lossless": MODES["lossless"],
    "lossless, decided": MODES["until-decided"],
    "lossless, at 0.95": _decided(LIKELY),
    "lossless, at 0.87": _decided(TWO_ALIKE),
    "threshold 0.9": _every({"threshold": 0.9}),
    "threshold 0.95": _every({"threshold": 0.95}),
    "threshold 0.99": _every({"threshold": 0.99}),
    "entropy 0.2": _every({"entropy_threshold": 0.2}),
    "dual 32, 0.95": _every(OLD_FAST),
    "dual 1/4, 0.99": _every({"kv_cache": "dual", "refresh": "1/4", "threshold": 0.99}),
    "open 1/5, 0.99": MODES["open"],
    "likely 1/5, 0.99": MODES["likely"],
    "open 1/4, prompt 1/1": _every({**FAST, "refresh": "1/4", "prompt_refresh": "1/1"}),
    "fast": MODES["fast"],
    "fast, at 0.95": Mode(hurried(deciding(until_decided, LIKELY)), counts=True),
    "fast, at 0.87": Mode(hurried(deciding(until_decided, TWO_ALIKE)), counts=True),
    "threshold 0.97": MODES["parallel"],
    "threshold 0.97, at 0.87": _decided(TWO_ALIKE, PARALLEL),
}
COSTS = ("nfe_per_problem", "tokens_per_problem", "seconds")


def mark_front(rows: Sequence[dict[str, Any]]) -> None:
    """To every row of `--json` the costs for which it is on the Pareto front: none is as accurate for less, or more so
    for no more."""
    for row in rows:
        row["front"] = [cost for cost in COSTS if not any(_beats(other, row, cost) for other in rows)]


def _beats(one: Mapping[str, Any], other: Mapping[str, Any], cost: str) -> bool:
    if one["accuracy"] is None or other["accuracy"] is None:
        return False
    better, cheaper = one["accuracy"] - other["accuracy"], other[cost] - one[cost]
    return bool(better >= 0 and cheaper >= 0 and max(better, cheaper) > 0)
