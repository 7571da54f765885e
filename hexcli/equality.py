"""Whether two answers in LaTeX are the same answer: numbers by value, lists and intervals part by part, and the
single expressions that are left by a judge who knows algebra.

The structure is ours and exact; the judge (`hexcli.mathverify`) sees neither lists nor words nor decimals.
"""

import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from operator import ne

from hexcli.latex import LONGEST, PREFIX, latex

Judge = Callable[[str, str], bool]

_DECIMAL = r"(?:[0-9]{1,400}(?:\.[0-9]{0,400})?)"
_NUMBER = re.compile(rf"(-?)({_DECIMAL})(?:(?:[eE]|\\cdot10\^)\{{?([+-]?[0-9]{{1,4}})\}}?)?")
_FRACTION = re.compile(rf"(-?)([0-9]{{0,20}})\\frac\{{(-?{_DECIMAL})\}}\{{(-?{_DECIMAL})\}}")
_REPEATING = re.compile(r"(-?)([0-9]{1,20})\.([0-9]{0,20})\\overline\{([0-9]{1,20})\}")
_POWER = re.compile(r"(-?)10\^\{?(-?[0-9]{1,4})\}?")
_LARGEST_EXPONENT = 300
_DEEPEST = 20  # brackets in brackets
_DEEPEST_LIST = 3
_MOST = 6  # parts of a list that are left to the judge

_MATRIX = re.compile(r"\\begin\{([pb]?)matrix\}(.*)\\end\{\1matrix\}")
_WORD = re.compile(r"[a-zA-Z]|[A-Z]{2,}|[a-zA-Z]{3,}|[a-zA-Z]+(?:[ '-]+[a-zA-Z]+)+")
_BASE = re.compile(r"([0-9][0-9A-F]*)(?:_[0-9]|_\{[0-9]{2}\})")
_IMAGINARY = re.compile(r"(?<=[0-9}])i(?![a-zA-Z])")
# What math-verify drops or misreads: 5' is not 5, and 8{3} not 11.
_ODD = re.compile(r"[^\w\s+\-*/^(){}\[\]|!.=<>\\]|\.\.|[0-9)]\{|\\(?:[lc]dots|approx|sim|text|b?mod|pmod)(?![a-zA-Z])")
_POINT = re.compile(r"(?<![0-9.])([0-9]{1,100})\.([0-9]{1,100})(?![0-9.\\])")
_VARIABLE = r"(?:[a-zA-Z]|\\[a-zA-Z]+)"
_LESS = re.compile(rf"(?:(?P<low>.+)(?P<from><|\\leq ?))?{_VARIABLE}(?:(?P<to><|\\leq ?)(?P<high>.+))?")
_MORE = re.compile(rf"(?:(?P<high>.+)(?P<to>>|\\geq ?))?{_VARIABLE}(?:(?P<from>>|\\geq ?)(?P<low>.+))?")


def same_math(a: str, b: str) -> bool:
    """Whether two answers are equal as numbers, or else in normal form. An equivalence relation: it compares
    `math_key`s. Lists and sets are equal in any order, `(a, b)` is a point or an interval and keeps its own."""
    return math_key(a) == math_key(b)


def math_key(text: str) -> str:
    """What `same_math` compares: equal for equal answers."""
    return _key(latex(text), depth=0) if len(text) <= LONGEST else latex(text)


def equal_math(a: str, b: str, judge: Judge) -> bool:
    r"""Whether two answers are the same, with a judge for what only algebra can tell: `7i - 2` and `-2 + 7i`.

    Symmetric if the judge is, and reflexive; not transitive: a base left out is no difference (`52` and `52_8`,
    `52` and `52_9`), two bases are. An inequality is its interval, `a \pm b` both values. The judge is asked about
    single expressions in the same variables, with fractions for decimals; where it gives up (TimeoutError), the
    answers are not equal.
    """
    try:
        return same_math(a, b) or _equal(latex(a), latex(b), judge, 0)
    except TimeoutError:
        return False


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


def _key(text: str, depth: int) -> str:
    parts = _split(text)
    if depth > _DEEPEST:
        return text
    if len(parts) > 1:
        return ",".join(sorted(_key(part, depth + 1) for part in parts))
    if (number := value(text)) is not None:
        return str(number)
    if text.startswith(r"\{") and text.endswith(r"\}"):
        return _key(text[2:-2], depth + 1)
    if text[:1] in ("(", "[") and text[-1:] in (")", "]") and len(inner := _split(text[1:-1])) > 1:
        return text[0] + ",".join(_key(part, depth + 1) for part in inner) + text[-1]
    if prefix := PREFIX.match(text):
        return _key(text[prefix.end() :], depth + 1)
    return text


