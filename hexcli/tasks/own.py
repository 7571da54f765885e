r"""Rows of one's own as a task: `hex decode --data mine.csv`, and nothing else said.

Which column is what is told by their names (columns), how answers are read and compared by the right answers
themselves; `mine.csv:question=Text,answer=none,extract=math` says otherwise. What comes of it is the definition of a
custom task, as a YAML file would have it: a run folder keeps it, and votes and scores are as of any other.
"""

import re
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, unknown
from hexcli.records import Problem
from hexcli.task import Task
from hexcli.tasks.columns import called
from hexcli.tasks.custom import make_task
from hexcli.tasks.custom_fields import FIELDS
from hexcli.tasks.file_names import data_file, plain_name
from hexcli.tasks.gsm8k import GSM8K
from hexcli.tasks.namesakes import given, recognised, table
from hexcli.tasks.numbering import NONE, first_of
from hexcli.tasks.oddities import refuse_few_others, refuse_gaps

_KEYS = (*FIELDS, "extract", "first")
# How an answer is read -> what it is called, and how it is compared.
KINDS: dict[str, tuple[str, str]] = {
    "number": ("numbers", "number"),
    "letter": ("letters", "letter"),
    "math": ("mathematics", "math"),
    "text": ("texts", "words"),
    "": ("", "math"),
}
_BOX = r"Answer in \boxed{}."  # short, so that the embedded model, which knows few words, can be asked in it, too
_NUMBER = re.compile(r"[-+−]?\s?[$€£]?\s?[-−]?\d[\d,.' ]*(?:[eE][-+]?\d+)?(?:\s?(?:%|[$€£°]|[^\W\d]{1,12}[²³]?\.?))?")
_LETTER = re.compile(r"\(?[A-Ja-j][).]?")
_FORMULA = re.compile(
    r"(?:\d|\b[a-z]{1,2}\b|sin|cos|tan|log|sqrt|exp|pi|inf|[\s+\-−*/^=().,\[\]{}<>|√π∞])+", re.IGNORECASE
)


def own_task(name: str, *, taken: Container[str] = ()) -> Task:
    """The task that a data file is, `FILE` or `FILE:KEY=COLUMN,...`, under a name that is not `taken`.

    Raises UsageError naming the file, its columns and what to say.
    """
    file, said = data_file(name) or (name, "")
    path = Path(file)
    told = _told(path, said)
    columns, rows = table(path)
    extract, first = told.pop("extract", None), told.pop("first", None)
    try:
        fields = recognised(columns, rows, told)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}; say which is which: {_example(path, columns)}") from None
    if extract is not None and extract not in KINDS:
        raise unknown("extract", extract, [kind for kind in KINDS if kind])
    if "answer" in fields:
        refuse_gaps(path, fields["answer"], rows)
    kind = extract if extract is not None else _kind(rows, fields, path)
    base = first_of(path, fields, rows, first) if kind == "letter" or first is not None else None
    try:
        definition = {"data": path.name, **_definition(kind, fields, rows, base), "name": _name(path, taken)}
        definition |= {"first": base} if base or first is not None else {}  # 0 is so unsaid
        definition["summary"] += _no_id(columns, fields, rows, told)
        return make_task(definition, folder=path.parent)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def _told(path: Path, said: str) -> dict[str, str]:
    """What is said behind the name of a file: `question=Text,answer=none`. Raises UsageError."""
    found: dict[str, str] = {}
    for part in said.split(",") if said else ():
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise UsageError(f"'{path}:{said}': behind the file stands KEY=COLUMN, not '{part}'")
        if key not in _KEYS:
            raise unknown("key", key, _KEYS)
        if key in found:
            raise UsageError(f"'{path}:{said}': {key} is said twice")
        found[key] = value
    return found


def _example(path: Path, columns: Sequence[str]) -> str:
    """A line that says which column is which, as far as one can guess: the first ones."""
    answers = called("answer", columns)
    usable = [name for name in columns if re.fullmatch(r"[\w .-]+", name) and name not in answers]
    question = [*called("question", usable), *usable, "COLUMN"][0]
    others = answers or [name for name in usable if name != question and name not in called("question", usable)]
    answer = f",answer={others[0]}" if others and len(answers) != 1 else ""
    return f'hex decode --data "{path}:question={question}{answer}"'


