"""Conditions that pick runs of a shelf: `T=0.9`, `schedules=8,32`, `accuracy>80`, `unfinished`."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any, Self

from hexcli.errors import UsageError, plural
from hexcli.runs.folders import folder_name
from hexcli.runs.shelf import Kept
from hexcli.shortcuts import fast

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {"!=": ne, ">=": ge, "<=": le, "=": eq, "==": eq, ">": gt, "<": lt}
_CONDITION = re.compile(r"\s*([A-Za-z][\w-]*)\s*(!=|>=|<=|==|=|>|<)\s*(.*?)\s*", re.DOTALL)
_NEXT = re.compile(r",\s*(?=[A-Za-z][\w-]*\s*[!<>=])")  # between two conditions in one text
WORDS = ("complete", "unfinished", "damaged", "unreadable", "imported", "joint", "scored", "unscored", "fast")
KEYS = ("T", "samples", "schedules", "task", "model", "n", "accuracy", "made", "canvas", "steps", "name")
_CALLED = {
    **dict.fromkeys(("temperature", "temp", "t"), "T"),
    **dict.fromkeys(("schedule", "block", "blocks", "block_length"), "schedules"),
    **dict.fromkeys(("gen_length", "max_new_tokens"), "canvas"),
    **dict.fromkeys(("problems", "num_problems"), "n"),
    **dict.fromkeys(("acc", "majority", "maj"), "accuracy"),
    **dict.fromkeys(("created", "date", "day"), "made"),
    **dict.fromkeys(("run", "path", "folder"), "name"),
    "sample": "samples",
    "remasking": "rule",
    "cfg_scale": "guidance",
    "prompt": "prompts",
    "status": "state",
}
_SHORTCUTS = {"kv_cache": "{} cache", "refresh": "refresh {}", "threshold": "threshold {}"}  # fields as traits say them
LISTED = 8  # values that are named where none is the one wanted


@dataclass(frozen=True, slots=True)
class Condition:
    """`key operator value` of a run's settings, or, without an operator, a word that is true of it."""

    text: str
    key: str
    operator: str = ""
    value: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises UsageError where it is none."""
        found = _CONDITION.fullmatch(text)
        if found is None:
            word = text.strip().lower()
            if word in WORDS:
                return cls(text, word)
            near = difflib.get_close_matches(word, WORDS, n=1)
            hint = f"did you mean {near[0]}? It" if near else "it"
            raise UsageError(
                f"--where '{text}': {hint} is KEY=VALUE (T=0.9, 'accuracy>80') or one of {', '.join(WORDS)}"
            )
        key = found[1].replace("-", "_")
        if not found[3]:
            raise UsageError(f"--where '{text}' has no value: write {found[1]}{found[2]}VALUE")
        known = key if key == "T" else key.lower()
        if known in _SHORTCUTS:
            return cls(text, "shortcuts", found[2], _SHORTCUTS[known].format(found[3]))
        return cls(text, _CALLED.get(known, known), found[2], found[3])

    def fits(self, one: Kept) -> bool:
        """Whether it is true of a run; of lists, as its schedules are: of one of them, `!=` of none. Of a run that has
        nothing of the kind only `!=` is."""
        if not self.operator:
            return _is(one, self.key)
        there = _texts(one, self.key)
        if self.key == "shortcuts":
            met = [set(self.value.lower().split()) <= set(way.split()) for way in there]
            return not any(met) if self.operator == "!=" else any(met)
        wanted = self.value.split(",") if self.key not in ("name", "task", "model") else [self.value]
        if self.operator == "!=":
            return not all(any(_same(own, part, self.key) for own in there) for part in wanted)
        if self.operator in ("=", "=="):
            return all(any(_same(own, part, self.key) for own in there) for part in wanted)
        return any(_beside(own, self.value, self.key, _OPERATORS[self.operator]) for own in there)


def conditions(said: Iterable[str] | None) -> list[Condition]:
    """The conditions in --where, each said by itself or several with commas. Raises UsageError on one that is none."""
    return [Condition.of(part) for text in said or () for part in _NEXT.split(text)]


def where(found: Sequence[Kept], wanted: Sequence[Condition]) -> list[Kept]:
    """The runs that fit all conditions. Raises UsageError on a key that no run has."""
    known = {*KEYS, "state", "origin", "generations", "missing", *(name for one in found for name in one.settings)}
    for each in wanted:
        if each.operator and each.key not in known and found:
            near = difflib.get_close_matches(each.key, [*known, *_CALLED], n=1)
            hint = f"did you mean {_CALLED.get(near[0], near[0])}?" if near else f"known: {', '.join(sorted(known))}"
            raise UsageError(f"--where '{each.text}': no run here has a '{each.key}': {hint}")
    return [one for one in found if all(each.fits(one) for each in wanted)]


def none_fits(found: Sequence[Kept], wanted: Sequence[Condition]) -> str:
    """What to say where no run fits: what there is instead, of each condition that is a key's."""
    said = " and ".join(each.text for each in wanted)
    there = []
    for key in dict.fromkeys(each.key for each in wanted if each.operator):
        values = list(dict.fromkeys(text for one in found for text in _texts(one, key)))
        values.sort(key=lambda text: (_number(text) is None, _number(text) or 0.0, text))
        more = f", and {len(values) - LISTED} more" if len(values) > LISTED else ""
        there.append(f"{key} is {', '.join(values[:LISTED]) or 'not known'}{more}")
    return f"none of {plural(len(found), 'run')} is {said}" + (f": {'; '.join(there)}" if there else "")


