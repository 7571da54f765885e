"""Remasking rules by name: the built-in ones, and those that others bring. What they compute: sampling/remasking.py.

A rule of others is named with the hash of its source, `mine.top_gap@3fa9c1d2e0b4`: that is the `remasking` of its
schedules, and so part of every key. A rule that was changed is another rule, and reuses no generation.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hexcli.errors import UsageError, unknown

REMASKING = ("low_confidence", "topk_margin", "entropy", "random", "sequential", "entropy_bounded")
_WHOLE = re.compile(r"[\w.-]+@[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Brought:
    """A rule of others. `name`: with the hash of its source; `rule`: see sampling.remasking.Rule."""

    name: str
    rule: Callable[..., Any]


# What others bring, by the name that people type; called where it is first used.
OFFERED: dict[str, Callable[[], Brought]] = {}
_LOADED: dict[str, Brought] = {}


def rule_name(text: str) -> str:
    """The name of a rule in schedules: built-in ones are called what they are, others get the hash of their source.

    One that has its hash may be of a file that is not here: such runs are voted on, not decoded. Raises ValueError
    where there is no such rule.
    """
    if text in REMASKING or _WHOLE.fullmatch(text):
        return text
    if text in OFFERED:
        brought = OFFERED[text]()
        _LOADED[brought.name] = brought
        return brought.name
    if ".py:" in text:
        raise ValueError(
            f"remasking '{text}' is in a Python file, which runs only where the command line names it: "
            f"--remasking {text} (hex sweep: --set remasking={text})"
        )
    raise ValueError(str(unknown("remasking", text, [*REMASKING, *OFFERED], (".py",))))


def brought(name: str) -> Brought:
    """The rule of others that a schedule names. Raises UsageError where it was not brought."""
    if name not in _LOADED:
        for text in OFFERED:
            rule_name(text)
    if name not in _LOADED:
        file = name.partition("@")[0].partition(".")
        raise UsageError(
            f"remasking rule {name} is in no file or package that is named here, or was changed since: name its file "
            f"(--remasking {file[0]}.py:{file[2] or 'RULE'}; hex sweep and hex reproduce: --rule)"
        )
    return _LOADED[name]


def require_rules(names: Iterable[str]) -> None:
    """Raises UsageError where one of these rules is not here."""
    for name in names:
        if name not in REMASKING:
            brought(name)
