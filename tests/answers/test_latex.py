import pytest
from hypothesis import given, settings

from hexcli.answers.latex import latex
from tests.tables import GARBLED, table


@pytest.mark.parametrize(("text", "expected"), table("latex.tsv"))
def test_latex(text: str, expected: str) -> None:
    assert latex(text) == expected
    assert latex(expected) == expected


@settings(deadline=None)  # the machine may be busy
@given(GARBLED)
def test_a_normal_form_is_its_own(text: str) -> None:
    assert latex(latex(text)) == latex(text)


@pytest.mark.timeout(60)  # quadratic time would be hours
@pytest.mark.parametrize(
    "unit",
    ["{", "}", r"\text{", r"\frac", r"\frac{-", r"\{", "\\", r"\pm", r"{\over", "sqrt(", " ", "(", "(1)", "1,", "1",
     ".", "a", "$", "=", "1=", "1 million", "é😀", "\x00"],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    latex(text)
    latex(text[:3900])  # where shortcuts for the long do not help


@pytest.mark.timeout(60)  # exponential time would never end
@pytest.mark.parametrize("word", ["yards ", "yards/", "a", "x ", "\\text{ a}", "and ", "2/", "=x", "- "])
def test_long_prose_is_read(word: str) -> None:
    for end in ("", "!", "1", "{"):
        text = "20 " + word * 100 + end
        assert latex(latex(text)) == latex(text)
