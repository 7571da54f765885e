r"""Custom tasks: a YAML file beside a data file, and no Python (`--task fruit.yaml`).

    data: fruit.jsonl                 # rows: .jsonl, .json, .csv or .parquet; the path starts at this file's folder
    fields:                           # where in a row things are; by default as their names tell (own)
      question: text
      answer: solution                # the right answer; left out: there is nothing to score by
      choices: options                # a list of texts to choose from, or texts parted by |; or [A, B, C]: a field each
      id: uid                         # by default the row's number
      category: kind
    prompt: |                         # what to ask; by default {question} and the options
      {question}
      {choices}                       # {name} is the field of that name of the row; {{name}} is {name} itself
    prompts: {short: "{question}"}    # other wordings, by name (custom_prompts); `prompt` is called default
    train: fruit-train.jsonl          # rows that examples of --fewshot are drawn from; by default none
    prefill: "<reasoning>"            # the words put into the model's mouth; by default none
    extract: number                   # number, letter, math, text or regex
    pattern: 'Answer: (\d+)'          # of extract: regex; the last match counts, its first group where it has one
    grade: number                     # exact, words, number, letter or math; by default what fits `extract`
    first: 1                          # of answers that are places among the options: the number of the first; or 0;
                                      # none: they are options, which are numbers themselves
    name: fruit                       # by default the file's name
    summary: fruit, counted

`number`, `letter` and `math` read an answer as gsm8k, arc and math do; `text` is what the last box holds, else the
answer tag. Answers and targets are brought to the form that `grade` compares. In the data, the answer of a question
with options is a letter, an option, or its place, counted from 0 unless `first` says 1. An answer may be a solution
that boxes it: the last box is opened. A row whose answer cannot be read is an error.
"""

import contextlib
import dataclasses
import functools
import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any, NoReturn

from hexcli.errors import UsageError, beside, unknown
from hexcli.files import read_text
from hexcli.records import Problem
from hexcli.task import Prompt, Task, Wording
from hexcli.tasks.custom_fields import fields_in, from_row, kinds_of
from hexcli.tasks.custom_prompts import SHOWN, check_prompt, hidden_in, wordings_of
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.foreign import MEANT, why_foreign
from hexcli.tasks.kinds import BY_FIRST, EXTRACTS, GRADES, extractor
from hexcli.tasks.numbering import NONE, WHAT
from hexcli.tasks.prompts.template import places
from hexcli.tasks.prompts.wording import put
from hexcli.yaml_file import quotes, read_mapping

KEYS = (
    "name",
    "summary",
    "data",
    "train",
    "fields",
    "prompt",
    "prefill",
    "prompts",
    "extract",
    "pattern",
    "grade",
    "first",
)
_NO_TEXTS = ("fields", "prompts", "first")
_NOT_KEPT = ("data", "train")  # where files are; votes need none


def load_task(name: str, *, taken: Container[str] = ()) -> Task:
    """The task in a YAML file, under a name that is not `taken`.

    Raises UsageError naming the file and what is wrong in it.
    """
    path = Path(name)
    _refuse_foreign(path)
    fields = read_mapping(path, "task", "data, fields, prompt, extract, ...")
    if "schedules" in fields or "model" in fields:
        raise UsageError(f"{path} is a recipe, not a task: run it with hex sweep {path}")
    try:
        if "fields" not in fields and isinstance(fields.get("data"), str):
            fields["fields"] = _recognised(path, path.parent / fields["data"])
        task = make_task({"name": path.stem, **fields}, folder=path.parent, taken=taken)
    except UsageError as error:
        raise UsageError(str(error) if str(error).startswith(f"{path}: ") else f"{path}: {error}") from None
    return dataclasses.replace(task, load=functools.partial(_no_file, path, Path(task.file or "")))


def names_fields(name: str) -> bool:
    """Whether a task file says itself what its columns are. Raises UsageError where it is none."""
    return "fields" in read_mapping(Path(name), "task", "data, fields, prompt, extract, ...")


def _recognised(path: Path, rows: Path) -> dict[str, Any]:
    from hexcli.tasks.namesakes import fields_of

    return fields_of(rows) if rows.exists() else _no_file(path, rows)


