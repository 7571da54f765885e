"""What a run on a shelf has of a key: its settings, how many problems, accuracy, ... as texts to compare."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from hexcli.runs.folders import tidy
from hexcli.runs.shelf import Kept
from hexcli.shortcuts import fast

SHORTCUTS = {"kv_cache": "{} cache", "refresh": "refresh {}", "threshold": "threshold {}"}  # fields as traits say them


def texts_of(one: Kept, key: str) -> list[str]:
    """What a run has of a key: several values where it has several, none where nothing is known."""
    own: dict[str, Any] = {
        "name": str(tidy(Path(one.path))),
        "n": one.problems,
        "made": _day(one.created),
        "accuracy": None if one.accuracy is None else f"{100 * one.accuracy:.1f}",
        **{name: getattr(one, name) for name in ("task", "model", "state", "origin", "generations", "missing")},
    }
    if key in own:
        return [] if own[key] is None else [str(own[key])]
    listed = {"T": one.temperature, "samples": one.samples}
    text = listed.get(key) or one.settings.get(key) or (one.schedules if key == "schedules" else None) or ""
    values = [part for part in re.split(r",| and ", text) if part]
    if key == "shortcuts" and "fast" in values:
        meant = fast(next(iter(numbers_of(one, "T")), 0.0))
        parts = " ".join(said.format(meant[name]) for name, said in SHORTCUTS.items())
        return [f"fast {parts}" if value == "fast" else value for value in values]
    return values


def numbers_of(one: Kept, key: str) -> list[float]:
    """A setting of a run as numbers; without those that are none."""
    return [found for text in texts_of(one, key) if (found := number(text)) is not None]


def number(text: str) -> float | None:
    """The number that a text is, if it is one."""
    try:
        return float(text)
    except ValueError:
        return None


def _day(created: str | None) -> str | None:
    """The day on which a run was made, in this machine's time, as it is listed."""
    try:
        return datetime.fromisoformat(created or "").astimezone().strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):  # written by somebody else
        return None
