"""Prompts with the fields of a row in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.tasks.prompts.template import asked, filled, places


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("{question}", ("question",)),
        ("{topic}: {question} {topic}", ("topic", "question")),
        ("{my field} {über} {a.b} {x-y}", ("my field", "über", "a.b", "x-y")),
        ('{1} {} { x } {2,3} {"a": 5} {x: 1}', ()),
        ("\\boxed{answer} \\frac{a}{b} \\text {topic}", ()),
        ("{{topic}} {question}", ("question",)),
    ],
)
def test_what_is_a_name(template: str, names: tuple[str, ...]) -> None:
    assert places(template) == names


def test_names_are_replaced_once_and_all_else_is_left() -> None:
    parts = {"question": "{topic}?", "topic": "birds"}
    assert filled("About {topic}: {question} \\boxed{topic} {{topic}} {1}", parts) == (
        "About birds: {topic}? \\boxed{topic} {topic} {1}"
    )
    assert filled("{other}", parts) == "{other}"


def test_what_a_row_has_for_them() -> None:
    row = {"topic": "birds", "year": 1990, "hints": ["a", "b"], "none": None}
    assert asked(("topic", "year", "hints", "none"), {}, row) == (
        ("topic", "birds"),
        ("year", "1990"),
        ("hints", "a\nb"),
        ("none", ""),
    )
    assert asked(("category",), {"category": "topic"}, row) == (("category", "birds"),)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("topc", "the prompt's {topc} is no field of its rows: did you mean {topic}? they have topic, data; a literal"),
        ("zzz", "the prompt's {zzz} is no field of its rows: they have topic, data"),
        ("data", "field 'data' must be text or a number to stand in the prompt"),
    ],
)
def test_what_a_row_lacks_is_said(name: str, says: str) -> None:
    with pytest.raises(ValueError) as caught:
        asked((name,), {}, {"topic": "birds", "data": {"a": 1}})
    assert str(caught.value).startswith(says)


@given(st.text(alphabet="ab{}\\ \n", max_size=30))
def test_a_template_without_names_is_what_it_was(template: str) -> None:
    if not places(template) and "{{" not in template:
        assert filled(template, {"a": "x", "b": "y"}) == template
