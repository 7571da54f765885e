"""Bounds of a schedule's numbers: each is brought to one type and value, or refused by a message that has it. Pure."""

import math

LARGEST = 2**20  # tokens, steps


def whole(name: str, value: float) -> int:
    """The value as an int. Raises ValueError where it is not whole."""
    if int(value) != value:
        raise ValueError(f"{name} must be a whole number, not {value}")
    return int(value)


def in_reach(name: str, value: int) -> None:
    """No model's context comes near the limit: more is a slip of the finger, and would fill the memory."""
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")
    if value > LARGEST:
        raise ValueError(f"{name} must be at most {LARGEST}, not {value}")


def bring(owner: object, name: str, least: float, most: float) -> None:
    """Bring a frozen dataclass's number, where it has one, to its type: whole where `least` is. Raises ValueError."""
    value = getattr(owner, name)
    if value is None:
        return
    if not least <= value <= most or value == math.inf:
        bounds = f"at least {least:g}" if most == math.inf or most > 2**19 else f"from {least:g} to {most:g}"
        bounds = bounds.replace("at least 1e-09", "above 0").replace("from 1e-09 to", "above 0 and at most")
        if value > most > 2**19:
            bounds = f"at most {most}"
        raise ValueError(f"{name} must be {bounds}, not {value}")
    object.__setattr__(owner, name, whole(name, value) if isinstance(least, int) else float(value) + 0.0)
