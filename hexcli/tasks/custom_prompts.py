"""The wordings of a custom task: its own, and those of `prompts` in its YAML file.

prompts:
  short: "{question} Only the number."            # a text: what to ask
  tagged: {user: "{question}", prefill: "<reasoning>", reply: "<reasoning>{solution}</reasoning> {answer}"}
"""

import difflib
from collections.abc import Mapping
from typing import Any

from hexcli.errors import UsageError
from hexcli.task import Wording
from hexcli.tasks.prompts.file import checked_name, make_wording
from hexcli.tasks.prompts.template import places
from hexcli.voter import DEFAULT
from hexcli.yaml_file import quotes

SHOWN = ("question", "choices")  # what a prompt has of the problem; all else is of the row


def wordings_of(value: Any, usual: Wording, fields: Mapping[str, str]) -> dict[str, Wording]:
    """All wordings by name, the usual one first. Raises UsageError naming the one that is wrong."""
    if not isinstance(value, Mapping):
        raise UsageError(f"prompts must be a mapping of names to texts, or to user, prefill, ..., not {value!r:.60}")
    found = {DEFAULT: usual}
    for key, said in value.items():
        name = checked_name(str(key))
        if name == DEFAULT:
            raise UsageError(f"prompts: '{DEFAULT}' is what the task's own prompt is called: give it another name")
        if not isinstance(said, str | Mapping):
            raise UsageError(
                f"prompts: {name} must be text, or a mapping of user, system, prefill, ..., not {said!r:.60}"
            )
        try:
            if "user" not in said and (hint := quotes(said)):
                raise UsageError(f"it must be text, not {said!r:.60}{hint}")
            found[name] = make_wording({"user": said} if isinstance(said, str) else said)
            check_prompt(found[name].user, fields, leaks=True)
        except UsageError as error:
            raise UsageError(f"prompts: {name}: {error}") from None
    return found


def check_prompt(ask: str, fields: Mapping[str, str], *, leaks: bool) -> None:
    """Raises UsageError where a prompt leaves out what must be in it, or shows what must not (`leaks`)."""
    named = places(ask)
    if "question" not in named:
        doubled = " ({{question}} is literal: one pair of braces)" if "{{question}}" in ask else ""
        if near := difflib.get_close_matches("question", named, n=1, cutoff=0.75):
            raise UsageError(f"its prompt never asks: it has {{{near[0]}}}: did you mean {{question}}?")
        doubled = doubled or "".join(f" (it has {{{name}}})" for name in sorted(named)[:1])
        raise UsageError(f"its prompt never asks: it has no {{question}}{doubled}")
    if "choices" in fields and "choices" not in named:
        raise UsageError("its prompt never shows the options: it has no {choices}")
    answer = fields.get("answer")
    shown = [name for name in named if name not in SHOWN and fields.get(name, name) == answer]
    if leaks and answer is not None and shown:
        raise UsageError(f"its prompt would show the right answer: {{{shown[0]}}}")


def hidden_in(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The names under which a row tells the right answer."""
    return ("answer", fields["answer"]) if "answer" in fields else ()