def numbers_of(one: Kept, key: str) -> list[float]:
    """A setting of a run as numbers; without those that are none."""
    return [number for text in _texts(one, key) if (number := _number(text)) is not None]


def _is(one: Kept, word: str) -> bool:
    if word == "fast":
        return "fast" in one.settings.get("shortcuts", "").split(",")
    if word in ("scored", "unscored"):
        return one.state != "unreadable" and (one.accuracy is not None) == (word == "scored")
    return word in (one.state, one.origin)


def _texts(one: Kept, key: str) -> list[str]:
    """What a run has of a key: several values where it has several, none where nothing is known."""
    own: dict[str, Any] = {
        "name": folder_name(Path(one.path)),
        "n": one.problems,
        "made": _day(one.created),
        "accuracy": None if one.accuracy is None else f"{100 * one.accuracy:.1f}",
        **{name: getattr(one, name) for name in ("task", "model", "state", "origin", "generations", "missing")},
    }
    if key in own:
        return [] if own[key] is None else [str(own[key])]
    asked = {"T": one.temperature, "samples": one.samples, "schedules": one.schedules}
    text = one.settings.get(key) or asked.get(key) or ""
    values = [part for part in re.split(r",| and ", text) if part]
    if key == "shortcuts" and "fast" in values:
        meant = fast(next(iter(numbers_of(one, "T")), 0.0))
        parts = " ".join(said.format(meant[name]) for name, said in _SHORTCUTS.items())
        return [f"fast {parts}" if value == "fast" else value for value in values]
    return values


def _day(created: str | None) -> str | None:
    """The day on which a run was made, in this machine's time, as it is listed."""
    try:
        return datetime.fromisoformat(created or "").astimezone().strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):  # written by somebody else
        return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _same(own: str, said: str, key: str) -> bool:
    said = said.strip()
    if key == "name":
        return own == folder_name(Path(said)) or own.endswith(f"-{said}")
    if key == "schedules":  # 8 is also 8@128, 8:steps=64 and the 8 of one wording
        return said in (own, re.split(r"[@:/ ]", own)[0])
    if key == "made":
        return own.endswith(said)
    one, other = _number(own), _number(said.rstrip("%"))
    return own.lower() == said.lower() if one is None or other is None else abs(one - other) < 1e-9


def _beside(own: str, said: str, key: str, holds: Callable[[Any, Any], bool]) -> bool:
    if key == "made":
        return holds(own if re.match(r"\d{4}-", said) else own[5:], said)
    one, other = _number(own), _number(said.rstrip("%"))
    if other is None:
        raise UsageError(f"--where {key}: '{said}' is no number")
    if key == "accuracy" and other <= 1.0 and "%" not in said:
        other *= 100  # said as a share
    return one is not None and holds(one, other)
