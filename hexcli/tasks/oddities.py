"""What is odd in rows of one's own: right answers that are missing or unlike the others, questions asked twice."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError

# What stands in a cell where nothing is known; answers that may be meant (none, na, -) are not among them.
_UNKNOWN = ("n/a", "#n/a", "nan", "#value!", "tbd", "todo")
# Of letters alone what is a number all the same, or may be one: a variable or two, constants.
_FORMULA = re.compile(r"[a-z]{1,2}|inf|infinity|pi", re.IGNORECASE)
_WORDS = ("no", "it", "up", "on", "in", "ok", "na", "yes")
# What JSON makes of `\\boxed`, `\\frac` and `\\times` with one backslash.
_LOST = re.compile(r"[\x08\x0c](?=[a-z])|\t(?=ext\{|imes\b|heta\b|frac\b)")
_FEW = 5  # one odd answer in so many is a slip; more of them are a column of texts


def refuse_gaps(path: Path, column: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises UsageError where a row of a column of right answers has none: it could not be graded."""
    for number, row in enumerate(rows, start=1):
        value = row.get(column, "?")
        if value is None or ((said := str(value).strip()) and said.casefold() not in _UNKNOWN):
            continue
        what = f"is {said!r}" if said else "is empty"
        raise UsageError(
            f"{path}, row {number}: field '{column}' {what}: fill it in or leave the row out; for votes without scores "
            f'--data "{path}:answer=none"'
        )


def refuse_few_others(path: Path, golds: Sequence[str], numbers: Sequence[bool]) -> None:
    """Raises UsageError where nearly all right answers are numbers and the others are words: each would turn the whole
    column into texts, in which `7` is not `7.0`."""
    odd = [place for place, number in enumerate(numbers) if not number]
    if len(golds) < 3 or not 0 < len(odd) <= max(1, len(golds) // _FEW):
        return
    if not all(_is_word(golds[place]) for place in odd):
        return
    more = f", nor are {len(odd) - 1} more" if len(odd) > 1 else ""
    raise UsageError(
        f"{path}, row {odd[0] + 1}: the answer {golds[odd[0]]!r:.60} is no number{more}, and the other "
        f'{len(golds) - len(odd)} are: mend it or leave the row out; --data "{path}:extract=text" compares all as texts'
    )


def _is_word(gold: str) -> bool:
    """Whether an answer is no mathematics either."""
    if gold.casefold() in _WORDS:
        return True
    return re.search(r"[\\$^=+*/\d]", gold) is None and not _FORMULA.fullmatch(gold)


def asked_twice(prompts: Collection[str]) -> str | None:
    """What to say of problems whose prompts are the same; None where all differ."""
    count = len(prompts) - len(set(prompts))
    if not count:
        return None
    asks = "1 problem asks" if count == 1 else f"{count} problems ask"
    return f"{asks} what another does: each counts as a problem of its own, which makes intervals too narrow"


def lost_latex(prompts: Mapping[str, str]) -> str | None:
    """What to say of prompts, by problem, in which a backslash of LaTeX became another sign; None where none did."""
    found = [(problem, match) for problem, prompt in prompts.items() if (match := _LOST.search(prompt))]
    if not found:
        return None
    problem, match = found[0]
    word = re.match(r"[a-z]+", match.string[match.end() :])
    command = {"\x08": "b", "\x0c": "f", "\t": "t"}[match[0]] + (word[0] if word else "")
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{problem}{more}: a control character stands where \\{command} was meant: JSON writes \\\\{command}"
