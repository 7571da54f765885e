"""What the fields of plain rows are called in files of other programs: said by `--fields question=q,text=output`, or
guessed for a message where a file fits no known layout."""

import re
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
# The same of a schedule: proposed, and never taken unasked.
_SCHEDULE = {
    "block_length": ("block", "block_size", "blocksize", "block_len", "blocklength", "schedule"),
    "gen_length": ("gen_len", "genlength", "generation_length", "canvas", "max_new_tokens", "max_gen_toks"),
    "temperature": ("temp", "t"),
}


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


def misfit(row: Any, fields: Mapping[str, str] | None = None) -> str | None:
    """Why the first row of a file, some of whose `fields` are named, is none of a known layout, and how to say which
    field is which; None where it is."""
    fields = fields or {}
    if not isinstance(row, Mapping) or not (lacking := _lacking(row, fields)):
        return None
    for name, value in row.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            lines = f"jq -c '.{name}[]' FILE > rows.jsonl"
            return f"its rows are in the field '{name}': write them out, one a line, e.g. {lines}"
    guesses = {**_guessed({**dict.fromkeys(fields), **_free(row, fields)}, lacking), **fields}
    said = ",".join(f"{ours}={theirs or 'FIELD'}" for ours, theirs in guesses.items())
    return f"no field {' and '.join(map(repr, lacking))} ({_has(row)}): say which is which, e.g. --fields {said}"


def guessed(row: Any, fields: Mapping[str, str] | None = None) -> dict[str, str]:
    """What else the fields of a row are, by ours, beside those that are named; empty where their names leave a doubt,
    and where nothing is named and nothing of REQUIRED is missing."""
    fields = fields or {}
    if not isinstance(row, Mapping) or not (fields or _lacking(row, fields)):
        return {}
    free = _free(row, fields)
    found: dict[str, str] = {}
    for ours in (*REQUIRED, "target"):
        if ours in free or ours in fields:
            continue
        usual = [name for name in _USUAL[ours] if name not in REQUIRED]
        named = [str(name) for name in free if _plain(name) in usual]
        if len(named) > 1 or (not named and ours in REQUIRED):
            return {}
        found |= {ours: named[0]} if named else {}
    return found if len(set(found.values())) == len(found) else {}


def of_schedule(ours: str, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The field that may be block_length, gen_length or temperature under another name in all rows; None without."""
    number = r"\d+(\.\d+)?" if ours == "temperature" else r"\d+(\+\d+)*" if ours == "block_length" else r"\d+"
    for name in rows[0] if rows else ():
        if _plain(name) in _SCHEDULE.get(ours, ()) and all(re.fullmatch(number, str(row.get(name))) for row in rows):
            return name
    return None


def _free(row: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """What of a row is not named."""
    return {name: value for name, value in row.items() if name not in fields.values()}


def _lacking(row: Mapping[str, Any], fields: Mapping[str, str]) -> list[str]:
    """What of REQUIRED neither is named nor stands under its own name."""
    free = _free(row, fields)
    return [name for name in REQUIRED if name not in fields and name not in free]


def _guessed(row: Mapping[str, Any], lacking: Sequence[str]) -> dict[str, str | None]:
    """Which field of the row may be what; the target too, where another name than ours stands for it."""
    wanted = [*lacking, *(["target"] if "target" not in row else [])]
    plain = {_plain(name): str(name) for name in row}
    found: dict[str, str | None] = {}
    for ours in wanted:
        free = [name for name in _USUAL[ours] if name in plain and plain[name] not in found.values()]
        if free or ours in lacking:
            found[ours] = plain[free[0]] if free else None
    return found


def _plain(name: object) -> str:
    return str(name).lower().replace("-", "_")


def _has(row: Mapping[str, Any]) -> str:
    return f"it has: {', '.join(map(str, row)) or 'none'}"
