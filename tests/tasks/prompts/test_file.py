"""Wordings in YAML files."""

from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.task import Shot
from hexcli.tasks.prompts.file import read_wording

TEXT = r"""
system: Be brief.
user: |
  {question}
  {choices}
  Use \boxed{} or {{question}}.
prefill: "So "
examples:
  - {question: "1 + 1?", choices: [2, 3], reply: "So A."}
"""


def written(folder: Path, text: str, name: str = "terse.yaml") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_a_file_says_all_of_a_wording(tmp_path: Path) -> None:
    name, wording = read_wording(written(tmp_path, TEXT))
    assert (name, wording.system, wording.prefill) == ("terse", "Be brief.", "So ")
    assert wording.user == "{question}\n{choices}\nUse \\boxed{} or {{question}}."
    assert wording.examples == (Shot("1 + 1?\nA. 2\nB. 3\nUse \\boxed{} or {question}.", "So A.", "1 + 1?"),)
    assert read_wording(written(tmp_path, "name: n\nuser: '{question}'"))[0] == "n"


def test_an_example_may_say_its_answer_only(tmp_path: Path) -> None:
    examples = "examples: [{question: a, answer: 4, solution: b.}]"
    text = "user: '{question}'\nreply: '{solution} So \\boxed{{answer}}'\n" + examples
    ((_, reply, _),) = read_wording(written(tmp_path, text))[1].examples
    assert reply == "b. So \\boxed{4}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("user: [", "not YAML"),
        ("- 1", "is not a prompt: it must be a mapping of fields"),
        ("usr: x", "unknown key 'usr': did you mean 'user'?"),
        ("text: '{question}'", "unknown key 'text': did you mean 'user'?"),
        ("system-prompt: x", "unknown key 'system-prompt': did you mean 'system'?"),
        ("prefill: x", "it needs user: what to ask, with {question} in it"),
        ("user: Answer.", "its user turn never asks: it has no {question}"),
        ("user: '{{question}}'", "({{question}} is literal: one pair of braces)"),
        ("user: 7", "user must be text, not 7"),
        ("user: {question}", "user must be text, not {'question': None}: put it in quotes"),
        ("user: '{question}'\nprefill: [x]", "prefill must be text, not ['x']"),
        ("user: '{question}'\nname: 'a b'", "a prompt's name is letters, digits"),
        ("user: '{question}'\nname: '+4shot'", "a prompt's name is letters, digits"),
        ("user: '{question}'\nexamples: x", "examples must be a list of mappings"),
        ("user: '{question}'\nexamples: [x]", "example 1 must be a mapping"),
        ("user: '{question}'\nexamples: [{question: a}]", "example 1 needs a reply"),
        (
            "user: '{question} {topic}'\nexamples: [{question: a, reply: b}]",
            "example 1: the prompt's {topic} is no field",
        ),
        ("user: '{question}'\nexamples: [{question: a, reply: b, choices: {}}]", "choices of example 1 must be a list"),
        ('user: "{question}\\0"', "user is no text that can be written"),
    ],
)
def test_what_is_wrong_in_one_is_said_in_a_line(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_wording(path)
    assert says in str(caught.value)
    assert str(caught.value).startswith(path)
    assert "\n" not in str(caught.value)
