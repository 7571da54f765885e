"""What the fields of plain rows are called in files of other programs: said by `--fields question=q,text=output`, or
guessed for a message where a file fits no known layout."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hexcli.errors import UsageError, unknown

Row = tuple[int, Any]

REQUIRED = ("question", "text")
# What may be said: fields of plain rows, see plain.py.
NAMES = (
    *REQUIRED,
    *("target", "choices", "category", "problem_id", "prompt", "first_step_logprob", "model", "schedule"),
    *("gen_length", "block_length", "blocks", "steps", "remasking", "temperature", "cfg_scale", "seed"),
)
_USUAL = {
    "question": ("question", "query", "problem", "q", "input", "instruction", "prompt", "prompt_input"),
    "text": ("text", "generated", "response", "output", "completion", "generation", "generated_text", "prediction",
             "model_output", "full_response", "reply"),
    "target": ("target", "gold", "ground_truth", "reference", "expected", "label", "solution", "answer"),
}  # fmt: skip


def named(said: Sequence[str]) -> dict[str, str]:
    """`question=q` -> {"question": "q"}. Raises UsageError."""
    found: dict[str, str] = {}
    for part in said:
        ours, equals, theirs = (word.strip() for word in part.partition("="))
        if not equals or not theirs:
            raise UsageError(f"--fields takes OURS=THEIRS, e.g. question=q,text=output, not '{part}'")
        if ours not in NAMES and theirs in NAMES:
            raise UsageError(f"--fields takes our name first: {theirs}={ours}, not '{part}'")
        if ours not in NAMES:
            raise unknown("field", ours, NAMES)
        if ours in found:
            raise UsageError(f"--fields says {ours} twice: {found[ours]} and {theirs}")
        found[ours] = theirs
    return found


def renamed(rows: Iterable[Row], fields: Mapping[str, str]) -> Iterator[Row]:
    """The rows with their fields under our names. Raises ValueError naming the row that lacks one."""
    for number, row in rows:
        if isinstance(row, Mapping):
            for ours, theirs in fields.items():
                if theirs not in row:
                    said = f"no field '{theirs}', which --fields says is the {ours}"
                    raise ValueError(f"row {number}: {said} ({_has(row)})")
            taken = set(fields.values())
            rest = {name: value for name, value in row.items() if name not in taken and name not in fields}
            yield number, {**rest, **{ours: row[theirs] for ours, theirs in fields.items()}}
        else:
            yield number, row


def misfit(row: Any) -> str | None:
    """Why the first row of a file is none of a known layout, and how to say which field is which; None where it is."""
    if not isinstance(row, Mapping) or all(name in row for name in REQUIRED):
        return None
    for name, value in row.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            lines = f"jq -c '.{name}[]' FILE > rows.jsonl"
            return f"its rows are in the field '{name}': write them out, one a line, e.g. {lines}"
    lacking = [name for name in REQUIRED if name not in row]
    said = ",".join(f"{ours}={theirs or 'FIELD'}" for ours, theirs in _guessed(row, lacking).items())
    return f"no field {' and '.join(map(repr, lacking))} ({_has(row)}): say which is which, e.g. --fields {said}"


def guessed(row: Any) -> dict[str, str]:
    """What the fields of a row that misses one of REQUIRED are, by ours; empty where their names leave a doubt."""
    if not isinstance(row, Mapping):
        return {}
    wanted = [name for name in (*REQUIRED, "target") if name not in row]
    found: dict[str, str] = {}
    for ours in wanted:
        usual = [name for name in _USUAL[ours] if name not in REQUIRED]
        named = [str(name) for name in row if str(name).lower().replace("-", "_") in usual]
        if len(named) > 1 or (not named and ours in REQUIRED):
            return {}
        found |= {ours: named[0]} if named else {}
    return found if set(found) & set(REQUIRED) and len(set(found.values())) == len(found) else {}


def _guessed(row: Mapping[str, Any], lacking: Sequence[str]) -> dict[str, str | None]:
    """Which field of the row may be what; the target too, where another name than ours stands for it."""
    wanted = [*lacking, *(["target"] if "target" not in row else [])]
    plain = {str(name).lower().replace("-", "_"): str(name) for name in row}
    found: dict[str, str | None] = {}
    for ours in wanted:
        free = [name for name in _USUAL[ours] if name in plain and plain[name] not in found.values()]
        if free or ours in lacking:
            found[ours] = plain[free[0]] if free else None
    return found


def _has(row: Mapping[str, Any]) -> str:
    return f"it has: {', '.join(map(str, row)) or 'none'}"
