"""Right answers that are numbers of options: the first is 0 or 1, or it has to be said."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.records import Problem
from hexcli.tasks.custom import make_task
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.registry import get_task
from hexcli.yaml_file import yaml_text

OPTIONS = ["red", "blue", "green", "pink"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(answers: Sequence[object], name: str = "quiz") -> None:
    rows = [{"question": f"Which is {i}?", "choices": OPTIONS, "answer": one} for i, one in enumerate(answers)]
    Path(f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = [",".join([f"Which is {i}?", *OPTIONS, str(one)]) for i, one in enumerate(answers)]
    Path(f"{name}.csv").write_text("\n".join(["question,A,B,C,D,answer", *lines]) + "\n")


def problems(name: str) -> Sequence[Problem]:
    return load_problems(get_task(name), None).problems


def targets(name: str) -> str:
    return "".join(str(problem.target) for problem in problems(name))


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
@pytest.mark.parametrize(
    ("answers", "said", "found"),
    [
        ((0, 2, 1), "", "ACB"),
        ((3, 2, 4, 1), "", "CBDA"),
        ((3, 2, 1), ":first=1", "CBA"),
        ((3, 2, 1), ":first=0", "DCB"),
        ("CBA", "", "CBA"),
    ],
)
def test_the_rows_tell_the_first_number_or_it_is_said(
    ending: str, answers: Sequence[object], said: str, found: str
) -> None:
    written(answers)
    name = f"quiz.{ending}{said}"
    assert targets(name) == found
    if isinstance(answers[0], int):
        assert f"places, counted from {1 if found in ('CBDA', 'CBA') else 0}" in get_task(name).summary


def test_where_no_row_tells_nothing_is_graded() -> None:
    written((3, 2, 1))
    said = (
        "'answer' are numbers of options, and no row tells whether the first is 0 or 1: say --data \"quiz.csv:first=1\""
    )
    with pytest.raises(UsageError, match=said):
        get_task("quiz.csv")


def test_a_task_file_says_it_and_a_run_folder_keeps_it() -> None:
    written((3, 2, 1))
    Path("quiz.yaml").write_text("data: quiz.jsonl\nextract: letter\nfirst: 1\n")
    task = get_task("quiz.yaml")
    assert targets("quiz.yaml") == "CBA"
    assert make_task(task.definition).target(3, problems("quiz.yaml")[0]) == "C"
    written((3, 2, 4), "one")
    Path("again.yaml").write_text(yaml_text({"data": "one.csv", **get_task("one.csv").definition, "name": "again"}))
    assert targets("again.yaml") == "CBD"
    written((0, 2))
    assert "first" not in get_task("quiz.csv").definition, "runs of before have the same definition"


@pytest.mark.parametrize(
    ("answers", "name", "said"),
    [
        (
            (0, 4),
            "quiz.csv",
            "row 2: field 'answer' is no answer to grade by: 4 .*counted from 0; first: 1 counts from 1",
        ),
        ((5, 1), "quiz.csv:first=1", "row 1: field 'answer' is no answer to grade by: 5 .places are counted from 1"),
        ((0, 1), "quiz.csv:first=1", "row 1: field 'answer' is no answer to grade by: 0 .places are counted from 1"),
        (
            (3, 1),
            "quiz.csv:first=2",
            "first=2: it is 0 or 1, the number that the answers have for the first option, or none",
        ),
        ("CBA", "quiz.csv:first=1", "first=1 is of answers that are numbers of options, and here are none"),
        ((3, 1), "quiz.csv:first=1,extract=number", "first is of places among options, and grade is number"),
    ],
)
def test_what_does_not_fit_is_refused(answers: Sequence[object], name: str, said: str) -> None:
    written(answers)
    with pytest.raises(UsageError, match=said):
        problems(name)


def test_first_in_a_task_file_is_0_or_1() -> None:
    written((3, 2, 1))
    Path("quiz.yaml").write_text("data: quiz.jsonl\nextract: letter\nfirst: yes\n")
    with pytest.raises(UsageError, match="first is 0 or 1, the number that the answers have for the first option"):
        get_task("quiz.yaml")


def numeric(options: Sequence[Sequence[object]], answers: Sequence[object]) -> None:
    found = [(i, own, gold) for i, (own, gold) in enumerate(zip(options, answers, strict=True))]
    rows = [{"question": f"Which is {i}?", "choices": own, "answer": gold} for i, own, gold in found]
    Path("quiz.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = [",".join(map(str, [f"Which is {i}?", *own, gold])) for i, own, gold in found]
    Path("quiz.csv").write_text("\n".join(["question,A,B,C,answer", *lines]) + "\n")
    lines = [f"Which is {i}?,{'|'.join(map(str, own))},{gold}" for i, own, gold in found]
    Path("cells.csv").write_text("\n".join(["question,choices,answer", *lines]) + "\n")


@pytest.mark.parametrize("name", ["quiz.csv", "quiz.jsonl", "cells.csv"])
@pytest.mark.parametrize(
    ("options", "answers", "found"),
    [
        (((15, 17, 19), (19, 17, 12)), (17, 19), "BA"),
        ((("5", "7", "9"), ("1", "2", "3")), ("7", "2"), "BB"),  # one that can be no place tells of all
        (((0, 3, 6), (0, 3, 6)), (0, 3), "AB"),  # from 0 there is no 3, from 1 no 0
        (((1, 2.5, 3), (2, 4, 8)), (2.5, 2), "BA"),
    ],
)
def test_options_that_are_numbers_are_answers_where_not_all_can_be_places(
    name: str, options: Sequence[Sequence[object]], answers: Sequence[object], found: str
) -> None:
    numeric(options, answers)
    assert targets(name) == found
    Path("again.yaml").write_text(yaml_text({"data": name, **get_task(name).definition, "name": "again"}))
    assert targets("again.yaml") == found
    assert make_task(get_task(name).definition).target(str(answers[0]), problems(name)[0]) == found[0]


@pytest.mark.parametrize("name", ["quiz.csv", "quiz.jsonl", "cells.csv"])
def test_where_they_may_be_either_it_is_said(name: str) -> None:
    numeric(((3, 1, 2), (1, 2, 3)), (1, 2))
    ways = f'say --data "{name}:first=1" .or first=0. if it is a place, first=none if an option'
    with pytest.raises(UsageError, match=f"row 1: the answer 1 may be an option or the place of one: {ways}"):
        get_task(name)
    for said, found in (("none", "BB"), ("1", "AB"), ("0", "BC")):
        task = get_task(f"{name}:first={said}")
        assert targets(f"{name}:first={said}") == found
        Path("again.yaml").write_text(yaml_text({"data": name, **task.definition, "name": "again"}))
        assert targets("again.yaml") == found
    fields = "fields: {question: question, answer: answer, choices: [A, B, C]}\n" * (name == "quiz.csv")
    Path("mine.yaml").write_text(f"data: {name}\n{fields}extract: letter\nfirst: none\n")
    assert targets("mine.yaml") == "BB"


def test_answers_that_are_neither_all_options_nor_all_places_are_told_apart() -> None:
    numeric(((5, 7, 9), (5, 7, 9)), (7, 8))
    with pytest.raises(UsageError, match="row 2: the answer 8 is none of its options, as others are"):
        get_task("quiz.csv")
    numeric(((1, 2, 3), (5, 7, 9)), (2, 3))
    with pytest.raises(UsageError, match=r'row 1: .*: say --data "quiz.csv:first=1" .or first=0. if it is a place$'):
        get_task("quiz.csv")
    assert targets("quiz.csv:first=1") == "BC"
    with pytest.raises(UsageError, match="row 2: the answer 3 is none of its options"):
        get_task("quiz.csv:first=none")
    written("CBA")
    with pytest.raises(UsageError, match="first=none is of answers that are numbers"):
        get_task("quiz.csv:first=none")
