"""A wording and a problem make a prompt; the built-in ones ask as they always did."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.records import Problem
from hexcli.task import Shot, Wording
from hexcli.tasks.prompts.template import places
from hexcli.tasks.prompts.wording import examples_for, put
from hexcli.tasks.reasoning import letter_exists
from hexcli.tasks.registry import TASKS, get_task

ASKED = [name for name in TASKS if name != "prompt"]
QUESTION = Problem(id="q", question="How many {legs} has \\frac{a}{b} of {question}?", choices=("four", "{choices}"))
PLAIN = Problem(id="q", question=QUESTION.question)
BEFORE = {
    "gsm8k": "8e3717b70026eff6",
    "math": "305e34fed23a0d63",
    "countdown": "45c3aaa3f1b633c9",
    "sudoku": "d47655ecec284f49",
    "arc": "d6f8d7e43fa01e5d",
    "truthfulqa": "66c65a5473b7f09a",
    "mmlu": "855ec2b52ef90e81",
    "hellaswag": "1d9f262206ba2a3e",
    "sums": "048306b0ca9ad7e9",
    "choices": "9a5d2cbddb213b2a",
}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.mark.parametrize("name", ASKED)
def test_every_task_has_three_wordings_and_its_own_is_the_first(name: str) -> None:
    task = get_task(name)
    assert {"reasoning", "plain", "answer"} == set(task.prompts)
    embedded = name.startswith(("sums", "choices"))
    assert task.usual == ("plain" if embedded else "reasoning")
    assert task.prompt(QUESTION) == put(task.prompts[task.usual], QUESTION)
    asked = {put(one, QUESTION).user for one in task.prompts.values()}
    assert len(asked) == 3
    assert all(QUESTION.question in one for one in asked), "the question is put in once, and left as it is"


@pytest.mark.parametrize("name", list(BEFORE))
def test_what_was_asked_before_there_were_wordings_is_asked_still(name: str) -> None:
    """So that every key that is in a cache is found again. The digests are of the code before."""
    lettered = get_task(name).check is letter_exists or name == "choices"
    problem = Problem(id="q", question="Which {x} of \\frac{a}{b}?", choices=("1", "{question}", "3", "4") * lettered)
    assert hashlib.sha256("\0".join(get_task(name).prompt(problem)).encode()).hexdigest()[:16] == BEFORE[name]


def test_a_prompt_shows_fields_of_the_row_and_never_the_answer() -> None:
    problem = Problem(id="q", question="Why?", category="birds", row={"topic": "wings", "year": 7, "answer": "so"})
    assert put(Wording(user="{topic} {year} {category}: {question}"), problem).user == "wings 7 birds: Why?"
    with pytest.raises(
        ValueError, match=r"\{tpic\} is no field of its rows: did you mean \{topic\}\? they have topic, year"
    ):
        put(Wording(user="{tpic} {question}"), problem, ("answer",))
    with pytest.raises(ValueError, match=r"would show the right answer: \{answer\}"):
        put(Wording(user="{answer} {question}"), problem, ("answer",))


@given(texts, texts)
def test_what_stands_around_the_question_stays(before: str, after: str) -> None:
    argument = re.search(r"\\[A-Za-z]+ ?$", before)  # of a LaTeX command: stays as it is
    if (
        not places(before + after)
        and not argument
        and not set("{}\\") & {*before[-1:], *after[:1]}
        and "{{" not in before + after
    ):
        asked = put(Wording(user=f"{before}{{question}}{after}"), PLAIN)
        assert asked.user == f"{before}{PLAIN.question}{after}"


def test_a_problem_is_not_among_its_own_examples() -> None:
    shots = tuple(Shot(f"ask {n}", f"say {n}", f"Question {n}?") for n in range(4))
    wording = Wording(examples=shots, shown=3)
    assert examples_for(wording, Problem(id="x", question="Other?")) == [(f"ask {n}", f"say {n}") for n in range(3)]
    itself = examples_for(wording, Problem(id="x", question=" question  1? "))
    assert itself == [("ask 0", "say 0"), ("ask 2", "say 2"), ("ask 3", "say 3")]