def make_task(definition: Mapping[Any, Any], folder: Path | None = None, *, taken: Container[str] = ()) -> Task:
    """The task that a definition describes: of a file in `folder`, or what a run folder keeps of one.

    Raises UsageError naming the key and what is wrong with it.
    """
    for key in definition:
        if meant := MEANT.get(str(key)):
            raise UsageError(f"unknown key '{key}': here it is called {meant}")
        if key not in KEYS:
            raise unknown("key", str(key), KEYS)
    if folder is not None and "data" not in definition:
        raise UsageError("it needs its data: the file with its rows")
    text = {key: _text(definition, key) for key in KEYS if key not in _NO_TEXTS and key in definition}
    fields = fields_in(definition.get("fields"))
    name = text.get("name", "")
    ask = text.get("prompt", "{question}\n{choices}" if "choices" in fields else "{question}")
    if name in taken:
        raise UsageError(f"there is a task '{name}' already: give it another name")
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise UsageError(f"name must be letters, digits, '.', '_' and '-', not '{name}'")
    check_prompt(ask, fields, leaks=folder is not None)
    if "extract" not in text:
        raise UsageError(f"it needs extract: {', '.join(EXTRACTS)}")
    kind = _known("extract", text["extract"], EXTRACTS)
    grading = _known("grade", text.get("grade", EXTRACTS.get(kind, "")), GRADES)
    first = _first(definition, grading)
    target = GRADES[grading].canonical if first is None else BY_FIRST[first]
    usual = Wording(user=ask, prefill=text.get("prefill", ""))
    task = Task(
        name=name,
        version=2,
        summary=text.get("summary", "a custom task"),
        source=text.get("data", "a custom task"),
        size=None,
        load=_nothing_to_load,
        prompt=functools.partial(_prompt, usual),
        prompts=wordings_of(definition.get("prompts", {}), usual, fields),
        hidden=hidden_in(fields),
        extract=extractor(kind, text.get("pattern"), GRADES[grading]),
        equal=GRADES[grading].equal,
        grade=GRADES[grading].grade,
        fields=kinds_of(fields),
        from_row=functools.partial(
            from_row, name, fields, grading, target, tuple(n for n in places(ask) if n not in SHOWN)
        ),
        target=target,
        file=None if folder is None else str(folder / text["data"]),
        definition={
            **{key: value for key, value in text.items() if key not in _NOT_KEPT},
            **({"first": first} if first is not None else {}),
            "fields": fields,
        },
    )
    if folder is None or "train" not in text:
        return task
    rows = str(folder / text["train"])
    return dataclasses.replace(task, train=lambda: load_problems(task, rows).problems)


def _refuse_foreign(path: Path) -> None:
    """Raises UsageError for a task file of another program, which may not even be YAML without it."""
    with contextlib.suppress(OSError, ValueError):
        if reason := why_foreign(read_text(path)):
            raise UsageError(f"{path}: {reason}")


def _known(key: str, name: str, known: Mapping[str, Any]) -> str:
    if name not in known:
        raise unknown(key, name, known)
    return name


def _text(definition: Mapping[Any, Any], key: str) -> str:
    value = definition[key]
    if not isinstance(value, str) or not (value or key == "prefill") or any("\ud800" <= c <= "\udfff" for c in value):
        raise UsageError(f"{key} must be text, not {value!r}{quotes(value)}")
    return value


def _first(definition: Mapping[Any, Any], grading: str) -> int | str | None:
    """The number of the first option, 0 or 1, where answers are places; NONE where they are options; None where
    nobody says. Raises UsageError."""
    if "first" not in definition:
        return None
    value = NONE if definition["first"] is None else definition["first"]
    if value not in (0, 1, NONE) or isinstance(value, bool):
        raise UsageError(f"first is 0 or 1, {WHAT}, not {value!r}")
    if grading != "letter":
        raise UsageError(f"first is of places among options, and grade is {grading}: leave it out")
    return value if value == NONE else int(value)


def _prompt(wording: Wording, problem: Problem) -> Prompt:
    asked = put(wording, problem)
    return Prompt(asked.user.strip(), asked.prefill)


def _nothing_to_load() -> NoReturn:
    raise UsageError("a custom task has no problems without its data: name its YAML file, or give --data FILE")


def _no_file(path: Path, rows: Path) -> NoReturn:
    near = beside(rows)
    raise UsageError(f"{path}: its data, {rows}, is no file{near or f' (data starts at the folder of {path.name})'}")
