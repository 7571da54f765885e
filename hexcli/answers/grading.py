"""The number, or the letter of an option, that a short answer names: shared by the tasks.

A unit, a comma or a currency is read as a person would read it; a text that names no answer, or more than one, is
an abstention (None). d1 and HEX read `\\boxed{1,000}` as 1. Everything runs in linear time, on any text.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from hexcli.answers.extraction import answer_tag, boxed, conclusion, response_text, stated
from hexcli.answers.latex import SCALE, latex
from hexcli.answers.values import math_key, same_math, value

__all__ = [
    "LETTERS", "answer_tag", "boxed", "choice", "conclusion", "latex", "letter", "math_key", "number",
    "response_text", "same_math", "stated",
]  # fmt: skip

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

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

_COMMAND = re.compile(r"\\(?:[a-zA-Z]+|.)|[{}$*`'\"<>]")
_LEAD = r"(?:(?:the |my )?(?:correct |final |best )?(?:answer|option|choice|letter)(?: is)?:? ?)?"
_TAIL = r"(?: (?:is|would be)(?: the)? (?:correct|right|best)(?: answer| option| choice| one)?\.?)?"
_LETTER = re.compile(
    rf"{_LEAD}(?:[(\[]?([a-z])[)\]]?[.:!]?{_TAIL}|(?:\(([a-z])\)|([a-z])[.:)]) ?(\S.*))", re.IGNORECASE
)
_ANOTHER = re.compile(r"(?:^|,|\band\b|\bor\b|[&/]) ?(?:\([A-Z]\)|[A-Z](?:[.)]|$))")


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


def letter(text: str, n: int) -> str | None:
    r"""The one letter among the first `n` that a short answer names: `B`, `(b)`, `B. foo`, `\text{B}`.

    None where there is none or several, and for `A planet`, whose A is a word.
    """
    plain = " ".join(_COMMAND.sub(" ", text[:_LONGEST]).split())
    match = _LETTER.fullmatch(plain)
    if not match or (match[4] and _ANOTHER.search(match[4])):
        return None
    found = (match[1] or match[2] or match[3]).upper()
    return found if found in LETTERS[:n] else None


def choice(text: str, options: Sequence[str]) -> str | None:
    """The letter of the option that a short answer names: by letter, by its whole text, or by both."""
    if found := letter(text, len(options)):
        return found
    said = _letters_and_digits(text[:_LONGEST])
    labelled = list(zip(LETTERS, options, strict=False))
    same = {
        label for label, option in labelled for name in (option, label + option) if _letters_and_digits(name) == said
    }
    return same.pop() if said and len(same) == 1 else None


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


def _letters_and_digits(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
