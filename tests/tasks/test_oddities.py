"""Right answers that are missing or unlike the others, and problems that are asked twice."""

from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.tasks.oddities import asked_twice, lost_latex
from hexcli.tasks.registry import get_task


def own(*golds: str, said: str = "") -> object:
    cells = "".join(f'q{place}?,"{gold}"\n' for place, gold in enumerate(golds))
    Path("mine.csv").write_text(f"question,answer\n{cells}")
    return get_task(f"mine.csv{said}").definition["extract"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("golds", "says"),
    [
        (("7", "six", "7.0"), "mine.csv, row 2: the answer 'six' is no number, and the other 2 are: mend it"),
        (("7", "no", "8"), "row 2: the answer 'no' is no number"),
        ((*"123456789", "one", "two"), "row 10: the answer 'one' is no number, nor are 1 more, and the other 9 are"),
        (("7.0", "n/a", "7"), "row 2: field 'answer' is 'n/a': fill it in or leave the row out"),
        (("7", "", "7"), "row 2: field 'answer' is empty: fill it in"),
    ],
)
def test_an_answer_that_cannot_be_graded_as_the_others_is_refused(golds: tuple[str, ...], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        own(*golds)
    assert says in str(caught.value)
    assert "--data" in str(caught.value)


def test_what_the_refusal_says_helps() -> None:
    assert own("7", "six", "7.0", said=":extract=text") == "text"
    assert own("7", "", "7", said=":answer=none") == "text"


@pytest.mark.parametrize(
    ("golds", "kind"),
    [
        (("7", "x", "8"), "math"),
        (("7", "pi", "8"), "math"),
        (("7", "2/3", "x^2"), "math"),
        (("7", "Paris"), "text"),
        (("7", "Paris", "Rome", "9"), "text"),
    ],
)
def test_columns_of_other_kinds_are_read_as_before(golds: tuple[str, ...], kind: str) -> None:
    assert own(*golds) == kind


def test_texts_with_numbers_among_them_are_told_so() -> None:
    own("6", "seven")
    assert get_task("mine.csv").summary == 'question = "question", answer = "answer" (texts, 1 of 2 a number)'


def test_prompts_that_are_the_same_are_counted() -> None:
    assert asked_twice(["a", "b"]) is None
    assert str(asked_twice(["a", "b", "a"])).startswith("1 problem asks what another does")
    assert str(asked_twice(["a", "a", "a"])).startswith("2 problems ask what another does")


@pytest.mark.parametrize(
    ("prompt", "command"),
    [("Put it in \boxed{}.", "boxed"), ("\frac{1}{2}", "frac"), ("2 \times 3", "times"), ("5 \text{cm}", "text")],
)
def test_latex_that_json_read_as_control_characters_is_told(prompt: str, command: str) -> None:
    assert lost_latex({"a": "x", "b": prompt}) == (
        f"b: a control character stands where \\{command} was meant: JSON writes \\\\{command}"
    )


def test_signs_that_are_meant_are_not_told() -> None:
    assert lost_latex({"a": "a\tan apple\ttext\x0c\nPage 2", "b": r"\boxed{\frac12}"}) is None
