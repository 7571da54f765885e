"""LaTeX answers in one normal form, so that equal answers become equal strings or equal numbers.

In the spirit of `strip_string` of MATH (hendrycks/math, arXiv 2103.03874), with two differences: it goes over
TeX's tokens instead of substrings, and numbers are compared as exact fractions. It undresses notation and does
no algebra: `x+1` and `1+x` stay two answers.
"""

import re
from fractions import Fraction
from itertools import zip_longest

_LONGEST = 4000  # characters; nothing longer is an answer, and the regexes below may stay simple
_UNICODE = str.maketrans(
    {"−": "-", "–": "-", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "π": r"\pi ", "∞": r"\infty ", "∪": r"\cup ",
     "∈": r"\in ", "×": r"\times ", "·": r"\cdot ", "√": r"\sqrt ", "⁄": "/", "°": r"^\circ ", "²": "^2",
     "³": "^3", "½": r" \frac12", "¼": r" \frac14", "¾": r" \frac34"}
)  # fmt: skip
_DEGREES = re.compile(r"\^ ?\{? ?\\(?:circ|degree)(?![a-zA-Z]) ?\}?|\\degrees?(?![a-zA-Z])")
_TEXT = re.compile(r"\\(?:text|textbf|textit|textrm|mbox|mathrm|mathbf|operatorname) ?\{([^{}]*)(?:\}|$)")
_TEXT_UNIT = re.compile(
    r"(?<=\S) ?\\(?:text|textrm|mbox|mathrm) ?\{(?: [^{}]*|[^{}]{2,40})(?:\}|$)(?:\^\{?[0-9]\}?)?[ .,$]*$"
)
_MIXED = re.compile(r"(?<![\w.])([0-9]{1,9}) ([0-9]{1,9}) ?/ ?([0-9]{1,9})(?![\w.])")
_BESIDE = re.compile(r"(?<!\\frac [0-9])(?<=[0-9]) (?=[0-9])(?![0-9]{3}(?![0-9]))")
# A unit that stands free behind a number. Short words must be known, lest `2 xy` lose its variables.
_SHORT = "mm|cm|km|m|in|ft|mi|yd|lbs?|oz|kg|g|mg|ml|hrs?|min|sec|sq|mph|deg|rad|am|pm|days?|men|cups?"
_UNIT = re.compile(
    rf"(?<=[0-9}}]) (?:[a-zA-Z]{{4,30}}|{_SHORT})(?![a-zA-Z])\.?(?: ?[a-zA-Z/]{{1,30}})*(?:\^\{{?[0-9]\}}?)?$"
)
_WORDS = re.compile(r"[a-zA-Z]{3,}(?:[ '-]+[a-zA-Z]+)*")

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\S")
_DROPPED = re.compile(r"\\[!,;:>()\[\]$% ]|[$%~]|\\(?:left|right|[bB]igg?[lr]?|q?quad|displaystyle|textstyle|limits)")
_ALIAS = {
    r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\cfrac": r"\frac", r"\le": r"\leq", r"\ge": r"\geq",
    r"\ne": r"\neq", r"\times": r"\cdot", "*": r"\cdot", r"\lbrace": r"\{", r"\rbrace": r"\}",
    r"\varnothing": r"\emptyset", r"\dots": r"\ldots",
}  # fmt: skip
_ARGUMENTS = {r"\frac": 2, r"\sqrt": 1}
_THOUSANDS = re.compile(r"(?<![0-9.,])([0-9]{1,4}(?:,[0-9]{3})+)(?![0-9,])")
_SLASH = re.compile(
    r"(?<![\w.)/!])([0-9]{1,20}|[0-9]{0,9}\\sqrt\{\w{1,9}\}|[0-9]{0,9}\\pi)/([0-9]{1,20})(?![\w.({/!^])"
)
_NAME = r"(?:[a-zA-Z](?:_\w)?(?:\([a-zA-Z]\))?|\\[a-zA-Z]+)"
_PREFIX = re.compile(rf"{_NAME}(?:=|\\in(?![a-zA-Z]) ?)(?=[^=]+$)")

_DECIMAL = r"(?:[0-9]{1,400}(?:\.[0-9]{0,400})?)"
_NUMBER = re.compile(rf"(-?)({_DECIMAL})(?:(?:[eE]|\\cdot10\^)\{{?([+-]?[0-9]{{1,4}})\}}?)?")
_FRACTION = re.compile(rf"(-?)([0-9]{{0,20}})\\frac\{{(-?{_DECIMAL})\}}\{{(-?{_DECIMAL})\}}")
_LARGEST_EXPONENT = 300


def latex(text: str) -> str:
    r"""The normal form of an answer; applied to its own result it changes nothing.

    `$x = \dfrac12$.` is `\frac{1}{2}`, `\left( 3, .5 \right)` is `(3,0.5)`, `5.4 \text{ cents}` is `5.4`,
    `\text{(C)}` is `C`, `1,\!000` and `1,000` are `1000`, and `5^\circ`, `5\%` and `\$5` are `5`.
    """
    if len(text) > _LONGEST:
        return " ".join(text.split())
    text = " ".join(text.translate(_UNICODE).split())
    for _ in range(8):  # undressing may bring out something to undress: until nothing changes
        before, text = text, _undressed(text)
        if text == before:
            break
    return text


