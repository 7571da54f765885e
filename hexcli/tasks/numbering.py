"""Right answers that are numbers beside options: places, the first of them 0 or 1, or options that are numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.tasks.data.rows import options_in

NONE = "none"  # as the number of the first option: the answers are options themselves
WHAT = "the number that the answers have for the first option, or none where they are options themselves"


def first_of(
    path: Path, fields: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], said: str | None
) -> int | str | None:
    """The number of the first option: as it is `said`; else NONE where every answer is an option and not all can be
    places; else 0 where a row says 0, and 1 where none does and one says the number of its last option, counted from 1.
    None where the answers are no numbers.

    Raises UsageError where the rows do not tell.
    """
    if said not in (None, "0", "1", NONE):
        raise UsageError(f"{path}: first={said}: it is 0 or 1, {WHAT}")
    raw = [row.get(fields["answer"]) for row in rows] if "answer" in fields else []
    golds = [str(one).strip() for one in raw]
    numbers = [gold.isdecimal() for gold in golds]
    if "choices" not in fields or not (any(numbers) if said == NONE else all(numbers) and golds):
        if said is not None:
            raise UsageError(f"{path}: first={said} is of answers that are numbers of options, and here are none")
        mixed = "choices" in fields and any(map(_is_number, raw)) and all(_among(fields, rows, golds))
        return NONE if mixed else None
    among = _among(fields, rows, golds)
    if said == NONE:
        _refuse_none_of(path, golds, [own or not number for own, number in zip(among, numbers, strict=True)])
        return NONE
    if said is not None:
        return int(said)
    counts = [len(_options(row, fields["choices"])) for row in rows]
    places = any(
        all(first <= int(gold) < first + count for gold, count in zip(golds, counts, strict=True)) for first in (0, 1)
    )
    if all(among) and not places:
        return NONE
    if any(among):
        _refuse_either(path, golds, among, places)
    if any(int(gold) == 0 for gold in golds):
        return 0
    if any(count and int(gold) == count for gold, count in zip(golds, counts, strict=True)):
        return 1
    raise UsageError(
        f"{path}: the answers in '{fields['answer']}' are numbers of options, and no row tells whether the first is 0 "
        f'or 1: say --data "{path}:first=1", or first=0'
    )


def _is_number(value: object) -> bool:
    """Whether JSON has a number there that would be taken for a place."""
    return isinstance(value, int) and not isinstance(value, bool)


def _among(fields: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], golds: Sequence[str]) -> list[bool]:
    """Of each row, whether its answer is the text of one of its options."""
    return [gold in _options(row, fields["choices"]) for row, gold in zip(rows, golds, strict=True)]


def _refuse_either(path: Path, golds: Sequence[str], among: Sequence[bool], places: bool) -> None:
    """Raises UsageError on answers that may be options and places, or not all of them either."""
    if not places:
        _refuse_none_of(path, golds, among)
    row = among.index(True)
    ways = [f'--data "{path}:first=1" (or first=0) if it is a place', *(["first=none if an option"] * all(among))]
    raise UsageError(
        f"{path}: row {row + 1}: the answer {golds[row]} may be an option or the place of one: say {', '.join(ways)}"
    )


def _refuse_none_of(path: Path, golds: Sequence[str], among: Sequence[bool]) -> None:
    """Raises UsageError on the first answer that is no option, where there is one."""
    if False in among:
        row = among.index(False)
        raise UsageError(f"{path}: row {row + 1}: the answer {golds[row]} is none of its options, as others are")


def _options(row: Mapping[str, Any], columns: str | list[str]) -> list[str]:
    """The options of a row as texts; none where they are no list."""
    found = options_in(row.get(columns)) if isinstance(columns, str) else [row.get(one) for one in columns]
    return (
        [str(one).strip() for one in found if one is not None and str(one).strip()] if isinstance(found, list) else []
    )
