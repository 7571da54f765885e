"""The one number that a short answer names: read as a tree where it is mathematics, and word by word where it is prose.

A unit, a comma or a currency is read as a person would read it; a text that names no number, or more than one, is an
abstention (None). d1 and HEX read `\\boxed{1,000}` as 1. Everything runs in linear time, on any text.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from hexcli.answers.math.reading import read
from hexcli.answers.math.tree import (
    Degrees,
    Mixed,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quantity,
    Quotient,
    Relation,
    Text,
)  # fmt: skip

_LONGEST = 4000  # characters of a number with the words around it
_MOST_DIGITS = 40  # of a terminating decimal; longer ones stay fractions
_LARGEST_EXPONENT = 300
_PLAIN = re.compile(r"-?(?:[1-9][0-9]{0,14}|0)")
_TIMES = re.compile(
    r"\*|×|·|⋅|\\(?:times|cdot|ast)(?![a-zA-Z])|[()]|(?<=[0-9]) ?[xX] ?(?=[0-9])"
    r"|\b(?:dozen|hundred|thousand|million|billion|trillion)"
)
_SCALE = re.compile(r"(?<=[0-9]) ?((?:\\(?:text|mbox|mathrm) ?\{)?) ?(hundred|thousand|million|billion|trillion)\b")
_WRAPPED = re.compile(r"\\(?:text|textbf|textrm|mathrm|mbox) ?\{([^{}]*)\}?")
_DRESS = re.compile(
    r"\\[$%,!;()\[\]]|[$%£€¥₹¢²³]|\\(?:pounds|euro)(?![a-zA-Z])|\bUSD?(?= ?\\?[$0-9])|\*\*|\^\{?\\circ\}?|°"
    r"|(?<=[a-zA-Z]{2})\^\{?[23]\}?|(?<=[0-9]):00(?![0-9])"
)
_MINUS = re.compile(r"\b(?:minus|negative) (?=[\\$0-9])")
_BROKEN = re.compile(r"(?<=[0-9]), (?=0[0-9]{2}(?![0-9]))")  # 1, 000
_NO_BRACES = str.maketrans("{}", "  ")
_JOINED = re.compile(r",\s|;|\band\b")
_SHORT_UNIT = "mm|cm|km|kg|ft|in|lb|oz|hr|ml|am|pm|st|nd|rd|th"
_WORD = re.compile(
    r"(-?(?:[0-9]{1,4}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?)(?:/([0-9]+))?"
    rf"(?:-?[a-zA-Z]{{3,}}.*|/[a-zA-Z]+|{_SHORT_UNIT})?"
)


def number(text: str) -> str | None:
    r"""The one number that a short answer names, in canonical form: `18`, `-0.5`, `1/3`.

    Reads `1,000`, `$18`, `18 dollars.`, `50\%`, `\frac{1}{2}`, `1 1/2`, `24 × ½`, `3.5e2`, `6 * 3 = 18`, `2:00 pm`.
    None where there is no number, or several, or something computed: `12 or 13`, `2k`, `\sqrt{2}`, `1,5`.
    """
    if _PLAIN.fullmatch(text):
        return "0" if text == "-0" else text
    return _number(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=1 << 14)
def _number(text: str) -> str | None:
    tree = read(text) if any(map(str.isnumeric, text)) else None  # `three` is no number here
    found = None if tree is None or isinstance(tree, Text) else _value(tree, bool(_TIMES.search(text)))
    if found is None:
        numbers = set(_numbers(text))
        found = numbers.pop() if len(numbers) == 1 else None
    return None if found is None else _canonical(found)


def _value(node: Node, times: bool) -> Fraction | None:
    """The number that a tree is, as a numeral, a fraction or a product of them; `times`: products have a sign."""
    match node:
        case Number():
            return node.value if node.value.denominator < 10 ** (_LARGEST_EXPONENT + 1) > abs(node.value) else None
        case Mixed():
            return node.whole + Fraction(node.over, node.under)
        case Negative():
            inner = _value(node.of, times)
            return None if inner is None else -inner
        case Quantity() | Degrees():
            return _value(node.of, times)
        case Quotient():
            over, under = _value(node.over, times), _value(node.under, times)
            return over / under if over is not None and under else None
        case Product() if times:
            product = Fraction(1)
            for factor in node.factors:
                if (one := _value(factor, times)) is None:
                    return None
                product *= one
            return product
        case Power(Number(Fraction(numerator=10, denominator=1)), Number() | Negative()):
            exponent = _value(node.exponent, times)
            whole = exponent is not None and exponent.denominator == 1 and abs(exponent) <= _LARGEST_EXPONENT
            return Fraction(10) ** int(exponent) if whole and exponent is not None else None
        case Relation() if set(node.signs) == {"="} or (
            node.signs[-1] == r"\approx" and isinstance(node.sides[0], Name | Text)
        ):
            return _value(node.sides[-1], False)
    return None


def _named(side: Node) -> bool:
    return isinstance(side, Name | Text)


def _numbers(text: str) -> Iterator[Fraction | None]:
    """The numbers among the words of a text, or of its last right-hand side; None for what only looks like one."""
    if "=" in text and not _JOINED.search(text):
        text = text.rpartition("=")[2]
    if _SCALE.search(text):  # 2 million is not 2
        yield None
    text = re.sub(r"\\[dt]?frac ?\{([0-9]+)\}\{([0-9]+)\}", r"\1/\2", _WRAPPED.sub(r" \1 ", text))
    text = _BROKEN.sub(",", _MINUS.sub("-", text))
    for word in _DRESS.sub("", text).translate(_NO_BRACES).split():
        if not word.strip("+-*/") or any(char in r"\^_!" for char in word):
            yield None
        elif any(char in "0123456789" for char in word):
            match = _WORD.fullmatch(word.strip(".,;:()[]<>?'\"#`*~≈"))
            sound = match and match[1].strip("-") and int(match[2] or 1)
            yield Fraction(match[1].replace(",", "")) / int(match[2] or 1) if match and sound else None


def _canonical(number: Fraction) -> str:
    """An integer, a terminating decimal of reasonable length, or else a reduced fraction."""
    if number.denominator == 1:
        return str(number.numerator)
    for places in range(1, _MOST_DIGITS):
        scaled = number * 10**places
        if scaled.denominator == 1:
            digits = str(abs(scaled.numerator)).zfill(places + 1)
            return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return f"{number.numerator}/{number.denominator}"
