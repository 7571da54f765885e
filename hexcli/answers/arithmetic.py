r"""Arithmetic expressions over whole numbers, as models write them: parsed, never evaluated as code.

`37 + 2 \times 18`, `(18 * 2) + 37 = 73` and `\frac{36}{1} + 37` are read; anything with words, powers or decimals is
not. Expressions that differ only by the order of terms or factors, or by needless parentheses, have one text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

_LONGEST = 200  # characters; an expression over four numbers has some thirty
_SIGNS = str.maketrans({"×": "*", "·": "*", "∗": "*", "÷": "/", "−": "-", "–": "-", "$": " ", "`": " "})
_LATEX = [
    (re.compile(r"\\(?:times|cdot|ast)(?![a-zA-Z])"), "*"),
    (re.compile(r"\\div(?![a-zA-Z])"), "/"),
    (re.compile(r"\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])|\\[()\[\],;:! ]|~"), " "),
    (re.compile(r"(?<=[0-9)\]}]) ?[xX] ?(?=[0-9(\[{])"), "*"),
]
_TOKEN = re.compile(r"\s*([0-9]+|[-+*/()\[\]{}]|\\[dt]?frac(?![a-zA-Z]))")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A sum or a product in one form. A sum has `up` added and `down` taken away, a product `up` multiplied and
    `down` divided by; a number is a product of no parts.

    text     the one text of all expressions that are equal up to order and parentheses
    numbers  those it is written with, in no order
    value    None where it divides by zero
    """

    sum: bool = False
    up: tuple["Expression", ...] = ()
    down: tuple["Expression", ...] = ()
    text: str
    numbers: tuple[int, ...]
    value: Fraction | None

    @classmethod
    def number(cls, value: int) -> Self:
        """The expression that is one number."""
        return cls(text=str(value), numbers=(value,), value=Fraction(value))

    @classmethod
    def of(cls, sum: bool, up: Iterable["Expression"], down: Iterable["Expression"]) -> "Expression":
        """The sum (or product) of `up` without (or divided by) `down`; one that is nested in its kind is taken out.

        But not a product that divides by zero: divided by, it would turn into one that does not.
        """
        flat: tuple[list[Expression], list[Expression]] = ([], [])
        for side, parts in enumerate((up, down)):
            for part in parts:
                if part.sum == sum and (part.up or part.down) and (sum or part.value is not None):
                    flat[side].extend(part.up)
                    flat[1 - side].extend(part.down)
                else:
                    flat[side].append(part)
        above, below = (sorted(parts, key=lambda part: (len(part.text), part.text)) for parts in flat)
        if len(above) == 1 and not below:
            return above[0]
        join, cut = "+-" if sum else "*/"
        texts = [part.text if sum or not (part.up or part.down) else f"({part.text})" for part in (*above, *below)]
        text = join.join(texts[: len(above)]) + "".join(f"{cut}{text}" for text in texts[len(above) :])
        numbers = tuple(number for part in (*above, *below) for number in part.numbers)
        value = _value(sum, above, below)
        return cls(sum=sum, up=tuple(above), down=tuple(below), text=text, numbers=numbers, value=value)


def parse(text: str) -> Expression | None:
    """The one expression that a short answer writes down, with or without `=` and its value; None where it does not."""
    if len(text) > _LONGEST:
        return None
    text = text.translate(_SIGNS)
    for pattern, plain in _LATEX:
        text = pattern.sub(plain, text)
    sides = [_parsed(side.strip(" \n\t.,;:")) for side in text.split("=")]
    if len(sides) == 1:
        return sides[0]
    long = [side for side in sides if side is not None and len(side.numbers) > 1]
    return long[0] if len(long) == 1 and None not in sides else None


def _parsed(text: str) -> Expression | None:
    tokens, end = [], 0
    while match := _TOKEN.match(text, end):
        tokens.append(match[1])
        end = match.end()
    if text[end:].strip():
        return None
    try:
        found, rest = _sum(tokens[::-1])
    except (IndexError, ValueError):
        return None
    return None if rest else found


# Each takes the tokens still to read, next one last, and gives what it read and the tokens after it. Raises
# ValueError or IndexError where they are no expression.


def _sum(tokens: list[str]) -> tuple[Expression, list[str]]:
    sides: dict[str, list[Expression]] = {"+": [], "-": []}
    sign = tokens.pop() if tokens[-1] in sides else "+"
    while True:
        term, tokens = _product(tokens)
        sides[sign].append(term)
        if not tokens or tokens[-1] not in sides:
            return Expression.of(True, sides["+"], sides["-"]), tokens
        sign = tokens.pop()


def _product(tokens: list[str]) -> tuple[Expression, list[str]]:
    sides: dict[str, list[Expression]] = {"*": [], "/": []}
    sign = "*"
    while True:
        factor, tokens = _factor(tokens)
        sides[sign].append(factor)
        if not tokens or tokens[-1] not in sides:
            return Expression.of(False, sides["*"], sides["/"]), tokens
        sign = tokens.pop()


def _factor(tokens: list[str]) -> tuple[Expression, list[str]]:
    token = tokens.pop()
    if token.endswith("frac"):
        over, tokens = _factor(tokens)
        under, tokens = _factor(tokens)
        return Expression.of(False, [over], [under]), tokens
    if token in _CLOSING:
        inner, tokens = _sum(tokens)
        if tokens.pop() != _CLOSING[token]:
            raise ValueError("brackets do not match")
        return inner, tokens
    return Expression.number(int(token)), tokens


def _value(sum: bool, above: list[Expression], below: list[Expression]) -> Fraction | None:
    total = Fraction(0 if sum else 1)
    for part in above:
        if part.value is None:
            return None
        total = total + part.value if sum else total * part.value
    for part in below:
        if part.value is None or (not sum and part.value == 0):
            return None
        total = total - part.value if sum else total / part.value
    return total
