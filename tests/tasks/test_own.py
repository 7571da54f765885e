"""Rows of one's own as a task: what their columns are, and how their right answers are read."""

from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.tasks.columns import option_columns, roles
from hexcli.tasks.data.local import load_problems
from hexcli.tasks.data.rows import options_in
from hexcli.tasks.known_rows import published
from hexcli.tasks.registry import get_task


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("golds", "extract"),
    [
        (("21", "-3.5", "$1,200", "12 %", "7 apples"), "number"),
        (("3 + 4 = 7\n#### 7", "so \\boxed{8}"), "number"),
        (("A", "(b)", "C."), "letter"),
        (("\\frac{1}{2}", "x^2+1", "(3, 4)", "12"), "math"),
        (("Paris", "Room 12", "7"), "text"),
        (("yes", "no"), "text"),
    ],
)
def test_how_answers_are_read_is_told_by_all_of_them(golds: tuple[str, ...], extract: str) -> None:
    cells = "".join(f'q{place}?,"{gold}"\n' for place, gold in enumerate(golds))
    Path("mine.csv").write_text(f"question,answer\n{cells}")
    task = get_task("mine.csv")
    assert task.definition["extract"] == extract
    assert all(problem.target is not None for problem in load_problems(task, None).problems)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_columns_may_be_parted_by_any_usual_sign(sign: str) -> None:
    rows = [("Frage", "A", "B", "Antwort"), ("Was, bitte, ist rot?" if sign != "," else "Was?", "Blut", "Schnee", "A")]
    Path("mine.csv").write_text("".join(sign.join(row) + "\r\n" for row in rows), encoding="utf-8-sig")
    (problem,) = load_problems(get_task("mine.csv"), None).problems
    assert (problem.choices, problem.target) == (("Blut", "Schnee"), "A")


@pytest.mark.parametrize(
    ("value", "options"),
    [
        ("A) red|B) green", ["red", "green"]),
        ("['red', 'it is, in fact, green']", ["red", "it is, in fact, green"]),
        ("red; green, dark", ["red", "green, dark"]),
        ({"A": "red", "B": "green"}, ["red", "green"]),
        ([3, 4.5], ["3", "4.5"]),
        ("red", "red"),
        ({"x": "red"}, {"x": "red"}),
    ],
)
def test_options_are_found_however_they_are_written(value: object, options: object) -> None:
    assert options_in(value) == options


def test_what_names_do_not_tell_is_asked_for_with_the_line_that_says_it() -> None:
    Path("mine.csv").write_text("Foo,Bar\n1+1?,2\n")
    with pytest.raises(UsageError, match='say which is which: hex decode --data "mine'):
        get_task("mine.csv")
    assert get_task("mine.csv:question=Foo,answer=Bar").definition["fields"] == {"question": "Foo", "answer": "Bar"}
    with pytest.raises(ValueError, match="several of its columns may be the question: prompt, input"):
        roles(["prompt", "input"], {})
    assert roles(["question", "prompt", "Correct Answer"], {}) == {"question": "question", "answer": "Correct Answer"}
    assert option_columns(["question", "option_1", "option_2"]) == ["option_1", "option_2"]
    assert option_columns(["A", "C"]) == []


def test_a_number_that_may_be_an_option_or_its_place_is_refused() -> None:
    Path("mine.jsonl").write_text('{"question": "1+1?", "choices": ["1", "2", "3"], "answer": 2}\n')
    with pytest.raises(
        UsageError, match=r'row 1: the answer 2 may be an option or the place of one: say --data "mine.jsonl:first=1"'
    ):
        get_task("mine.jsonl")


def test_rows_of_a_benchmark_are_known_and_others_are_not_taken_for_them() -> None:
    Path("a.jsonl").write_text('{"question": "1+1?", "answer": "1+1=2 #### 2"}\n')
    Path("b.jsonl").write_text('{"problem": "Capital?", "answer": "Paris"}\n')
    assert (published("a.jsonl"), published("b.jsonl")) == ("gsm8k", None)


def test_a_file_that_is_called_as_a_task_is_none_of_its_runs() -> None:
    Path("gsm8k.csv").write_text("question,answer\n1+1?,2\n")
    assert get_task("gsm8k.csv").name == "own-gsm8k"


def test_a_header_that_names_two_columns_alike_is_refused_with_their_places() -> None:
    Path("mine.csv").write_text("question,answer,answer\n1+1?,2,3\n")
    with pytest.raises(UsageError, match="its header names columns 2 and 3 alike, 'answer'"):
        get_task("mine.csv")
    Path("mine.csv").write_text("question,answer,,\n1+1?,2,,\n")  # as spreadsheets end their rows
    assert get_task("mine.csv").definition["fields"] == {"question": "question", "answer": "answer"}


@pytest.mark.parametrize(
    ("golds", "said"),
    [
        (("2,5", "3,5"), "mathematics: 2,5 is a list of two; a decimal is written 2.5"),
        (("x", "-2,5"), "mathematics: -2,5 is a list of two; a decimal is written -2.5"),
        (("1,500", "2"), "numbers"),
        (("(1,2)", "2,5"), "mathematics"),
        (("1,2,3", "2,5"), "mathematics"),
    ],
)
def test_decimals_with_a_comma_are_said_to_be_none(golds: tuple[str, ...], said: str) -> None:
    Path("mine.csv").write_text("question;answer\n" + "".join(f"{place}?;{gold}\n" for place, gold in enumerate(golds)))
    assert f'answer = "answer" ({said})' in get_task("mine.csv").summary


@pytest.mark.parametrize(
    ("question", "answer"),
    [("Frage", "richtig"), ("Problème", "Bonne réponse"), ("Pregunta", "Respuesta correcta"), ("Énoncé", "Résultat")],
)
def test_columns_are_known_in_other_languages(question: str, answer: str) -> None:
    assert roles([question, answer], {}) == {"question": question, "answer": answer}
