"""Conditions that pick runs of a shelf: `T=0.9`, `schedules=8,32`, `accuracy>80`, `unfinished`."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Self

from hexcli.blocks import parted
from hexcli.errors import UsageError, plural
from hexcli.runs.shelf import Kept
from hexcli.runs.valued import SHORTCUTS, number, texts_of
from hexcli.tasks.file_names import plain_name

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {"!=": ne, ">=": ge, "<=": le, "=": eq, ">": gt, "<": lt}
_SPELLED = {"==": "=", "=>": ">=", "=<": "<=", "<>": "!="}
_CONDITION = re.compile(r"\s*([A-Za-z][\w-]*)\s*([!<>=]=|=[<>]|<>|[=<>])\s*(.*?)\s*", re.DOTALL)
_NEXT = re.compile(r"(?:,|\s+and\s+|\s*&&?)\s*(?=[A-Za-z][\w-]*\s*[!<>=])")  # between two conditions in one text
_NEARLY = re.compile(r"([A-Za-z][\w-]*)(?:\s*[:~]\s*|\s+)(\S+)")  # T:0.9, T 0.9
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
    **dict.fromkeys(("incomplete", "partial", "running", "missing"), "unfinished"),
    **dict.fromkeys(("failed", "broken", "corrupt", "error"), "damaged"),
    **dict.fromkeys(("finished", "done"), "complete"),
    "sample": "samples",
    "remasking": "rule",
    "cfg_scale": "guidance",
    "prompt": "prompts",
    "status": "state",
}
_ELSEWHERE = {
    **dict.fromkeys(("size", "bytes"), "the largest come first with --sort size"),
    **dict.fromkeys(("tie", "wrong", "agree", "flip"), "kinds of problems are those of a run: hex show RUN --where {}"),
}
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
            return cls(text, _word(text))
        name, operator, value = found[1].replace("-", "_"), _SPELLED.get(found[2], found[2]), found[3]
        key = name if name == "T" else name.lower()
        if not value:
            raise UsageError(f"--where '{text}' has no value: write {found[1]}{found[2]}VALUE")
        if key in WORDS and value.lower() in ("true", "yes", "1") and operator == "=":
            return cls(text, key)
        if key in SHORTCUTS:
            if operator not in ("=", "!="):
                raise UsageError(f"--where '{text}': {key} is compared by = and != only")
            return cls(text, "shortcuts", operator, SHORTCUTS[key].format(value))
        key = _CALLED.get(key, key)
        if re.search(r"[|]|\bor\b", value):
            raise UsageError(
                f"--where '{text}': what is said applies together; for 'or', list each: hex runs --where ..."
            )
        if key == "made" and not re.fullmatch(r"(\d{4}-)?\d{2}-\d{2}|\d{4}-\d{2}", value):
            raise UsageError(f"--where '{text}': a day is written 2026-11-26 or 11-26, not '{value}'")
        return cls(text, key, operator, parted(value) if key == "schedules" else value)

    def fits(self, one: Kept) -> bool:
        """Whether it is true of a run; of lists, as its schedules are: of one of them, `!=` of none. Of a run that has
        nothing of the kind only `!=` is."""
        if not self.operator:
            return _is(one, self.key)
        there = texts_of(one, self.key)
        if self.operator not in ("=", "!="):
            return any(_beside(own, self) for own in there)
        if self.key == "shortcuts":
            met = any(set(self.value.lower().split()) <= set(way.split()) for way in there)
        else:
            wanted = [self.value] if self.key in ("name", "task", "model") else self.value.split(",")
            met = all(any(_same(own, part.strip(), self.key) for own in there) for part in wanted)
        return met == (self.operator == "=")


def conditions(said: Iterable[str] | None) -> list[Condition]:
    """The conditions in --where, each said by itself or several with commas. Raises UsageError on one that is none."""
    parts = [part for text in said or () for part in _NEXT.split(text)]
    words = [part.split(",") if _CONDITION.fullmatch(part) is None else [part] for part in parts]
    return [Condition.of(part) for several in words for part in several]


def where(found: Sequence[Kept], wanted: Sequence[Condition]) -> list[Kept]:
    """The runs that fit all conditions. Raises UsageError on a key that no run has."""
    known = {*KEYS, "state", "origin", "generations", "missing", *(name for one in found for name in one.settings)}
    for each in wanted:
        if each.key in _ELSEWHERE:
            raise UsageError(f"--where '{each.text}': {_ELSEWHERE[each.key].format(each.key)}")
        if each.operator and each.key not in known and found:
            near = difflib.get_close_matches(each.key, [*known, *_CALLED], n=1)
            hint = f"did you mean {_CALLED.get(near[0], near[0])}?" if near else f"known: {', '.join(sorted(known))}"
            raise UsageError(f"--where '{each.text}': no run here has a '{each.key}': {hint}")
    return [one for one in found if all(each.fits(one) for each in wanted)]


def none_fits(found: Sequence[Kept], wanted: Sequence[Condition]) -> str:
    """What to say where no run fits: what there is instead, of each condition that is a key's."""
    said = " and ".join(each.text for each in wanted)
    there = []
    for key, apart in {each.key: each.operator != "!=" for each in wanted if each.operator}.items():
        several = [texts_of(one, key) for one in found]
        values = list(
            dict.fromkeys(text for own in several for text in (own if apart else [" and ".join(own)]) if text)
        )
        values.sort(key=lambda text: (number(text) is None, number(text) or 0.0, text))
        more = f", and {len(values) - LISTED} more" if len(values) > LISTED else ""
        there.append(f"{key} is {(', ' if apart else ' or ').join(values[:LISTED]) or 'not known'}{more}")
    return f"none of {plural(len(found), 'run')} is {said}" + (f": {'; '.join(there)}" if there else "")


