"""What an answer in LaTeX is worth: a number, or a key that equal answers share.

Undressing is latex.py's, algebra equality.py's; here are numbers, lists, points and intervals.
"""

import re
from fractions import Fraction
from functools import lru_cache

from hexcli.answers.latex import LONGEST, PREFIX, latex

_DECIMAL = r"(?:[0-9]{1,400}(?:\.[0-9]{0,400})?)"
_NUMBER = re.compile(rf"(-?)({_DECIMAL})(?:(?:[eE]|\\cdot10\^)\{{?([+-]?[0-9]{{1,4}})\}}?)?")
_FRACTION = re.compile(rf"(-?)([0-9]{{0,20}})\\frac\{{(-?{_DECIMAL})\}}\{{(-?{_DECIMAL})\}}")
_REPEATING = re.compile(r"(-?)([0-9]{1,20})\.([0-9]{0,20})\\overline\{([0-9]{1,20})\}")
_POWER = re.compile(r"(-?)10\^\{?(-?[0-9]{1,4})\}?")
_LARGEST_EXPONENT = 300
_DEEPEST = 20  # brackets in brackets


def same_math(a: str, b: str) -> bool:
    """Whether two answers are equal as numbers, or else in normal form. An equivalence relation: it compares
    `math_key`s. Lists and sets are equal in any order, `(a, b)` is a point or an interval and keeps its own."""
    return math_key(a) == math_key(b)


def math_key(text: str) -> str:
    """What `same_math` compares: equal for equal answers."""
    return key(latex(text)) if len(text) <= LONGEST else latex(text)


@lru_cache(maxsize=1 << 14)  # votes are compared in pairs
def value(text: str) -> Fraction | None:
    r"""The number that a normal form denotes, if it denotes one: `-18`, `0.5`, `3.5e2`, `2\frac{1}{4}`."""
    if match := _NUMBER.fullmatch(text):
        return _scaled(Fraction(match[1] + match[2]), int(match[3] or 0))
    if match := _POWER.fullmatch(text):
        return _scaled(Fraction(-1 if match[1] else 1), int(match[2]))
    if match := _FRACTION.fullmatch(text):
        sign, whole, over, under = match[1], int(match[2] or 0), Fraction(match[3]), Fraction(match[4])
        if under == 0 or (match[2] and not 0 < over < under):  # 2\frac{5}{2} may be a product
            return None
        return (whole + over / under) * (-1 if sign else 1)
    if match := _REPEATING.fullmatch(text):
        once, again = Fraction(f"{match[2]}.{match[3]}"), Fraction(int(match[4]), 10 ** len(match[4]) - 1)
        return (once + again * Fraction(10) ** -len(match[3])) * (-1 if match[1] else 1)
    return None


def _scaled(number: Fraction, exponent: int) -> Fraction | None:
    return number * Fraction(10) ** exponent if abs(exponent) <= _LARGEST_EXPONENT else None


def key(text: str, depth: int = 0) -> str:
    """The key of a normal form, which may sit some brackets deep in another."""
    parts = split(text)
    if depth > _DEEPEST:
        return text
    if len(parts) > 1:
        return ",".join(_keys(parts, depth + 1))
    if (number := value(text)) is not None:
        return str(number)
    if text.startswith(r"\{") and text.endswith(r"\}"):
        return key(text[2:-2], depth + 1)
    if text[:1] in ("(", "[") and text[-1:] in (")", "]") and len(inner := split(text[1:-1])) > 1:
        return text[0] + ",".join(key(part, depth + 1) for part in inner) + text[-1]
    if prefix := PREFIX.match(text):
        return key(text[prefix.end() :], depth + 1)
    return text


def _keys(parts: list[str], depth: int) -> list[str]:
    """Of a list, in any order; with the names where there are several: `x=3,y=5` is not `x=5,y=3`."""
    names = unknowns(parts)
    if len(set(names)) == 1:
        return sorted(key(part, depth) for part in parts)
    return sorted(f"{name}={key(part, depth)}" for name, part in zip(names, parts, strict=True))


def unknowns(parts: list[str]) -> list[str]:
    r"""What each part gives the value of, if it says so: `x` for `x=3` and `x\in[0,1]`."""
    return [(match[0].rstrip(" =").removesuffix(r"\in") if (match := PREFIX.match(part)) else "") for part in parts]


def split(text: str) -> list[str]:
    """The parts between the commas outside all brackets; the whole where brackets do not match."""
    parts, start, depth = [], 0, 0
    for index, char in enumerate(text):
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth < 0:
                return [text]
        elif char == "," and not depth:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]] if not depth else [text]
