"""Right answers that are places among options: whether the first option is 0 or 1."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError
from hexcli.tasks.data.rows import options_in


def base_of(path: Path, fields: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], said: str | None) -> int | None:
    """The number of the first option: as it is `said`, else 0 where a row says 0, and 1 where none does and one says
    the number of its last option, counted from 1. None where the answers are no places.

    Raises UsageError where the rows do not tell, or a number may be an option itself.
    """
    if said not in (None, "0", "1"):
        raise UsageError(f"{path}: first={said}: it is 0 or 1, the number that the answers have for the first option")
    golds = [str(row.get(fields["answer"])).strip() for row in rows] if "answer" in fields else []
    if "choices" not in fields or not golds or not all(gold.isdecimal() for gold in golds):
        if said is not None:
            raise UsageError(f"{path}: first={said} is of answers that are numbers of options, and here are none")
        return None
    options = [_options(row, fields["choices"]) for row in rows]
    for number, (gold, own) in enumerate(zip(golds, options, strict=True), start=1):
        if gold in own:
            raise UsageError(
                f"{path}: row {number}: the answer {gold} may be an option or the place of one: write letters "
                f"(A, B, ...) into '{fields['answer']}'"
            )
    if said is not None:
        return int(said)
    if any(int(gold) == 0 for gold in golds):
        return 0
    if any(own and int(gold) == len(own) for gold, own in zip(golds, options, strict=True)):
        return 1
    raise UsageError(
        f"{path}: the answers in '{fields['answer']}' are numbers of options, and no row tells whether the first is 0 "
        f'or 1: say --data "{path}:first=1", or first=0'
    )


def _options(row: Mapping[str, Any], columns: str | list[str]) -> list[str]:
    """The options of a row as texts; none where they are no list."""
    found = options_in(row.get(columns)) if isinstance(columns, str) else [row.get(one) for one in columns]
    return (
        [str(one).strip() for one in found if one is not None and str(one).strip()] if isinstance(found, list) else []
    )