def _kind(rows: Sequence[Mapping[str, Any]], fields: Mapping[str, Any], path: Path) -> str:
    """How the right answers are to be read; empty where there are none. Raises UsageError where most are numbers."""
    if "answer" not in fields:
        return "letter" if "choices" in fields else ""
    if "choices" in fields:
        return "letter"
    golds = [str(row.get(fields["answer"])).strip() for row in rows if given(row.get(fields["answer"]))]
    if all(_is_number(gold) for gold in golds):
        return "number"
    if all(_LETTER.fullmatch(gold) for gold in golds):
        return "letter"
    refuse_few_others(path, golds, [_is_number(gold) for gold in golds])
    if all("\\" in gold or "$" in gold or _FORMULA.fullmatch(gold) for gold in golds) and any(
        re.search(r"[\\\d=+^]", gold) for gold in golds
    ):
        return "math"
    return "text"


def _is_number(gold: str) -> bool:
    marked = "####" in gold or "\\boxed" in gold
    read = GSM8K.target(gold, Problem(id="", question="")) is not None
    return read and (marked or _NUMBER.fullmatch(gold) is not None)


def _definition(
    kind: str, fields: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], base: int | str | None
) -> dict[str, Any]:
    """What a YAML file would say."""
    what, grade = KINDS[kind]
    if kind == "text" and "answer" in fields and (count := sum(_is_number(str(row[fields["answer"]])) for row in rows)):
        what = f"texts, {count} of {len(rows)} a number"
    shown = "{question}\n{choices}" if "choices" in fields else "{question}"
    own = any("\\boxed" in str(row.get(fields["question"])) for row in rows)  # they say what to do themselves
    return {
        "summary": _summary(
            _letters(rows, fields, base) if kind == "letter" else f"{what}{_commas(kind, rows, fields)}", fields
        ),
        "fields": dict(fields),
        "prompt": shown if own else f"{shown}\n{_BOX}",
        "extract": kind or "text",
        "grade": grade,
    }


def _commas(kind: str, rows: Sequence[Mapping[str, Any]], fields: Mapping[str, Any]) -> str:
    """What to say of right answers that look like decimals written with a comma; nothing of others."""
    golds = [str(row.get(fields["answer"])).strip() for row in rows] if kind == "math" and "answer" in fields else []
    found = [gold for gold in golds if "," in gold]
    short = [gold for gold in found if not re.fullmatch(r".*,\d{3}", gold)]
    if not short or not all(re.fullmatch(r"[-+−]?\d+,\d+", gold) for gold in found):
        return ""
    return f": {short[0]} is a list of two; a decimal is written {short[0].replace(',', '.')}"


def _letters(rows: Sequence[Mapping[str, Any]], fields: Mapping[str, Any], base: int | str | None) -> str:
    """How the right options are named."""
    if base == NONE:
        return "options"
    if base is not None:
        return f"places, counted from {base}"
    golds = [str(row.get(fields["answer"])).strip() for row in rows] if "answer" in fields else []
    letters = "choices" not in fields or all(_LETTER.fullmatch(gold) for gold in golds)
    return "letters" if letters else "options, or their letters"


def _summary(what: str, fields: Mapping[str, Any]) -> str:
    said = [f'question = "{fields["question"]}"']
    if "answer" in fields:
        said.append(f'answer = "{fields["answer"]}" ({what})')
    if (choices := fields.get("choices")) is not None:
        said.append(f'choices = "{choices if isinstance(choices, str) else "+".join(choices)}"')
    said += [f'{role} = "{fields[role]}"' for role in ("id", "category") if role in fields]
    return ", ".join(said) + ("" if "answer" in fields else "; no column with right answers: votes, and no scores")


def _no_id(
    columns: Sequence[str], fields: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], told: Container[str]
) -> str:
    """What to say of a column that is called like an id and is none; empty where it is one, or there is none."""
    names = called("id", [name for name in columns if name not in fields.values()])
    if "id" in fields or "id" in told or not names:
        return ""
    values = [str(row.get(names[0])).strip() for row in rows]
    twice = next((value for value in values if value and values.count(value) > 1), None)
    return f'; column "{names[0]}" left out: {f"{twice} stands twice" if twice else "a row has none"}'


def _name(path: Path, taken: Container[str]) -> str:
    name = plain_name(str(path))
    return f"own-{name}" if name in taken else name
