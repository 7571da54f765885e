"""Expressions: read as people write them, brought to one form, valued in fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexcli.answers.arithmetic import parse


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("37 + 2 \\times 18", "37+2*18", 73),
        ("(18 * 2) + 37 = 73", "37+2*18", 73),
        ("73 = 18*2+37.", "37+2*18", 73),
        ("$18 \\cdot 2 + 37$", "37+2*18", 73),
        ("18 x 2 + 37", "37+2*18", 73),
        ("(86 × 21) ÷ 74", "21*86/74", Fraction(21 * 86, 74)),
        ("\\frac{18 \\cdot 2}{4} - 1", "2*18/4-1", 8),
        ("\\left[ 1 - (2 - 3) \\right]", "1+3-2", 2),
        ("8/(4/2)", "2*8/4", 4),
        ("-47 + 71", "71-47", 24),
        ("+14 - 9", "14-9", 5),
        ("((96 - 38) / 6) * 6", "6*(96-38)/6", 58),
        ("1/0", "1/0", None),
        ("5/(3-3)+1", "1+5/(3-3)", None),
        ("(0+0)/(1/0)", "(0+0)/(1/0)", None),
        ("74", "74", 74),
    ],
)
def test_expressions(text: str, form: str, value: int | None) -> None:
    found = parse(text)
    assert found is not None
    assert (found.text, found.value) == (form, value)


@pytest.mark.parametrize(
    "text",
    ["", "+ - -", "28 + (11 - 5", "2 3", "9(3)", "2**3", "2^3", "1.5 + 2", "x + 1", "1 + 2 = 3 + 0", "= 3", "1 +",
     "(1 + 2]", "abs(3)", "__import__('os')", "9" * 201, "(" * 100 + "1" + ")" * 100, "\\frac{1}", "１+２"],
)  # fmt: skip
def test_what_is_no_expression(text: str) -> None:
    assert parse(text) is None


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """An expression, and the same with the operands of each + and * swapped and with more parentheses."""
    if depth == 0 or draw(st.booleans()):
        number = str(draw(st.integers(0, 99)))
        return number, draw(st.sampled_from([number, f"({number})"]))
    (left, left_too), (right, right_too) = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    sign = draw(st.sampled_from("+-*/"))
    swapped = (right_too, left_too) if sign in "+*" else (left_too, right_too)
    return f"({left}){sign}({right})", f"(({swapped[0]}) {sign} ({swapped[1]}))"


@given(expressions())
def test_order_and_parentheses_do_not_matter_and_the_form_stays(pair: tuple[str, str]) -> None:
    one, other = (parse(text) for text in pair)
    if one is None or other is None:  # too long
        assert max(map(len, pair)) > 200
        return
    assert one.text == other.text
    assert (sorted(one.numbers), one.value) == (sorted(other.numbers), other.value)
    again = parse(one.text)
    assert again is not None
    assert again.text == one.text
    assert again.value == one.value or again.value is None or one.value is None


@given(expressions())
def test_the_value_is_that_of_python(pair: tuple[str, str]) -> None:
    found = parse(pair[0])
    if found is None or found.value is None:
        return
    fractions = "".join(f"Fraction({part})" if part.isdigit() else part for part in _parts(pair[0]))
    assert found.value == eval(fractions, {"Fraction": Fraction})


@given(expressions())
def test_no_value_is_a_division_by_zero(pair: tuple[str, str]) -> None:
    found = parse(pair[0])
    if found is not None and found.value is None:
        fractions = "".join(f"Fraction({part})" if part.isdigit() else part for part in _parts(pair[0]))
        with pytest.raises(ZeroDivisionError):
            eval(fractions, {"Fraction": Fraction})


def _parts(text: str) -> list[str]:
    return [part for part in text.replace("(", " ( ").replace(")", " ) ").replace("/", " / ").replace("*", " * ")
            .replace("+", " + ").replace("-", " - ").split(" ") if part]  # fmt: skip