def same_math(a: str, b: str) -> bool:
    """Whether two answers are equal as numbers, or else in normal form. An equivalence relation: it compares
    `math_key`s. Lists and sets are equal in any order, `(a, b)` is a point or an interval and keeps its own."""
    return math_key(a) == math_key(b)


def math_key(text: str) -> str:
    """What `same_math` compares: equal for equal answers."""
    return _key(latex(text), depth=0) if len(text) <= _LONGEST else latex(text)


def value(text: str) -> Fraction | None:
    r"""The number that a normal form denotes, if it denotes one: `-18`, `0.5`, `3.5e2`, `2\frac{1}{4}`."""
    if match := _NUMBER.fullmatch(text):
        sign, digits, exponent = match[1], match[2], int(match[3] or 0)
        if abs(exponent) > _LARGEST_EXPONENT:
            return None
        return Fraction(sign + digits) * Fraction(10) ** exponent
    if match := _FRACTION.fullmatch(text):
        sign, whole, over, under = match[1], int(match[2] or 0), Fraction(match[3]), Fraction(match[4])
        if under == 0 or (match[2] and not 0 < over < under):  # 2\frac{5}{2} may be a product
            return None
        return (whole + over / under) * (-1 if sign else 1)
    return None


def _undressed(text: str) -> str:
    text = _DEGREES.sub("", text).replace("\\%", "").replace("%", "")
    if not text.startswith(r"\text"):  # \text{Ann} \text{ and } \text{Bea} has no unit
        text = _TEXT_UNIT.sub("", text)
    text = _TEXT.sub(r" \1 ", text).strip()
    text = _MIXED.sub(r"\1\\frac{\2}{\3}", text.rstrip(" .,;:$"))
    text = _UNIT.sub("", text)
    if _WORDS.fullmatch(text):
        return text.casefold()
    text = _BESIDE.sub(",", re.sub(r" (?:and|or) ", ",", text))
    text = _joined(_braced(_tokens(text))).replace("{,}", "")
    text = text.rstrip(".,;:\\")
    text = re.sub(r"([\^_])\{(\w)\}", r"\1\2", text)
    text = re.sub(r"(^|[(\[,=])\+", r"\1", text)
    text = re.sub(r"(?<![0-9])\.(?=[0-9])", "0.", text)
    if "(" not in text and "[" not in text:  # (2,102) is a point or an interval
        text = _THOUSANDS.sub(lambda match: match[1].replace(",", ""), text)
    text = _SLASH.sub(r"\\frac{\1}{\2}", text)
    text = re.sub(r"(^|[(\[,=&])\\frac\{-", r"\1-\\frac{", text)
    if prefix := _PREFIX.match(text):
        text = text[prefix.end() :]
    return text[1] if re.fullmatch(r"\([A-Z]\)", text) else text


def _tokens(text: str) -> list[str]:
    tokens = [_ALIAS.get(token, token) for token in _TOKEN.findall(text) if not _DROPPED.fullmatch(token)]
    # 2\cdot\pi is 2\pi, but 2\cdot3 is not 23
    return [
        token
        for token, after in zip_longest(tokens, tokens[1:], fillvalue="")
        if token != r"\cdot" or re.match(r"[0-9.-]|$", after)
    ]


def _braced(tokens: list[str]) -> list[str]:
    r"""Braces around the arguments that TeX lets go without: `\frac12`, `\frac{270}7`, `\sqrt2`."""
    out: list[str] = []
    wanted = [0]  # arguments still to come, for every open group
    for token in tokens:
        if token == "{":
            wanted[-1] = max(wanted[-1] - 1, 0)
            wanted.append(0)
        elif token == "}":
            if len(wanted) > 1:
                wanted.pop()
        elif token in _ARGUMENTS:
            wanted[-1] = _ARGUMENTS[token]
        elif token in "[]":  # the optional argument of \sqrt
            wanted[-1] = 0
        elif wanted[-1]:
            wanted[-1] -= 1
            out += "{", token
            token = "}"
        out.append(token)
    return out


def _joined(tokens: list[str]) -> str:
    r"""The tokens without spaces, but for the one that keeps `\pi r` from becoming `\pir`."""
    spaced = (
        f"{token} " if token[0] == "\\" and token[-1:].isalpha() and after[:1].isalpha() else token
        for token, after in zip_longest(tokens, tokens[1:], fillvalue="")
    )
    return "".join(spaced)


def _key(text: str, depth: int) -> str:
    parts = _split(text)
    if depth > 20:
        return text
    if len(parts) > 1:
        return ",".join(sorted(_key(part, depth + 1) for part in parts))
    if (number := value(text)) is not None:
        return str(number)
    if text.startswith(r"\{") and text.endswith(r"\}"):
        return _key(text[2:-2], depth + 1)
    if text[:1] in ("(", "[") and text[-1:] in (")", "]") and len(inner := _split(text[1:-1])) > 1:
        return text[0] + ",".join(_key(part, depth + 1) for part in inner) + text[-1]
    if prefix := _PREFIX.match(text):
        return _key(text[prefix.end() :], depth + 1)
    return text


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
