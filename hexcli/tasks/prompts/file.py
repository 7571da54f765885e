r"""A wording of one's own, in a YAML file (`--prompt mine.yaml`).

name: terse                       # by default the file's name
system: You are brief.            # by default nothing
user: |                           # what to ask: {question} must be in it; {choices} is a line for each option
  {question}
  {choices}                       # any other {name} is the field of that name of the row; {{name}} is {name} itself
prefill: "So "                    # the words put into the model's mouth; by default none
reply: 'So {solution} {answer}'   # how examples of --fewshot are answered, prefill included
examples:                         # turns before the question: what the user turn shows, and the reply to it
  - {question: "1 + 1?", reply: "So 2."}
  - {question: "2 + 2?", answer: 4}    # or its answer, in the form of `reply`; the way to it is `solution`
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hexcli.errors import UsageError, unknown
from hexcli.records import Problem
from hexcli.task import Shot, Wording
from hexcli.tasks.prompts.template import places
from hexcli.tasks.prompts.wording import answered, put
from hexcli.yaml_file import quotes, read_mapping

PROMPT_FILES = (".yaml", ".yml")  # how the name of one ends
KEYS = ("name", "system", "user", "prefill", "reply", "examples")
MEANT = {  # what other tools call them
    **dict.fromkeys(("text", "prompt", "question", "template", "content", "instruction", "ask", "user_prompt"), "user"),
    **dict.fromkeys(("system_prompt", "system_message", "instructions"), "system"),
    **dict.fromkeys(("prefix", "assistant", "response_prefix", "gen_prefix"), "prefill"),
    **dict.fromkeys(("fewshot", "few_shot", "shots", "samples", "demonstrations"), "examples"),
}
_LONGEST = 40  # characters of a name, which labels are made of


def read_wording(path: str) -> tuple[str, Wording]:
    """The name and the wording in a file. Raises UsageError naming the file and what is wrong in it."""
    file = Path(path)
    fields = read_mapping(file, "prompt", "system, user, prefill, examples")
    try:
        name = _text(fields, "name", file.stem)
        return checked_name(name), make_wording({key: value for key, value in fields.items() if key != "name"})
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def checked_name(name: str) -> str:
    """The name of a wording. Raises UsageError on what no label can hold."""
    if not re.fullmatch(r"[^\W_][\w.-]*", name) or len(name) > _LONGEST:
        raise UsageError(f"a prompt's name is letters, digits, '.', '_' and '-', {_LONGEST} at most, not '{name}'")
    return name


def make_wording(fields: Mapping[Any, Any], usual: Wording | None = None) -> Wording:
    """The wording that `fields` describe. Raises UsageError naming the key and what is wrong with it."""
    for key in fields:
        if key not in KEYS[1:]:
            meant = MEANT.get(str(key).lower().replace("-", "_"))
            if meant is not None:
                raise UsageError(f"unknown key '{key}': did you mean '{meant}'?")
            raise unknown("key", str(key), KEYS)
    plain = usual or Wording()
    if "user" not in fields and usual is None:
        raise UsageError("it needs user: what to ask, with {question} in it")
    user = _text(fields, "user", plain.user).strip("\n")
    if "question" not in places(user):
        doubled = " ({{question}} is literal: one pair of braces)" if "{{question}}" in user else ""
        doubled = doubled or "".join(f" (it has {{{name}}})" for name in sorted(places(user))[:1])
        raise UsageError(f"its user turn never asks: it has no {{question}}{doubled}")
    wording = Wording(
        user=user,
        system=_text(fields, "system", "").strip("\n"),
        prefill=_text(fields, "prefill", plain.prefill),
        reply=_text(fields, "reply", plain.reply),
    )
    if unknown_in := [name for name in places(wording.reply) if name not in ("solution", "answer")]:
        raise UsageError(f"reply: {{{unknown_in[0]}}} stands for nothing: a reply has {{solution}} and {{answer}}")
    return Wording(
        user=wording.user,
        system=wording.system,
        prefill=wording.prefill,
        reply=wording.reply,
        examples=_examples(wording, fields.get("examples", [])),
    )


def _examples(wording: Wording, value: Any) -> tuple[Shot, ...]:
    if not isinstance(value, list):
        raise UsageError(f"examples must be a list of mappings with question and reply, not {value!r:.60}")
    return tuple(_example(wording, fields, number) for number, fields in enumerate(value, start=1))


def _example(wording: Wording, fields: Any, number: int) -> Shot:
    """One example: `reply` is what is answered, all else fills the user turn."""
    if not isinstance(fields, Mapping):
        raise UsageError(f"example {number} must be a mapping with question and reply, not {fields!r:.60}")
    said = {str(key): str(value) if isinstance(value, int | float) else value for key, value in fields.items()}
    for key in ("question", "answer" if "answer" in said and "reply" not in said else "reply"):
        if not isinstance(said.get(key), str) or not said[key].strip():
            raise UsageError(f"example {number} needs a {key}, in text" + (", or an answer" if key == "reply" else ""))
        _require_text(f"the {key} of example {number}", said[key])
    choices = fields.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(one, str | int | float) for one in choices):
        raise UsageError(f"the choices of example {number} must be a list of texts, not {choices!r:.60}")
    row = {key: value for key, value in said.items() if key not in ("reply", "choices", "answer", "solution")}
    problem = Problem(id="", question=said["question"], choices=tuple(map(str, choices)), row=row)
    try:
        asked = put(wording, problem)
    except ValueError as error:
        raise UsageError(f"example {number}: {error}") from None
    reply = said["reply"] if "reply" in said else answered(wording, str(said.get("solution", "")), said["answer"])
    return Shot(asked.user, reply, problem.question)


def _text(fields: Mapping[Any, Any], key: str, usual: str) -> str:
    value = fields.get(key, usual)
    if isinstance(value, int | float) and not isinstance(value, bool) and key == "name":
        value = str(value)
    if not isinstance(value, str):
        raise UsageError(f"{key} must be text, not {value!r:.60}{quotes(value)}")
    _require_text(key, value)
    return value


def _require_text(what: str, value: str) -> None:
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise UsageError(f"{what} is no text that can be written")
