r"""The tokens of an answer: TeX's, but with whole numbers and whole words, and the insides of `\text{...}` as words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from hexcli.answers.math.spelling import COMMA, DOLLAR
from hexcli.answers.math.symbols import ALIASES, FUNCTIONS, GREEK
from hexcli.answers.math.words import LETTER_UNITS

_GROUPED = rf"[0-9]{{1,3}}(?:[,{COMMA}][0-9]{{3}})+(?![0-9])"
_TOKEN = re.compile(
    r"(?P<space>(?:\s|~|\\[ ,;:>]|\\q?quad(?![a-zA-Z])|\\h?space\*? ?\{[^{}]*\})+)"
    r"|(?P<based>(?:[0-9]+[A-F]|[A-F]+[0-9])[0-9A-F]*"
    r"(?=_\{? ?(?:\(|\\text ?\{)? ?(?:1[1-9]|2[0-9]|3[0-6]|eleven|twelve|sixteen)))"
    rf"|(?P<number>(?:{_GROUPED}|[0-9][0-9{COMMA}]*)?\.[0-9]*(?:\\(?:overline|bar|dot) ?\{{[0-9]+\}}|[0-9])"
    rf"(?:[eE][+-]?[0-9]+(?![\w^]))?|(?:{_GROUPED}|[0-9][0-9{COMMA}]*)(?:[eE][+-]?[0-9]+(?![\w^]))?)"
    r"|(?P<text>\\(?:text(?:normal|rm|bf|it|sf|up)?|mbox|hbox|operatorname\*?|mathrm|mathit|mathsf) ?\{)"
    r"|(?P<command>\\[a-zA-Z]+|\\.)"
    r"|(?P<letters>[a-zA-Z]+)"
    r"|(?P<symbol><=|>=|=<|==|!=|-?->|=>|.)",
    re.DOTALL,
)
_INNER = re.compile(r"\s+|[0-9]+(?:\.[0-9]+)?|[a-zA-Z]+(?:['.-][a-zA-Z]+)*|.", re.DOTALL)
_COMMANDS = {
    "dfrac": r"\frac", "tfrac": r"\frac", "cfrac": r"\frac", "le": r"\leq", "ge": r"\geq", "ne": r"\neq", "lt": "<",
    "gt": ">", "leqslant": r"\leq", "geqslant": r"\geq", "leqq": r"\leq", "geqq": r"\geq", "times": "*", "cdot": "*",
    "ast": "*", "div": "/", "dbinom": r"\binom", "tbinom": r"\binom", "varnothing": r"\emptyset",
    "degrees": r"\degree",
    "lbrace": r"\{", "rbrace": r"\}", "vert": "|", "lvert": "|", "rvert": "|", "|": r"\|", "lVert": r"\|",
    "rVert": r"\|", "Vert": r"\|", "lbrack": "[", "rbrack": "]", "lparen": "(", "rparen": ")", "imath": "i",
    "backslash": r"\setminus", "varphi": r"\phi", "varepsilon": r"\epsilon", "vartheta": r"\theta",
    "simeq": r"\approx", "sim": r"\approx", "thickapprox": r"\approx", "doteq": r"\approx", "land": r"\wedge",
    "lor": r"\vee", "to": r"\to", "%": "%", "colon": ":", "reals": r"\reals", "dotsc": r"\dots", "ldots": r"\dots",
    "cdots": r"\dots", "prime": "'", "pounds": r"\pound", "textbar": "|", "smallsetminus": r"\setminus", "Pr": "P",
}  # fmt: skip
_SYMBOLS = {"<=": r"\leq", "=<": r"\leq", ">=": r"\geq", "==": "=", "!=": r"\neq", DOLLAR: r"\dollar"}
_EMPTY = frozenset(
    [r"\/", r"\relax", r"\strut", r"\mathstrut", r"\null", r"\normalsize", r"\bf", r"\rm", r"\it", r"\cal"]
)
LARGEST_EXPONENT = 400
LONGEST_NUMBER = 4000
_MOST_BRACES = 20


@dataclass(frozen=True, slots=True)
class Token:
    r"""A kind: number, based, word (of `\text`), letters, function, command, symbol, end; `spaced`: after a space."""

    kind: str
    text: str
    spaced: bool = False


def tokens(text: str, thousands: bool) -> list[Token]:
    """The tokens of a spelled text, and an `end`. `thousands`: whether `1,100` is a number, where it may be two.

    Raises ValueError for what is no token.
    """
    found = list(_tokens(text, thousands))
    return [*found, Token("end", "", True)]


def _tokens(text: str, thousands: bool) -> Iterator[Token]:
    spaced, at, depth = True, 0, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:  # cannot be: the last branch takes anything
            raise ValueError("no token")
        kind, word, at = str(match.lastgroup), match[0], match.end()
        if kind == "space":
            spaced = True
            continue
        if kind == "text":
            inner, at = _inner(text, at)
            yield from _texts(inner, spaced, word)
            spaced = inner.endswith(" ")
            continue
        if kind == "number" and "," in word and not (thousands and not depth) and not zeros(word):
            at = match.start() + word.index(",")
            word = word[: word.index(",")]
        elif kind == "symbol":
            depth += (word in "([") - (word in ")]")
            word = _SYMBOLS.get(word, word)
        elif kind == "command":
            word = _COMMANDS.get(word[1:], word)
            depth += (word == r"\{") - (word == r"\}")
            kind = "command" if word[0] == "\\" else "symbol"
            if word in _EMPTY:
                continue
            kind, word = ("letters", word) if word in ("i", "P") else (kind, word)
        yield from _named(kind, word, spaced)
        spaced = False


def _named(kind: str, word: str, spaced: bool) -> Iterator[Token]:
    """Functions and Greek letters are the same typed and as commands."""
    name = word.lstrip("\\")
    name = ALIASES.get(name, name)
    if name in FUNCTIONS and (kind == "letters" or (kind == "command" and name != "sqrt")):
        yield Token("function", name, spaced)
    elif (kind == "letters" and word in GREEK and word != "ell") or word in ("oo", "inf", "infinity", "Infinity"):
        yield Token("command", "\\" + (word if word in GREEK else "infty"), spaced)
    elif kind == "letters" and word[:3] in FUNCTIONS and word[3:] in ("x", "y", "A", "B", "C", "pi"):
        yield Token("function", word[:3], spaced)
        yield Token("command" if word[3:] == "pi" else "letters", word[3:].replace("pi", r"\pi"), True)
    else:
        yield Token(kind, word, spaced)


def zeros(word: str) -> bool:
    """Whether a group of three starts with a zero, as no part of a list does; or TeX says that it is a number."""
    return COMMA in word or any(group.startswith("0") for group in word.split(".")[0].split(",")[1:])


def _inner(text: str, at: int) -> tuple[str, int]:
    """The inside of a brace opened before `at`, and where it ends; one never closed ends with the text."""
    start, depth = at, 1
    while at < len(text) and depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return text[start : at - (depth == 0)], at


def _texts(inner: str, spaced: bool, command: str) -> Iterator[Token]:
    inner = inner.replace("~", " ")
    if inner.count("{") > _MOST_BRACES:
        raise ValueError("too many braces in a text")
    if any(mark in inner for mark in "\\{}^_"):  # mathematics inside of text
        for token in _tokens(inner, False):
            word = token.kind == "letters" and (len(token.text) > 1 or token.text in LETTER_UNITS)
            yield Token("word" if word else token.kind, token.text, spaced)
            spaced = True
        return
    plain = inner.strip()
    if (
        "text" not in command
        and "box" not in command
        and ((len(plain) == 1 and plain not in LETTER_UNITS) or plain in FUNCTIONS)
    ):
        yield from _named("letters", plain, spaced)  # \mathrm{e}
        return
    for match in _INNER.finditer(inner):
        if match[0].isspace():
            spaced = True
            continue
        kind = (
            "number" if match[0][0].isdigit() and match[0].isascii() else "word" if match[0][0].isalpha() else "symbol"
        )
        yield Token(kind, match[0], spaced)
        spaced = False


def number_value(word: str) -> Fraction:
    r"""The value of a numeral: `1,000`, `.5`, `3.5e2`, `0.\overline{3}`. Raises ValueError where it is too large."""
    word = word.replace(",", "").replace(COMMA, "")
    if len(word) > LONGEST_NUMBER:
        raise ValueError("too long a number")
    if repeating := re.fullmatch(r"([0-9]*)\.([0-9]*)\\[a-z]+ ?\{([0-9]+)\}", word):
        whole, once, again = repeating[1] or "0", repeating[2], repeating[3]
        period = Fraction(int(again), (10 ** len(again) - 1) * 10 ** len(once))
        return Fraction(f"{whole}.{once or 0}") + period
    digits, _, exponent = word.lower().partition("e")
    if exponent and abs(int(exponent[:20])) > LARGEST_EXPONENT:
        raise ValueError("too large an exponent")
    power = Fraction(10 ** abs(int(exponent or 0)))
    value = Fraction(digits.rstrip(".") or "0")
    return value / power if exponent[:1] == "-" else value * power
