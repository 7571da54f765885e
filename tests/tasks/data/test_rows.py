"""Rows become problems; what is wrong with one is said with its place and its field."""

from collections.abc import Mapping
from typing import Any

import pytest

from hexcli.records import Problem
from hexcli.tasks.data.rows import NUMBER, NUMBERS, TEXT, TEXTS, checked, problems

FIELDS = {"q": TEXT, "n": NUMBER, "options": TEXTS, "nums": NUMBERS, "inner": {"label": TEXTS}}
ROW: dict[str, Any] = {"q": "?", "n": 3, "options": ["a"], "nums": [1], "inner": {"label": ["x"]}, "more": None}


def test_a_good_row_stays_as_it_is() -> None:
    assert checked(ROW, FIELDS) == ROW


def test_texts_of_a_csv_are_read_as_what_is_asked_for() -> None:
    texts = {"q": "7", "n": "3", "options": '["a"]', "nums": "[1]", "inner": '{"label": ["x"]}', "more": None}
    assert checked(texts, FIELDS) == {**ROW, "q": "7"}


@pytest.mark.parametrize(("said", "text"), [(21, "21"), (-1.5, "-1.5"), (21.0, "21.0"), (0, "0")])
def test_a_number_in_a_data_file_is_read_as_the_text_that_is_meant(said: float, text: str) -> None:
    def from_row(row: Mapping[str, Any], index: int) -> Problem:
        return Problem(id=f"{index}", question="?", target=row["answer"])

    (found,) = problems([(1, {"answer": said})], "some/data", {"answer": TEXT}, from_row)
    assert found.target == text
    with pytest.raises(ValueError, match=f"must be text, not {said}"):
        checked({"answer": said}, {"answer": TEXT})


@pytest.mark.parametrize("said", [True, None, [21], {"a": 21}, float("inf")])
def test_what_is_neither_text_nor_number_is_refused(said: Any) -> None:
    with pytest.raises(ValueError, match="row 1: field 'answer' must be text, not"):
        problems([(1, {"answer": said})], "some/data", {"answer": TEXT}, lambda row, index: Problem("x", row["answer"]))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"q": None}, "field 'q' must be text, not None"),
        ({"q": "\ud800"}, "field 'q' must be text"),
        ({"n": 3.5}, "field 'n' must be a whole number, not 3.5"),
        ({"n": True}, "field 'n' must be a whole number, not True"),
        ({"n": ""}, "field 'n' must be a whole number, not ''"),
        ({"options": "a, b"}, "field 'options' must be a list of texts, not 'a, b'"),
        ({"options": ["a", 2]}, "field 'options' must be a list of texts"),
        ({"nums": [1, "2"]}, "field 'nums' must be a list of whole numbers"),
        ({"inner": "label"}, "field 'inner' must be an object, not 'label'"),
        ({"inner": {}}, "no field 'inner.label' (it has: none)"),
        ({"inner": {"label": "x"}}, "field 'inner.label' must be a list of texts"),
    ],
)
def test_a_field_that_is_not_what_it_must_be(change: Mapping[str, Any], says: str) -> None:
    with pytest.raises(ValueError) as caught:
        checked({**ROW, **change}, FIELDS)
    assert str(caught.value).startswith(says)
    assert len(str(caught.value)) < 200


def test_the_row_and_the_place_are_named() -> None:
    def from_row(row: Mapping[str, Any], index: int) -> Problem:
        return Problem(id=row["q"], question=f"{index}")

    rows = [(1, {"q": "a"}), (4, {"q": "b"})]
    assert [problem.question for problem in problems(rows, "some/data", {"q": TEXT}, from_row)] == ["0", "1"]
    for bad, says in {
        "x": "some/data, row 7: it must be an object, not 'x'",
        "missing": "some/data, row 7: it must be an object, not 'missing'",
    }.items():
        with pytest.raises(ValueError, match=says):
            problems([*rows, (7, bad)], "some/data", {"q": TEXT}, from_row)
    with pytest.raises(ValueError, match=r"some/data, row 7: no field 'q' \(it has: p\)"):
        problems([*rows, (7, {"p": 1})], "some/data", {"q": TEXT}, from_row)
    with pytest.raises(ValueError, match="some/data: rows 4 and 7 have one id, 'b'"):
        problems([*rows, (7, {"q": "b"})], "some/data", {"q": TEXT}, from_row)
