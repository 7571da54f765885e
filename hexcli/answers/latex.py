"""LaTeX answers in one normal form, so that equal answers become equal strings or equal numbers.

In the spirit of `strip_string` of MATH (hendrycks/math, arXiv 2103.03874), with two differences: it goes over
TeX's tokens instead of substrings, and numbers are compared as exact fractions. It undresses notation and does
no algebra: `x+1` and `1+x` stay two answers.
"""

import re
from functools import lru_cache
from itertools import zip_longest

LONGEST = 4000  # characters; nothing longer is an answer, and the regexes below may stay simple
_UNICODE = str.maketrans(
    {"−": "-", "–": "-", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "π": r"\pi ", "∞": r"\infty ", "∪": r"\cup ",
     "∈": r"\in ", "×": r"\times ", "·": r"\cdot ", "√": r"\sqrt ", "⁄": "/", "°": r"^\circ ", "²": "^2",
     "³": "^3", "½": r" \frac12", "¼": r" \frac14", "¾": r" \frac34", "≈": r"\approx ", "£": "$", "€": "$",
     "¥": "$", "₹": "$"}
)  # fmt: skip
_DRESS = re.compile(
    r"^\s?(?:\\(?:approx|sim|therefore|Rightarrow|implies|displaystyle)(?![a-zA-Z])|[=~])|^\*\*|\*\*$"
    r"|\\(?:text)?color ?\{[a-z]{1,20}\}|\\(?:pounds|euro|textdollar|text ?\{\\?\$\})(?![a-zA-Z])|\bUSD?(?= ?\\?[$0-9])"
)
# What people type instead of LaTeX.
_TYPED = (
    (re.compile(r"(?<![\\a-zA-Z])sqrt ?\(([^()]*)\)"), r"\\sqrt{\1}"),
    (re.compile(r"(?<![\\a-zA-Z])pi(?![a-zA-Z])"), r"\\pi "),
    (re.compile(r"(?<=[0-9]) ?x ?(?=10 ?\^)"), r"\\cdot "),
    (re.compile(r"(?<=\w)\*\*(?=\w)"), "^"),
    (re.compile(r"\{([^{}]*)\\over(?![a-zA-Z])([^{}]*)\}"), r"\\frac{\1}{\2}"),
)
SCALE = re.compile(r"(?<=[0-9]) ?((?:\\(?:text|mbox|mathrm) ?\{)?) ?(hundred|thousand|million|billion|trillion)\b")
_ZEROS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_DEGREES = re.compile(r"\^ ?\{? ?\\(?:circ|degree)(?![a-zA-Z]) ?\}?|\\degrees?(?![a-zA-Z])")
_TEXT = re.compile(r"\\(?:text|textbf|textit|textrm|mbox|mathrm|mathbf|underline|operatorname) ?\{([^{}]*)(?:\}|$)")
_TEXT_UNIT = re.compile(
    r"(?<=\S) ?\\(?:text|textrm|mbox|mathrm) ?\{(?: (?:[^{}0-9]|\^[23])*|[^{}0-9]{2,40}|[mgsL])(?:\}|$)"
    r"(?:\^\{?[0-9]\}?)?[ .,$]*$"
)
_MIXED = re.compile(r"(?<![\w.])([0-9]{1,9}) ([0-9]{1,9}) ?/ ?([0-9]{1,9})(?![\w.])")
_BESIDE = re.compile(r"(?<!\\frac [0-9])(?<![_^][0-9])(?<=[0-9]) (?=[0-9])(?![0-9]{3}(?![0-9]))")
# A unit that stands free behind a number. Short words must be known, lest `2 xy` lose its variables.
_SHORT = "mm|cm|km|m|in|ft|mi|yd|lbs?|oz|kg|g|mg|ml|hrs?|min|sec|sq|mph|deg|rad|am|pm|days?|men|cups?"
_UNIT = re.compile(
    rf"(?<=[0-9}}]) (?:[a-zA-Z]{{4,30}}|{_SHORT})(?![a-zA-Z])\.?(?:[ /]{{1,3}}[a-zA-Z]{{1,30}})*(?:\^\{{?[0-9]\}}?)?$"
)
_WORDS = re.compile(r"(?:[Nn]o|[a-zA-Z]{3,})(?:[ '-]+[a-zA-Z]+)*")

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\S")
_DROPPED = re.compile(r"\\[!,;:>()\[\]$% ]|[$%~]|\\(?:left|right|[bB]igg?[lr]?|q?quad|displaystyle|textstyle|limits)")
_ALIAS = {
    r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\cfrac": r"\frac", r"\le": r"\leq", r"\ge": r"\geq",
    r"\ne": r"\neq", r"\times": r"\cdot", "*": r"\cdot", r"\lbrace": r"\{", r"\rbrace": r"\}",
    r"\varnothing": r"\emptyset", r"\dots": r"\ldots", r"\bar": r"\overline",
}  # fmt: skip
_ARGUMENTS = {r"\frac": 2, r"\sqrt": 1, r"\overline": 1}
_THOUSANDS = re.compile(r"(?<![0-9.,])([0-9]{1,4}(?:,[0-9]{3})+)(?![0-9,])")
_SLASH = re.compile(
    r"(?<![\w.)/!])([0-9]{1,20}|[0-9]{0,9}\\sqrt\{\w{1,9}\}|[0-9]{0,9}\\pi)/([0-9]{1,20})(?![\w.({/!^])"
)
_MINUS = re.compile(r"(^|[(\[,=&])\\frac\{-((?:[^{}+-]|\{[^{}]*\})*\})")  # of a product, not of a sum
_UNSURE = re.compile(r"(?<![\\a-zA-Z])[a-zA-Z]|[,<>]|\\[ln]eq|\\geq")  # what makes an equation more than a sum
_BRACKETED = re.compile(r"(\(+)([A-Z]|-?[0-9.]+)(\)+)")
_NAME = r"(?:[a-zA-Z](?:_\w)?(?:\([a-zA-Z]\))?|\\[a-zA-Z]+)"
PREFIX = re.compile(rf"{_NAME}(?:=|\\in(?![a-zA-Z]) ?)(?=[^=]+$)")


