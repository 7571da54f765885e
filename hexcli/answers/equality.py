"""Whether two answers in LaTeX are the same answer: numbers by value, lists and intervals part by part, and the
single expressions that are left by a judge who knows algebra.

The structure is ours and exact; the judge (mathverify.py) sees neither lists nor words nor decimals.
"""

import re
from collections import Counter
from collections.abc import Callable
from operator import ne

from hexcli.answers.latex import LONGEST, latex
from hexcli.answers.values import key, same_math, split, unknowns, value

Judge = Callable[[str, str], bool]

_DEEPEST_LIST = 3
_MOST = 6  # parts of a list that are left to the judge

_MATRIX = re.compile(r"\\begin\{([pb]?)matrix\}(.*)\\end\{\1matrix\}")
_WORD = re.compile(r"[a-zA-Z]|[A-Z]{2,}|[a-zA-Z]{3,}|[a-zA-Z]+(?:[ '-]+[a-zA-Z]+)+")
_BASE = re.compile(r"([0-9][0-9A-F]*)(?:_[0-9]|_\{[0-9]{2}\})")
_IMAGINARY = re.compile(r"(?<=[0-9}])i(?![a-zA-Z])")
# What the judge may see. It knows more commands, but drops or misreads some: \ldots and 5' and \Pi and \angle.
_KNOWN = (
    "frac sqrt pi cdot infty leq geq neq binom dbinom choose lfloor rfloor lceil rceil sum prod int lim to exp ln log "
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh alpha beta gamma delta epsilon varepsilon zeta eta "
    "theta vartheta iota kappa lambda mu nu xi rho sigma tau phi varphi chi psi omega"
)
_ALGEBRA = re.compile(rf"(?:[\w+\-*/^(){{}}\[\]|!.=<> ]|\\(?:{'|'.join(_KNOWN.split())})(?![a-zA-Z]))+", re.ASCII)
_ODD = re.compile(r"\.\.|[0-9)]\{")  # 8{3} is not 11
_POINT = re.compile(r"(?<![0-9.])([0-9]{1,100})\.([0-9]{1,100})(?![0-9.\\])")
_VARIABLE = r"(?:[a-zA-Z]|\\[a-zA-Z]+)"
_LESS = re.compile(rf"(?:(?P<low>.+)(?P<from><|\\leq ?))?{_VARIABLE}(?:(?P<to><|\\leq ?)(?P<high>.+))?")
_MORE = re.compile(rf"(?:(?P<high>.+)(?P<to>>|\\geq ?))?{_VARIABLE}(?:(?P<from>>|\\geq ?)(?P<low>.+))?")


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


def _equal(a: str, b: str, judge: Judge, depth: int) -> bool:
    """Of two normal forms."""
    if depth > _DEEPEST_LIST or max(len(a), len(b)) > LONGEST:
        return False
    if key(a) == key(b):
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
    keys = Counter(key(part) for part in others)
    left = []
    for part in parts:
        keys[key(part)] -= 1
        if keys[key(part)] < 0:
            left.append(part)
    return left


def _parts(text: str) -> tuple[str, list[str]]:
    """What kind of answer a normal form is, and its parts: `()` and `[)` are points or intervals."""
    if text.startswith(r"\{") and text.endswith(r"\}"):
        text = text[2:-2]
    parts = split(text)
    if text.count(r"\pm") == 1:
        parts = [latex(part.replace(r"\pm", sign)) for part in parts for sign in ("+-" if r"\pm" in part else " ")]
    if len(parts) > 1:
        names = unknowns(parts)
        if len(set(names)) > 1:
            ordered = sorted(zip(names, parts, strict=True))
            return f"values of {sorted(names)}", [part for _, part in ordered]
        intervals = list(map(_interval, parts))
        return ("union", intervals) if all(map(ne, intervals, parts)) else ("list", parts)
    if len(parts := text.split(r"\cup")) > 1:
        return "union", parts
    if match := _MATRIX.fullmatch(text):
        rows = [row.split("&") for row in match[2].split(r"\\")]
        return f"matrix {[len(row) for row in rows]}", [cell for row in rows for cell in row]
    text = _interval(text)
    if text[:1] in ("(", "[") and text[-1:] in (")", "]") and len(inner := split(text[1:-1])) > 1:
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
    if _letters(a) != _letters(b) or len({letter.lower() for letter in _letters(a)}) < len(_letters(a)):
        return False  # nor does it tell p from P
    if any(_WORD.fullmatch(text) or _ODD.search(text) or not _ALGEBRA.fullmatch(text) for text in (a, b)):
        return False
    return judge(_plain(a), _plain(b))


def _letters(text: str) -> set[str]:
    """The variables of an expression."""
    return set(re.findall(r"[a-zA-Z]", re.sub(r"\\[a-zA-Z]+", " ", text)))


def _plain(text: str) -> str:
    """As the judge reads it best: a fraction for every decimal, so that nothing is nearly equal, and `7 i`."""
    text = _IMAGINARY.sub(" i", text)
    return _POINT.sub(lambda match: rf"\frac{{{match[1]}{match[2]}}}{{1{'0' * len(match[2])}}}", text)
