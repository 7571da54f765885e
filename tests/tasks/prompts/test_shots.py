"""Examples before the question: which, from where, and how they are answered."""

import dataclasses
import json
from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.records import Problem
from hexcli.task import Wording, plain_solution
from hexcli.tasks.countdown import COUNTDOWN, grade, solution
from hexcli.tasks.embedded.choices import CHOICES
from hexcli.tasks.embedded.stories import numbers_in, split_of
from hexcli.tasks.embedded.sums import SUMS
from hexcli.tasks.gsm8k import GSM8K
from hexcli.tasks.math500 import MATH500
from hexcli.tasks.prompts.choosing import choose_wordings
from hexcli.tasks.prompts.file import make_wording
from hexcli.tasks.prompts.shots import Asked, drawn, with_shots
from hexcli.tasks.prompts.wording import put
from hexcli.tasks.registry import TASKS, get_task
from hexcli.tasks.sudoku import SUDOKU

ROWS = [
    {"question": f"What is {n} + 1?", "answer": f"{n} + 1 = <<{n}+1={n + 1}>>{n + 1}\n#### {n + 1}"} for n in range(6)
]


@pytest.fixture
def data(tmp_path: Path) -> str:
    path = tmp_path / "train.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*ROWS, ROWS[0]][:6]))
    return str(path)


@pytest.mark.parametrize("task", [SUMS, CHOICES], ids=["sums", "choices"])
def test_examples_of_the_embedded_tasks_are_of_the_training_split(task: type(SUMS)) -> None:  # type: ignore[valid-type]
    found = drawn(task, Asked(count=4))
    assert len(found) == 5, "one more, for the problem that is an example itself"
    assert found == drawn(task, Asked(count=4)) != drawn(task, Asked(count=4, seed=1))
    tested = {problem.question for problem in task.load()}
    assert not tested & {problem.question for problem in task.train()}
    for problem in found:
        solution, answer = task.solved(problem)
        assert answer == problem.target
        assert solution


def test_an_example_is_answered_in_the_form_that_is_read() -> None:
    """Of every task that has wordings: the reply of an example, behind its prefill, is read as its answer."""
    solved = {
        "countdown": Problem(id="c", question="Numbers: [44, 19, 35]\nTarget: 98", target="19 35 44 = 98"),
        "sudoku": Problem(id="s", question="Solve: 4320004330100004\n", target="4320004330100004 4321124334122134"),
        "letters": Problem(id="l", question="Which?", choices=("a", "b", "c"), target="B"),
        "numbers": Problem(id="n", question="How many?", target="18", row={"answer": "9 + 9 = <<9+9=18>>18\n#### 18"}),
        "math": Problem(
            id="m", question="Solve.", target="\\frac{1}{2}", row={"solution": "So \\boxed{\\frac{1}{2}}."}
        ),
    }
    kinds = {"gsm8k": "numbers", "sums": "numbers", "math": "math", "countdown": "countdown", "sudoku": "sudoku"}
    for name in TASKS:
        if name == "prompt":
            continue
        task, problem = get_task(name), solved[kinds.get(name.partition("-")[0], "letters")]
        for called, wording in task.prompts.items():
            ((_, reply, _),) = with_shots(wording, task, [problem], None).examples
            assert reply.startswith(wording.prefill)
            answer = task.extract(reply.removeprefix(wording.prefill), problem)
            assert answer is not None, (name, called, reply)
            assert task.grade(answer, problem.target or ""), (name, called, reply)


def test_a_file_gives_all_its_rows_or_so_many(data: str) -> None:
    assert len(drawn(GSM8K, Asked(data=data))) == 6
    assert [one.question for one in drawn(GSM8K, Asked(data=data, count=2, seed=3))] == [
        one.question for one in drawn(GSM8K, Asked(data=data, count=2, seed=3))
    ]
    (wording,) = choose_wordings(GSM8K, ["plain"], Asked(data=data, count=6)).values()
    assert wording is not None and wording.shown == 6 and len(wording.examples) == 6
    shot = next(one for one in wording.examples if "2 + 1" in one.question)
    assert shot.user == put(GSM8K.prompts["plain"], Problem(id="", question="What is 2 + 1?")).user
    assert shot.reply == "2 + 1 = 3\nThe answer is 3."


def test_examples_name_the_voter(data: str) -> None:
    assert list(choose_wordings(GSM8K, [], Asked())) == [""]
    assert list(choose_wordings(GSM8K, [], Asked(data=data))) == ["reasoning+6shot"]
    assert list(choose_wordings(GSM8K, ["plain", "answer"], Asked(data=data, count=2, seed=7))) == [
        "plain+2shot.7",
        "answer+2shot.7",
    ]


