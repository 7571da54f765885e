"""A question for the judge: two trees, written so that all of both is there. JSON, since it goes to another process."""

import json
from fractions import Fraction
from typing import Any

from hexcli.answers.math.evaluating import TRIGONOMETRIC, based_value, scalar
from hexcli.answers.math.scalars import TooLargeError
from hexcli.answers.math.tree import (
    Apply,
    Based,
    Degrees,
    Mixed,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
)  # fmt: skip

_MOST_BITS = 4000
_MINUS_ONE = ["n", "-1", "1"]


def question(kind: str, a: Node, b: Node) -> str:
    """Whether two expressions are `equal`, or `proportional` (`rising`: by a positive factor) wherever they are.

    Raises ValueError for what is no expression, TooLargeError for too large a number.
    """
    return json.dumps([kind, *sorted((written(a), written(b)), key=repr)])


def written(node: Node, angle: bool = False) -> list[Any]:
    """A tree as lists: numbers in hexadecimal, names, and the sign before the parts. Raises as `question`."""
    match node:
        case Number():
            return _number(node.value)
        case Mixed():
            return _number(node.whole + Fraction(node.over, node.under))
        case Based():
            return _number(based_value(node.of, node.base))
        case Name():
            return ["v", node.name]
        case Negative():
            return ["*", _MINUS_ONE, written(node.of, angle)]
        case Degrees():
            of = written(node.of, angle)
            return ["*", of, ["v", r"\pi"], _number(Fraction(1, 180))] if angle else of
        case Sum():
            return ["+", *(written(term, angle) for term in node.terms)]
        case Product():
            return ["*", *(written(factor, angle) for factor in node.factors)]
        case Quotient():
            return ["/", written(node.over, angle), written(node.under, angle)]
        case Power() | Apply() if (own := scalar(node)) is not None and own.huge:
            raise TooLargeError("a number too large to be worked out")
        case Power():
            return ["^", written(node.base, angle), written(node.exponent, angle)]
        case Root():
            return ["root", written(node.degree, angle), written(node.of, angle)]
        case Apply():
            inner = node.function in TRIGONOMETRIC
            return ["f", node.function, *(written(argument, inner) for argument in node.arguments)]
    raise ValueError(f"{type(node).__name__} is no expression")


def _number(value: Fraction) -> list[Any]:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_BITS:
        raise TooLargeError("too large a number")
    return ["n", f"{value.numerator:x}", f"{value.denominator:x}"]
