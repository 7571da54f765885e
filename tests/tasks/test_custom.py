"""Tasks of one's own, in YAML."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from hexcli.errors import UsageError
from hexcli.records import Problem
from hexcli.task import Task
from hexcli.tasks.custom import EXTRACTS, GRADES, KEYS, make_task
from hexcli.tasks.custom_fields import FIELDS as ROLES
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.registry import get_task

ROOT = Path(__file__).parents[2]
DEFINITION: dict[str, Any] = {
    "data": "fruit.jsonl",
    "fields": {"question": "text", "answer": "solution", "choices": "options", "id": "uid", "category": "kind"},
    "prompt": "Pick fruit.\n{question}\n{choices}\nUse \\boxed{}.",
    "extract": "letter",
}
ROW = {"text": "Yellow?", "solution": 1, "options": ["plum", "banana"], "uid": 7, "kind": "colour"}


def write(folder: Path, row: dict[str, Any] = ROW, **changes: Any) -> str:
    """A task file with one row; a change to None leaves a key out."""
    definition = {key: value for key, value in {**DEFINITION, **changes}.items() if value is not None}
    (folder / "fruit.yaml").write_text(yaml.safe_dump(definition))
    (folder / "fruit.jsonl").write_text(json.dumps(row))
    return str(folder / "fruit.yaml")


def only(task: Task) -> Problem:
    (problem,) = load_problems(task, None).problems
    return problem


def test_a_task_from_its_file(tmp_path: Path) -> None:
    task = get_task(write(tmp_path))
    problem = only(task)
    assert task.name == "fruit"
    assert problem == Problem(id="7", question="Yellow?", target="B", choices=("plum", "banana"), category="colour")
    assert task.prompt(problem) == ("Pick fruit.\nYellow?\nA. plum\nB. banana\nUse \\boxed{}.", "")
    assert task.extract("\\boxed{banana}", problem) == "B"
    assert task.extract("it is yellow", problem) is None
    assert task.grade("B", "B") and not task.grade("A", "B")


def test_braces_in_questions_are_left_alone(tmp_path: Path) -> None:
    problem = only(get_task(write(tmp_path, {**ROW, "text": "{choices} and {0} of \\frac{1}{2}"})))
    assert get_task(write(tmp_path)).prompt(problem).user.splitlines()[1] == "{choices} and {0} of \\frac{1}{2}"


@pytest.mark.parametrize("solution", [1, "B", "b", "(B)", "banana", "Banana."])
def test_the_answer_of_a_question_with_options(tmp_path: Path, solution: object) -> None:
    assert only(get_task(write(tmp_path, {**ROW, "solution": solution}))).target == "B"


@pytest.mark.parametrize(
    ("kind", "more", "text", "answer", "solution", "target"),
    [
        ("number", {}, "so \\boxed{1,800}", "1800", "$1800", "1800"),
        ("letter", {}, "<answer>(c)</answer>", "C", "C", "C"),
        ("math", {}, "\\boxed{\\dfrac12}", "\\frac{1}{2}", "0.5", "0.5"),
        ("text", {}, "<answer>two  words</answer>", "two words", "two words", "two words"),
        ("text", {"grade": "number"}, "\\boxed{7 pens}", "7", 7.0, "7"),
        ("regex", {"pattern": r"Answer: (\w+)"}, "Answer: x, no, Answer: y<|eot_id|>Answer: z", "y", "y", "y"),
        ("regex", {"pattern": r"\d+", "grade": "number"}, "from 3 to 1004", "1004", 1004, "1004"),
        ("regex", {"pattern": r"is (\d)?", "grade": "number"}, "it is ", None, 3, "3"),
    ],
)
def test_kinds_of_extraction_and_grading(
    tmp_path: Path, kind: str, more: dict[str, str], text: str, answer: str | None, solution: object, target: str
) -> None:
    fields = {"question": "text", "answer": "solution"}
    changes = {"fields": fields, "prompt": None, "extract": kind, **more}
    task = get_task(write(tmp_path, {"text": "?", "solution": solution}, **changes))
    problem = only(task)
    assert (problem.id, problem.target) == ("fruit-0001", target)
    assert task.extract(text, problem) == answer
    assert answer is None or task.grade(answer, target)
    assert task.prompt(problem).user == "?"


def test_without_answers_there_is_nothing_to_score_by_but_votes_count(tmp_path: Path) -> None:
    task = get_task(write(tmp_path, fields={"question": "text"}, extract="number", prompt=None))
    assert only(task).target is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"promt": "x"}, "unknown key 'promt': did you mean 'prompt'?"),
        ({"extract": "leter"}, "unknown extract 'leter': did you mean 'letter'?"),
        ({"grade": "exactly"}, "unknown grade 'exactly': did you mean 'exact'?"),
        ({"fields": {"question": "q", "anwser": "a"}}, "unknown field 'anwser': did you mean 'answer'?"),
        ({"extract": None}, "it needs extract: number, letter, math, text, regex"),
        ({"data": None}, "it needs its data"),
        ({"fields": "question"}, "it needs fields: a mapping of question, answer"),
        ({"fields": {"answer": "a"}}, "its fields need a question"),
        ({"fields": {"question": 3}}, "field question must be the name of a field in its rows, not 3"),
        ({"prompt": "Solve this. {quesion}"}, "never asks: it has {quesion}: did you mean {question}?"),
        ({"prompt": "{question}"}, "its prompt never shows the options: it has no {choices}"),
        ({"prompt": "{{question}} {choices}"}, "it has no {question} ({{question}} is literal: one pair of braces)"),
        ({"prompt": "{question} {choices} {solution}"}, "its prompt would show the right answer: {solution}"),
        ({"prompt": "{question} {choices} {answer}"}, "its prompt would show the right answer: {answer}"),
        ({"prompt": 7}, "prompt must be text, not 7"),
        ({"prompt": {"question": None}}, "prompt must be text, not {'question': None}: put it in quotes"),
        (
            {"prompts": {"short": {"question": None}}},
            "short: it must be text, not {'question': None}: put it in quotes",
        ),
        ({"extract": "regex"}, "extract: regex needs a pattern"),
        ({"extract": "regex", "pattern": "("}, "pattern is no regular expression"),
        ({"pattern": "x"}, "extract: letter takes no pattern"),
        ({"name": "gsm8k"}, "there is a task 'gsm8k' already"),
        ({"name": "../up"}, "name must be letters"),
    ],
)
def test_what_is_wrong_with_a_task_is_said_in_one_line(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    path = write(tmp_path, **changes)
    with pytest.raises(UsageError) as caught:
        get_task(path)
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": [3]}, "row 1: field 'text' must be text"),
        ({"solution": "cherry"}, "row 1: field 'solution' is no answer to grade by: 'cherry'"),
        ({"solution": 2}, "row 1: field 'solution' is no answer to grade by: 2"),
        ({"options": "plum"}, "row 1: field 'options' must be a list of options, in JSON or parted by |"),
        ({"options": ["x"] * 27}, "row 1: field 'options' has 27 options; there are 26 letters"),
        ({"kind": ["x"]}, "row 1: field 'kind' must be text"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_in_one_line(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=r"fruit\.jsonl, ") as caught:
        only(get_task(write(tmp_path, {**ROW, **change})))
    assert says in str(caught.value)


def test_a_prompt_shows_fields_of_the_row(tmp_path: Path) -> None:
    path = write(
        tmp_path, {**ROW, "topic": "birds"}, prompt="{topic} ({category}, {{x}}, \\boxed{x}): {question}{choices}"
    )
    problem = only(get_task(path))
    assert get_task(path).prompt(problem).user == "birds (colour, {x}, \\boxed{x}): Yellow?A. plum\nB. banana"
    assert problem == only(get_task(write(tmp_path)))  # what is asked besides makes no other problem


def test_a_name_that_is_no_field_is_an_error_that_names_the_fields(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        only(get_task(write(tmp_path, prompt="{topic} {question} {choices}")))
    assert "fruit.jsonl, row 1: the prompt's {topic} is no field of its rows: " in str(caught.value)
    assert "they have text, solution, options, uid, kind" in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "solution", "target"),
    [
        ("math", "Adding gives $1+1=\\boxed{2}$.", "2"),
        ("math", "First \\boxed{1}, then \\boxed{\\frac12}.", "\\frac{1}{2}"),
        ("math", "$x = 3$ or $x = 5$", "x=3, x=5"),
        ("math", "all real numbers except 2", "all real numbers except 2"),
        ("number", "She has 3 + 4 = 7, so \\boxed{7}.", "7"),
        ("number", "She has 3 and then 4.\n#### 7", "7"),
        ("letter", "Since it is yellow, the answer is C.", "C"),
        ("letter", "So \\boxed{B}", "B"),
        ("text", "so \\boxed{two words}", "two words"),
    ],
)
def test_targets_that_are_solutions(tmp_path: Path, kind: str, solution: str, target: str) -> None:
    fields = {"question": "text", "answer": "solution"}
    task = get_task(write(tmp_path, {"text": "?", "solution": solution}, fields=fields, prompt=None, extract=kind))
    found = only(task).target
    assert found is not None and task.grade(target, found)


@pytest.mark.parametrize(
    ("kind", "solution", "says"),
    [
        ("math", "Adding the two gives 2.", "(a solution must box its answer: \\boxed{...})"),
        ("math", "We add. That is two.", "is no answer to grade by: 'We add. That is two.' (a solution"),
        (
            "math",
            "First we note that the sum of all the numbers is the product, and so on " * 3,
            "... (a solution must",
        ),
        ("number", "She has 3 and 4.", "(it must name one number, box it"),
        ("letter", "It is yellow.", "(it must be a letter, an option"),
        ("text", ["a"], "(it must be text or a number)"),
    ],
)
def test_targets_that_cannot_be_read_do_not_load(tmp_path: Path, kind: str, solution: object, says: str) -> None:
    fields = {"question": "text", "answer": "solution"}
    rows = [{"text": "?", "solution": "\\boxed{2}" if kind != "letter" else "B"}, {"text": "!", "solution": solution}]
    path = write(tmp_path, fields=fields, prompt=None, extract=kind)
    (tmp_path / "fruit.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(UsageError) as caught:
        load_problems(get_task(path), None)
    assert "fruit.jsonl, row 2: field 'solution' is no answer to grade by: " in str(caught.value)
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_a_row_without_a_field_that_was_named(tmp_path: Path) -> None:
    row = {name: value for name, value in ROW.items() if name != "kind"}
    with pytest.raises(UsageError, match=r"row 1: no field 'kind' \(it has: text, solution, options, uid\)"):
        only(get_task(write(tmp_path, row)))


@pytest.mark.parametrize("content", ["- 1", "3", "", "a: [", "\0"])
def test_files_that_are_no_task(tmp_path: Path, content: str) -> None:
    (tmp_path / "task.yaml").write_text(content)
    with pytest.raises(UsageError, match=r"task\.yaml"):
        get_task(str(tmp_path / "task.yaml"))
    with pytest.raises(UsageError, match="cannot read"):
        get_task(str(tmp_path / "nowhere.yml"))


def test_what_a_run_folder_keeps_is_enough_to_read_answers(tmp_path: Path) -> None:
    task = get_task(write(tmp_path))
    kept = make_task(json.loads(json.dumps(task.definition)))
    problem = only(task)
    assert (kept.name, kept.prompt(problem)) == (task.name, task.prompt(problem))
    assert kept.extract("\\boxed{B}", problem) == "B"
    assert "data" not in kept.definition
    assert kept.definition == task.definition
    with pytest.raises(UsageError, match="no problems without its data"):
        load_problems(kept, None)


@pytest.mark.parametrize("missing", ["name", "fields", "extract"])
def test_what_a_run_folder_keeps_may_be_damaged_but_not_outdated(tmp_path: Path, missing: str) -> None:
    kept = dict(get_task(write(tmp_path)).definition)
    assert make_task({**kept, "name": "gsm8k"}).name == "gsm8k", "a version that has a task of this name reads it, too"
    del kept[missing]
    with pytest.raises(UsageError, match=missing):
        make_task(kept)


def test_every_key_is_in_the_documentation() -> None:
    import hexcli.tasks.custom

    text = hexcli.tasks.custom.__doc__ or ""
    for word in (*KEYS, *ROLES):
        assert f"{word}:" in text, word
    for word in (*EXTRACTS, *GRADES):
        assert word in text, word


def test_the_example_loads() -> None:
    task = get_task(str(ROOT / "recipes" / "custom" / "market.yaml"))
    problems = load_problems(task, None).problems
    assert len(problems) == 12
    assert {problem.category for problem in problems} == {"change", "money", "boxes", "compare"}
    assert all(problem.target for problem in problems)


def test_rows_that_are_not_there_are_looked_for_by_the_task_file_that_names_them(tmp_path: Path) -> None:
    name = write(tmp_path, data="nothere.jsonl")
    (tmp_path / "quote.jsonl").write_text("{}")
    with pytest.raises(UsageError) as refused:
        load_problems(get_task(name), None)
    looked = tmp_path / "nothere.jsonl"
    assert (
        str(refused.value) == f"{name}: its data, {looked}, is no file (data starts at the folder of {Path(name).name})"
    )
    looked.write_text(json.dumps(ROW))
    assert only(get_task(name)).question


def test_fields_that_are_left_out_are_told_by_the_names_in_the_rows(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("Frage,Antwort,id\n1+1?,2,\n2+2?,4,\n")
    path = tmp_path / "mine.yaml"
    path.write_text("data: rows.csv\nextract: number\n")
    task = get_task(str(path))
    assert task.definition["fields"] == {"question": "Frage", "answer": "Antwort"}
    assert [problem.target for problem in load_problems(task, None).problems] == ["2", "4"]
    path.write_text("data: rows.csv\nextract: number\nfields: {question: Frage}\n")
    assert get_task(str(path)).definition["fields"] == {"question": "Frage"}
    path.write_text("data: none.csv\nextract: number\n")
    with pytest.raises(UsageError, match=r"mine.yaml: its data, .*none.csv, is no file"):
        get_task(str(path))
