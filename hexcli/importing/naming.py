"""What the fields of plain rows are called in files of other programs, as `--fields question=q,text=output` says it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hexcli.errors import UsageError, unknown
from hexcli.importing.paths import at, has, leaves

Row = tuple[int, Any]

REQUIRED = ("question", "text")
# What may be said: fields of plain rows, see plain.py.
NAMES = (
    *REQUIRED,
    *("target", "choices", "category", "problem_id", "prompt", "first_step_logprob", "model", "schedule"),
    *("gen_length", "block_length", "blocks", "steps", "remasking", "temperature", "cfg_scale", "seed"),
)
UNREAD = "none"  # instead of a field: what a file says of it is kept, and not read


def named(said: Sequence[str]) -> dict[str, str]:
    """`question=q` -> {"question": "q"}. Raises UsageError."""
    found: dict[str, str] = {}
    for part in said:
        ours, equals, theirs = (word.strip() for word in part.partition("="))
        if not equals or not theirs:
            raise UsageError(f"--fields takes OURS=THEIRS, e.g. question=q,text=output, not '{part}'")
        if ours not in NAMES and theirs in NAMES:
            raise UsageError(f"--fields takes our name first: {theirs}={ours}, not '{part}'")
        if ours == "id":
            raise UsageError(f"--fields calls it problem_id: problem_id={theirs}, not '{part}'")
        if ours == "answer":
            raise UsageError(
                f"--fields: the right answer is target, what the model wrote is text: target={theirs}, not '{part}'"
            )
        if ours not in NAMES:
            raise unknown("field", ours, NAMES)
        if ours in found:
            raise UsageError(f"--fields says {ours} twice: {found[ours]} and {theirs}")
        if ours in REQUIRED and theirs == UNREAD:
            raise UsageError(f"--fields {part}: a generation needs its {ours}")
        found[ours] = theirs
    return found


def there(row: Mapping[str, Any], theirs: str) -> bool:
    """Whether a row has what is called so, or nothing of that name is to be read."""
    try:
        at(row, theirs)
    except KeyError:
        return theirs == UNREAD
    return True


def renamed(rows: Iterable[Row], fields: Mapping[str, str]) -> Iterator[Row]:
    """The rows with their fields under our names; a field that is not read, or inside of which others are, keeps its
    value under a name that is none of ours. Raises ValueError naming the row that lacks one."""
    unread = [ours for ours, theirs in fields.items() if theirs == UNREAD]
    read = {ours: theirs for ours, theirs in fields.items() if theirs != UNREAD}
    for number, row in rows:
        if not isinstance(row, Mapping):
            yield number, row
            continue
        found = {}
        for ours, theirs in read.items():
            try:
                found[ours] = at(row, theirs)
            except KeyError:
                said = f"no field '{theirs}', which is the {ours} of the rows before"
                raise ValueError(f"row {number}: {said} ({has(row)})") from None
            if inside := _inside(ours, theirs, found[ours]):
                which = f"say which, e.g. --fields {ours}={inside}"
                raise ValueError(f"row {number}: field '{theirs}' holds others: {which}")
        moved = {*unread, *(theirs.partition(".")[0] for theirs in read.values() if theirs not in row)} & set(NAMES)
        rest = {f"their {name}" if name in moved else name: value for name, value in row.items()}
        yield number, {**{n: v for n, v in rest.items() if n not in read.values() and n not in read}, **found}


def _inside(ours: str, theirs: str, value: Any) -> str:
    """A path to a text in a value that is none, where a text is required; empty where it may be one."""
    if ours not in REQUIRED:
        return ""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, Mapping):
        texts = [path for path, inner in leaves(first, f"{theirs}.").items() if isinstance(inner, str)]
        return texts[0] if texts else f"{theirs}.FIELD"
    above, dot, name = theirs.rpartition(".")
    return f"{above}.0.{name}" if isinstance(value, list) and ours == "question" and dot else ""


def lacking(row: Mapping[str, Any], fields: Mapping[str, str]) -> list[str]:
    """What of REQUIRED neither is named nor stands under its own name; no question where the problem's id is said."""
    free = {name for name in row if name not in fields.values()}
    missing = [name for name in REQUIRED if name not in fields and name not in free]
    return [name for name in missing if not (name == "question" and {"problem_id"} & {*fields, *free})]