@pytest.mark.parametrize(
    ("task", "asked", "says"),
    [
        ("sums", Asked(count=513), "fewshot must be 1 to 64 examples"),
        ("sums", Asked(count=0), "fewshot must be 1 to 64 examples, not 0"),
        ("sums", Asked(seed=3), "fewshot_seed 3 has no effect without fewshot"),
        ("sums", Asked(data="x.jsonl"), "task 'sums' makes its own problems"),
        ("sudoku", Asked(count=2), "task 'sudoku' has no training split to draw examples from: give some by"),
        ("truthfulqa", Asked(count=2), "task 'truthfulqa' has no training split"),
        ("gsm8k", Asked(count=2, data="nowhere.jsonl"), "cannot read nowhere.jsonl"),
    ],
)
def test_what_cannot_be_had_is_said(task: str, asked: Asked, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        choose_wordings(get_task(task), [], asked)
    assert says in str(caught.value)


def test_more_than_there_are_is_said_with_how_many(data: str) -> None:
    with pytest.raises(UsageError, match=r"fewshot 7: .*train.jsonl has only 6 examples"):
        drawn(GSM8K, Asked(data=data, count=7))


def test_two_sources_of_examples_are_one_too_many(data: str, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("user: '{question}'\nexamples: [{question: a, reply: b}]")
    with pytest.raises(UsageError, match="prompt own: it has examples of its own: leave out --fewshot"):
        choose_wordings(GSM8K, [str(file)], Asked(data=data, count=1))


@pytest.mark.parametrize(
    ("prompts", "says"),
    [
        (["plane"], "unknown prompt 'plane' of task 'gsm8k': did you mean 'plain'?"),
        (["plain", "plain"], "two prompts are called plain"),
        (["reasoning", "reasoning"], "two prompts are called reasoning"),
        (["nowhere.yaml"], "cannot read nowhere.yaml"),
    ],
)
def test_prompts_that_are_none_are_named(prompts: list[str], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        choose_wordings(GSM8K, prompts, Asked())
    assert says in str(caught.value)


def test_a_file_may_not_be_called_as_the_tasks_own(tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text("user: '{question}'")
    with pytest.raises(UsageError, match="has a prompt 'plain' of its own"):
        choose_wordings(GSM8K, [str(tmp_path / "plain.yaml")], Asked())


def test_training_stories_keep_to_their_split() -> None:
    for problem in SUMS.train()[:50]:  # type: ignore[misc]
        without = numbers_in(problem.question)
        assert split_of(without) == "train" or any(
            split_of(tuple(sorted([*without[:n], *without[n + 1 :]]))) == "train" for n in range(len(without))
        ), "but for a number that has nothing to do with the question"


def test_countdown_is_solved_by_search() -> None:
    found = solution([44, 19, 35], 98)
    assert found is not None and grade(found, "19 35 44 = 98")
    assert grade(solution([3, 3, 8, 8], 24) or "", "3 3 8 8 = 24"), "8 / (3 - 8 / 3)"
    assert solution([1, 1], 5) is None
    assert COUNTDOWN.extract("So. The answer is (44 + 19) + 35 = 98.", Problem(id="", question="")) is not None


def test_a_solution_is_shown_without_what_its_calculator_was_asked() -> None:
    problem = Problem(id="n", question="?", target="3", row={"answer": "It is 1+2=<<1+2=3>>3.\n#### 3"})
    assert GSM8K.solved(problem) == ("It is 1+2=3.", "3")
    assert MATH500.solved(Problem(id="m", question="?", target="3", row={"solution": "So \\boxed{3}."})) == (
        "So \\boxed{3}.",
        "3",
    )
    assert SUDOKU.solved(Problem(id="s", question="?", target="0 1234341221434321"))[1] == "1234341221434321"
    assert with_shots(Wording(), GSM8K, [problem], None).examples[0].reply == "It is 1+2=3.\nThe answer is 3."


def test_a_reply_of_ones_own_that_shows_a_solution_needs_rows_that_have_one() -> None:
    rows = [Problem(id=str(n), question=f"{n} + 1?", target=str(n + 1), row={"steps": "so"}) for n in range(3)]
    own = Wording(user="{question}", reply="{solution} So {answer}")
    task = dataclasses.replace(get_task("sums"), solved=plain_solution)
    with pytest.raises(UsageError, match=r"the reply's \{solution\} is no field of its rows: they have steps"):
        with_shots(own, task, rows, None)
    assert with_shots(Wording(user="{question}"), task, rows, None).examples[0].reply == "The answer is 1."
    solved = [dataclasses.replace(one, row={"solution": "Add."}) for one in rows]
    assert with_shots(own, task, solved, None).examples[0].reply == "Add. So 1"


def test_a_reply_with_another_name_in_braces_is_refused() -> None:
    with pytest.raises(UsageError, match=r"reply: \{topic\} stands for nothing: a reply has \{solution\} and"):
        make_wording({"user": "{question}", "reply": "{topic} {answer}"})
    assert make_wording({"user": "{question}", "reply": r"{solution} \boxed{{answer}}"}).reply
