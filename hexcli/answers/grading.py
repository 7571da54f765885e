"""The number that a short answer names; and, by one import, all that the tasks share of reading answers.

A unit, a comma or a currency is read as a person would read it; a text that names no answer, or more than one, is
an abstention (None). d1 and HEX read `\\boxed{1,000}` as 1. Everything runs in linear time, on any text.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from hexcli.answers.boxes import boxed
from hexcli.answers.extraction import answer_tag, claim, conclusion, only_line, stated
from hexcli.answers.formulas import bare_formula, formula, solution, stated_formula
from hexcli.answers.latex import SCALE, latex
from hexcli.answers.letters import LETTERS, choice, letter, only_choice
from hexcli.answers.response import response_text
from hexcli.answers.values import math_key, same_math, value

__all__ = [
    "LETTERS", "answer_tag", "bare_formula", "boxed", "choice", "claim", "conclusion", "formula", "latex", "letter",
    "math_key", "number", "only_choice", "only_line", "response_text", "same_math", "solution", "stated",
    "stated_formula",
]  # fmt: skip

_LONGEST = 4000  # characters of a number with the words around it
_MOST_DIGITS = 40  # of a terminating decimal; longer ones stay fractions
_WRAPPED = re.compile(r"\\(?:text|textbf|textrm|mathrm|mbox) ?\{([^{}]*)\}?")
_DRESS = re.compile(
    r"\\[$%,!;()\[\]]|[$%£€¥₹¢²³]|\\(?:pounds|euro)(?![a-zA-Z])|\bUSD?(?= ?\\?[$0-9])|\*\*|\^\{?\\circ\}?|°"
    r"|(?<=[a-zA-Z]{2})\^\{?[23]\}?|(?<=[0-9]):00(?![0-9])"
)
_MINUS = re.compile(r"\b(?:minus|negative) (?=[\\$0-9])")
_NO_BRACES = str.maketrans("{}", "  ")
_JOINED = re.compile(r",\s|;|\band\b")
_SHORT_UNIT = "mm|cm|km|kg|ft|in|lb|oz|hr|ml|am|pm|st|nd|rd|th"
_WORD = re.compile(
    r"(-?(?:[0-9]{1,4}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?)(?:/([0-9]+))?"
    rf"(?:-?[a-zA-Z]{{3,}}.*|/[a-zA-Z]+|{_SHORT_UNIT})?"
)


def number(text: str) -> str | None:
    r"""The one number that a short answer names, in canonical form: `18`, `-0.5`, `1/3`.

    Reads `1,000`, `$18`, `18 dollars.`, `50\%`, `\frac{1}{2}`, `1 1/2`, `3.5e2`, `6 * 3 = 18`, `2:00 pm`.
    None where there is no number, or several, or something computed: `12 or 13`, `2k`, `\sqrt{2}`, `1,5`.
    """
    if len(text) > _LONGEST:
        return None
    found = value(latex(text))
    if found is None:
        numbers = set(_numbers(text))
        found = numbers.pop() if len(numbers) == 1 else None
    return None if found is None else _canonical(found)


def _numbers(text: str) -> Iterator[Fraction | None]:
    """The numbers among the words of a text, or of its last right-hand side; None for what only looks like one."""
    if "=" in text and not _JOINED.search(text):
        text = text.rpartition("=")[2]
    if SCALE.search(text):  # 2 million is not 2
        yield None
    text = re.sub(r"\\[dt]?frac ?\{([0-9]+)\}\{([0-9]+)\}", r"\1/\2", _WRAPPED.sub(r" \1 ", text))
    text = _MINUS.sub("-", text)
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