def _equal(a: str, b: str, judge: Judge, depth: int) -> bool:
    """Of two normal forms."""
    if depth > _DEEPEST_LIST or max(len(a), len(b)) > LONGEST:
        return False
    if _key(a, 0) == _key(b, 0):
        return True
    (kind, ours), (other, theirs) = _parts(a), _parts(b)
    if kind != other or len(ours) != len(theirs):
        return False
    if kind == "one":
        return _equal_expressions(ours[0], theirs[0], judge)
    if kind not in ("list", "union"):
        return all(_equal(one, two, judge, depth + 1) for one, two in zip(ours, theirs, strict=True))
    left, right = _unmatched(ours, theirs), _unmatched(theirs, ours)
    if len(left) > _MOST:
        return False
    matches = [[_equal(one, two, judge, depth + 1) for two in right] for one in left]
    return all(map(any, matches)) and all(map(any, zip(*matches, strict=True)))


def _unmatched(parts: list[str], others: list[str]) -> list[str]:
    """The parts without those that the others have too."""
    keys = Counter(_key(part, 0) for part in others)
    left = []
    for part in parts:
        keys[_key(part, 0)] -= 1
        if keys[_key(part, 0)] < 0:
            left.append(part)
    return left


def _parts(text: str) -> tuple[str, list[str]]:
    """What kind of answer a normal form is, and its parts: `()` and `[)` are points or intervals."""
    if text.startswith(r"\{") and text.endswith(r"\}"):
        text = text[2:-2]
    parts = _split(text)
    if text.count(r"\pm") == 1:
        parts = [latex(part.replace(r"\pm", sign)) for part in parts for sign in ("+-" if r"\pm" in part else " ")]
    if len(parts) > 1:
        intervals = list(map(_interval, parts))
        return ("union", intervals) if all(map(ne, intervals, parts)) else ("list", parts)
    if len(parts := text.split(r"\cup")) > 1:
        return "union", parts
    if match := _MATRIX.fullmatch(text):
        rows = [row.split("&") for row in match[2].split(r"\\")]
        return f"matrix {[len(row) for row in rows]}", [cell for row in rows for cell in row]
    text = _interval(text)
    if text[:1] in ("(", "[") and text[-1:] in (")", "]") and len(inner := _split(text[1:-1])) > 1:
        return text[0] + text[-1], inner
    return "one", [text]


def _interval(text: str) -> str:
    r"""The interval of an inequality in one variable: `x>2` is `(2,\infty)`; other texts as they are."""
    match = _LESS.fullmatch(text) or _MORE.fullmatch(text)
    low, high = (match["low"], match["high"]) if match else (None, None)
    if match is None or not (low or high) or _letters((low or "") + (high or "")):
        return text
    left = "[" if low and "eq" in match["from"] else "("
    right = "]" if high and "eq" in match["to"] else ")"
    return left + (low or r"-\infty") + "," + (high or r"\infty") + right


def _equal_expressions(a: str, b: str, judge: Judge) -> bool:
    bases = _BASE.fullmatch(a), _BASE.fullmatch(b)
    if any(bases):  # the problem names the base
        return bool((bases[0] and bases[0][1] == b) or (bases[1] and bases[1][1] == a))
    if value(a) is not None and value(b) is not None:
        return False  # their keys would be equal
    if _letters(a) != _letters(b) or any(_WORD.fullmatch(text) or _ODD.search(text) for text in (a, b)):
        return False
    return judge(_plain(a), _plain(b))


def _letters(text: str) -> set[str]:
    """The variables of an expression."""
    return set(re.findall(r"[a-zA-Z]", re.sub(r"\\[a-zA-Z]+", " ", text)))


def _plain(text: str) -> str:
    """As the judge reads it best: a fraction for every decimal, so that nothing is nearly equal, and `7 i`."""
    text = _IMAGINARY.sub(" i", text)
    return _POINT.sub(lambda match: rf"\frac{{{match[1]}{match[2]}}}{{1{'0' * len(match[2])}}}", text)


def _split(text: str) -> list[str]:
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
