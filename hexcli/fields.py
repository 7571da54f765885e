"""Fields of JSON objects that strangers may have written: of which type, and how large."""

import math
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

# Counts, seconds and logarithms beyond are nonsense, and sums of them would leave the range of a double.
LARGEST = 1e15
_LARGEST_TOKEN = 2**31

# What a row's fields are in JSON, exactly: a bool is no number.
TEXT, WHOLE, NUMBER, LIST = frozenset({str}), frozenset({int}), frozenset({int, float}), frozenset({list})
NOTHING = frozenset({type(None)})
_NO_CANVAS = "token_ids, commit_step and commit_confidence are not all numbers of a canvas"


def require(fields: Mapping[str, Any], kinds: Mapping[str, frozenset[type]]) -> None:
    """Raises ValueError where a field is missing, of another type than these, or beyond what an amount may be."""
    for name, allowed in kinds.items():
        if name not in fields:
            raise ValueError(f"no field '{name}'")
        value = fields[name]
        if type(value) not in allowed:
            raise ValueError(f"{name} is of the wrong type")
        if allowed <= NUMBER and not 0 <= value <= LARGEST:
            raise ValueError(f"{name} is {'negative' if value < 0 else 'out of reach'}")


def wholes(values: Sequence[int], refused: str = _NO_CANVAS) -> "array[int]":
    """These in 32 bits each. Raises ValueError where one is no whole number, or does not fit."""
    if [*map(type, values)].count(int) != len(values):
        raise ValueError(refused)
    try:
        return array("i", values)
    except OverflowError:
        raise ValueError(refused) from None


def numbers(values: Sequence[float]) -> "array[float]":
    """These as doubles. Raises ValueError where one is no number, or out of reach."""
    kinds = [*map(type, values)]
    if kinds.count(float) + kinds.count(int) != len(values):
        raise ValueError(_NO_CANVAS)
    # Their length as a vector is quickly told, and no less than any of them; a longer one may still have small ones.
    if not math.hypot(*values) < _LARGEST_TOKEN and not -_LARGEST_TOKEN <= min(values) <= max(values) < _LARGEST_TOKEN:
        raise ValueError(_NO_CANVAS)
    return array("d", values)