def _word(text: str) -> str:
    """The word that a condition without an operator is. Raises UsageError on any other, with what to write."""
    word = text.strip().lower()
    plain = _CALLED.get(word, word)
    if plain in WORDS or plain in _ELSEWHERE:
        return plain
    if plain in (*KEYS, "t") or plain == "T":
        raise UsageError(f"--where '{text}' has no value: write {plain}=VALUE")
    if (pair := _NEARLY.fullmatch(text.strip())) is not None:
        raise UsageError(f"--where '{text}': a condition has = in it: write {pair[1]}={pair[2]}")
    near = difflib.get_close_matches(word, WORDS, n=1)
    hint = f"did you mean {near[0]}? It" if near else "it"
    raise UsageError(f"--where '{text}': {hint} is KEY=VALUE (T=0.9, 'accuracy>80') or one of {', '.join(WORDS)}")


def _is(one: Kept, word: str) -> bool:
    if word == "fast":
        return "fast" in one.settings.get("shortcuts", "").split(",")
    if word in ("scored", "unscored"):
        return one.state != "unreadable" and (one.accuracy is not None) == (word == "scored")
    return word in (one.state, one.origin)


def _same(own: str, said: str, key: str) -> bool:
    if key == "name":  # by its last part, by the hash at its end, or by as much of its path as is said
        plain = said.removeprefix("./").rstrip("/")
        return own.endswith(f"-{plain}") or any(fnmatchcase(own, one) for one in (plain, f"*/{plain}"))
    if key == "task":  # also by the file that it is called after
        return said in (own, own.lower()) or plain_name(said) == own
    if key == "schedules":  # 8 is also 8@128, 8:steps=64 and the 8 of one wording
        return said in (own, re.split(r"[@:/ ]", own)[0])
    if key == "made":
        return own.endswith(said) or own.startswith(f"{said}-")
    one, other = number(own), number(said.rstrip("%"))
    return own.lower() == said.lower() if one is None or other is None else abs(one - other) < 1e-9


def _beside(own: str, asked: Condition) -> bool:
    holds = _OPERATORS[asked.operator]
    if asked.key == "made":
        return holds(own if re.match(r"\d{4}-", asked.value) else own[5:], asked.value)
    one, other = number(own), number(asked.value.rstrip("%"))
    if other is None:
        raise UsageError(f"--where '{asked.text}': '{asked.value}' is no number")
    if asked.key == "accuracy" and other <= 1.0 and "%" not in asked.value:
        other *= 100  # said as a share
    return one is not None and holds(one, other)
