"""What the fields of plain rows are in files of other programs, where nobody says: by their names."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hexcli.importing.naming import REQUIRED, lacking
from hexcli.importing.paths import at, has, leaves, said_by
from hexcli.tasks.columns import called

_USUAL = {
    "question": ("question", "query", "problem", "q", "input", "instruction", "prompt", "prompt_input"),
    "text": ("text", "generated", "response", "output", "out", "completion", "generation", "generated_text",
             "prediction", "model_output", "full_response", "reply", "outputs", "responses", "completions",
             "generations", "samples", "texts", "generated_texts", "predictions", "model_outputs"),
    "target": ("target", "gold", "ground_truth", "reference", "expected", "label", "solution", "answer"),
}  # fmt: skip
# The same of a schedule: proposed, and never taken unasked.
_SCHEDULE = {
    "block_length": ("block", "block_size", "blocksize", "block_len", "blocklength", "schedule"),
    "gen_length": (
        "gen_len",
        "genlength",
        "generation_length",
        "canvas",
        "length",
        "max_new_tokens",
        "max_tokens",
        "max_gen_toks",
    ),
    "temperature": ("temp", "t"),
    "steps": ("diffusion_steps", "num_steps", "n_steps", "denoising_steps", "num_diffusion_steps"),
}
_FEW = 16  # values that a setting has in a file


def misfit(row: Any, fields: Mapping[str, str] | None = None) -> str | None:
    """Why the first row of a file, some of whose `fields` are named, is none of a known layout, and how to say which
    field is which; None where it is."""
    fields = fields or {}
    if not isinstance(row, Mapping) or not (missing := lacking(row, fields)):
        return None
    guesses: dict[str, str | None] = {**_guessed({**dict.fromkeys(fields), **_free(row, fields)}, missing)}
    if not all(guesses[ours] for ours in missing):
        guesses |= {ours: path for ours, path in _nested(row, missing).items() if not guesses.get(ours)}
    for name, value in row.items():
        rows = isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value)
        if rows and not any(guesses[ours] for ours in missing):
            lines = f"jq -c '.{name}[]' FILE > rows.jsonl"
            return f"its rows are in the field '{name}': write them out, one a line, e.g. {lines}"
    data = ""
    if "question" in guesses and not guesses["question"] and guesses.get("text") and (names := called("id", list(row))):
        del guesses["question"]
        guesses["problem_id"], data = names[0], " --task FILE, a CSV or JSONL of rows with that id and the question"
    if guesses.get("text", "") is None and "question" not in missing and not fields:
        data = "; rows that hold questions and no generations are decoded: hex decode --data FILE"
    said = ",".join(f"{ours}={theirs or 'FIELD'}" for ours, theirs in {**guesses, **fields}.items())
    return f"no field {' and '.join(map(repr, missing))} ({has(row)}): say which is which, e.g. --fields {said}{data}"


def guessed(row: Any, fields: Mapping[str, str] | None = None) -> dict[str, str]:
    """What else the fields of a row are, by ours, beside those that are named; empty where their names leave a doubt,
    and where nothing is named and nothing of REQUIRED is missing."""
    fields = fields or {}
    if not isinstance(row, Mapping) or not (fields or lacking(row, fields)):
        return {}
    free = _free(row, fields)
    found: dict[str, str] = {}
    missing = lacking(row, fields)
    for ours in (*REQUIRED, "target"):
        if ours in free or ours in fields:
            continue
        usual = [name for name in _USUAL[ours] if name not in REQUIRED]
        named = [
            str(name)
            for name, value in free.items()
            if _plain(name) in usual and (value is None or _may_be(ours, value))
        ]
        if len(named) > 1 or (not named and ours in missing):
            return {}
        found |= {ours: named[0]} if named else {}
    return found if len(set(found.values())) == len(found) else {}


def asks(row: Mapping[str, Any]) -> bool:
    """Whether something in an object is called like a question."""
    return any(_plain(name) in _USUAL["question"] and isinstance(value, str) for name, value in row.items())


def of_schedule(ours: str, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The field that may be one of _SCHEDULE under another name in all rows; None without."""
    number = r"\d+(\.\d+)?" if ours == "temperature" else r"\d+(\+\d+)*" if ours == "block_length" else r"\d+"
    for name in rows[0] if rows else ():
        if _plain(name) in _SCHEDULE[ours] and all(re.fullmatch(number, str(row.get(name))) for row in rows):
            few = len({str(row[name]) for row in rows}) <= _FEW
            return name if few else None  # lengths of texts, steps that a text took
    return None


def _free(row: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """What of a row is not named."""
    return {name: value for name, value in row.items() if name not in fields.values()}


def _guessed(row: Mapping[str, Any], missing: Sequence[str]) -> dict[str, str | None]:
    """Which field of the row may be what; the target too, where another name than ours stands for it."""
    wanted = [*missing, *(["target"] if "target" not in row else [])]
    plain = {_plain(name): str(name) for name, value in row.items() if value is None or _may_be("text", value)}
    found: dict[str, str | None] = {}
    for ours in wanted:
        free = [name for name in _USUAL[ours] if name in plain and plain[name] not in found.values()]
        if free or ours in missing:
            found[ours] = plain[free[0]] if free else None
    return found


def _nested(row: Mapping[str, Any], missing: Sequence[str]) -> dict[str, str]:
    """The paths inside a row that may be what is missing, or the target."""
    found: dict[str, str] = {}
    paths = {path: value for path, value in leaves(row).items() if "." in path and _may_be("text", value)}
    for ours in (*missing, *(["target"] if "target" not in row else [])):
        role = {"question": "user", "text": "assistant"}.get(ours)
        talk = [path for path in paths if role and said_by(row, path) == role]
        if ours == "text":
            talk += [path for path in paths if path.endswith("message.content") and said_by(row, path) is None]
        names = [path for usual in _USUAL[ours] for path in paths if _plain(path.rpartition(".")[2]) == usual]
        names = [path for path in names if ours == "text" or not isinstance(at(row, path), list)]
        free = [path for path in (*talk, *names) if path not in found.values()]
        if free:
            found[ours] = free[0]
    return found


def _may_be(ours: str, value: Any) -> bool:
    """Whether a value can be a question, a text (or several samples of one) or a right answer."""
    if isinstance(value, list):
        return ours == "text" and bool(value) and all(isinstance(one, str) for one in value)
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _plain(name: object) -> str:
    return str(name).lower().replace("-", "_")
