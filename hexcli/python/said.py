"""What scripts and notebooks say where the command line has text: lists, functions, rows of data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError

# A name, also `mine.py:name`, or a function as one in a file (docs/python.md).
AggregatorLike = str | Callable[..., Any]
# Schedules by the names they are printed with: one, several parted by commas, or a list.
SchedulesLike = str | int | Sequence[str | int]


def short(value: object) -> str:
    """What was given, in a few words of one line."""
    text = " ".join(repr(value)[:500].split())
    return f"a {type(value).__name__}" if len(text) > 60 or text.startswith("<") else text


def schedules_of(value: object) -> list[str | int]:
    """The schedules meant: one, several parted by commas, or a list of either. Raises UsageError."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    if not isinstance(value, Iterable) or isinstance(value, Mapping | bytes):
        raise UsageError(f"schedules are a list, [8, 16, 32], or a text, '8,16,32', not {short(value)}")
    return [plain(one) for one in value]


def plain(value: Any) -> Any:
    """A value as a recipe has it: a list for a tuple or a range, a text for a path, Python's number for another's."""
    if isinstance(value, list | tuple | range):
        return [plain(one) for one in value]
    if isinstance(value, Path):
        return str(value)
    item = getattr(value, "item", None)  # of numpy and torch
    return item() if callable(item) and getattr(value, "shape", None) == () else value


def model_said(value: object) -> str:
    """The model that is named. Raises UsageError on one that is an object of another library."""
    if isinstance(value, str | Path):
        return str(value)
    if isinstance(value, list) and value and all(isinstance(one, str | Path) for one in value):
        raise UsageError(f"{short(value)} are {len(value)} models: hexcli.sweep({{'model': [...]}}) takes several")
    pair = "one in memory is model=(network, tokenizer)"
    raise UsageError(f"a model is a short name ('tiny'), a folder or a hub id, not {short(value)}: {pair}")


def names_said(what: str, value: object) -> list[str]:
    """The texts meant: one, or a list of them. Raises UsageError."""
    found = [value] if isinstance(value, str) else list(value) if isinstance(value, Sequence) else None
    if found is None or not all(isinstance(one, str) for one in found):
        raise UsageError(f"{what} are a list of texts, not {short(value)}")
    return found


def path_said(what: str, value: object) -> Path:
    """A file or folder that is named. Raises UsageError."""
    if not isinstance(value, str | Path):
        raise UsageError(f"{what} is a path, a text, not {short(value)}")
    if value == "":
        raise UsageError(f"{what} is an empty text: name a file or a folder")
    return Path(value)


def mapping_said(what: str, value: object) -> Mapping[str, Any]:
    """Fields by name; None: none. Raises UsageError."""
    if not isinstance(value, Mapping | None):
        raise UsageError(f"{what} are a mapping of names to values, not {short(value)}")
    return value or {}


def require_count(what: str, value: object) -> None:
    """Raises UsageError where what counts something is no whole number from 1 on; None says nothing."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise UsageError(f"{what} is a whole number from 1 on, not {short(value)}")


def require_flags(**flags: object) -> None:
    """Raises UsageError where what is on or off is neither True nor False."""
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise UsageError(f"{name} is True or False, not {short(value)}")


def check_prompt(prompt: object) -> None:
    """Raises UsageError where the first argument of `decode` is no prompt."""
    if prompt is None or isinstance(prompt, str):
        return
    if isinstance(prompt, Mapping | list) or hasattr(prompt, "to_dict"):
        raise UsageError(
            f"a prompt is one text, not {short(prompt)}: several, and rows of a task, are hexcli.decode(data=[...])"
        )
    raise UsageError(f"a prompt is one text, not {short(prompt)}")