def latex(text: str) -> str:
    r"""The normal form of an answer; applied to its own result it changes nothing.

    `$x = \dfrac12$.` is `\frac{1}{2}`, `\left( 3, .5 \right)` is `(3,0.5)`, `5.4 \text{ cents}` is `5.4`,
    `\text{(C)}` is `C`, `1,\!000` and `1,000` are `1000`, and `5^\circ`, `5\%` and `\$5` are `5`.
    """
    return _normal(text) if len(text) <= LONGEST else " ".join(text.split())


@lru_cache(maxsize=1 << 14)  # votes are compared in pairs
def _normal(text: str) -> str:
    dressed = text = " ".join(text.translate(_UNICODE).split())
    for _ in range(8):  # undressing may bring out something to undress: until nothing changes
        before, text = text, _undressed(text)
        if text == before:
            return text
    return dressed  # a nest of things


def _undressed(text: str) -> str:
    text = _DRESS.sub("", text)
    for pattern, tex in _TYPED:
        text = pattern.sub(tex, text)
    text = SCALE.sub(lambda match: rf"\cdot10^{{{_ZEROS[match[2]]}}}{match[1]} ", text)
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
    text = _MINUS.sub(r"\1-\\frac{\2", text)
    if prefix := PREFIX.match(text):
        text = text[prefix.end() :]
    computation, equals, result = text.rpartition("=")
    if equals and result and any(map(str.isdigit, computation)) and not _UNSURE.search(computation):
        text = result
    bracketed = _BRACKETED.fullmatch(text)
    return bracketed[2] if bracketed and len(bracketed[1]) == len(bracketed[3]) else text


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
