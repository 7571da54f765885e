"""Trees of single expressions -> their exact values (scalars.py); what has none that is known here stays an atom."""

from fractions import Fraction
from functools import lru_cache

from hexcli.answers.math.functions import applied, power
from hexcli.answers.math.scalars import Scalar
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

TRIGONOMETRIC = frozenset(["sin", "cos", "tan", "cot", "sec", "csc"])


@lru_cache(maxsize=1 << 13)
def scalar(node: Node) -> Scalar | None:
    """The value of a tree; None where it is no expression, is undefined (1/0), or too large to be worked out."""
    try:
        return evaluated(node)
    except (ValueError, ZeroDivisionError, OverflowError, RecursionError):
        return None


@lru_cache(maxsize=1 << 13)
def evaluated(node: Node) -> Scalar:
    """The value of a tree. Raises ValueError for what is no expression, TooLargeError, ZeroDivisionError."""
    return _value(node, False)


def _value(node: Node, angle: bool) -> Scalar:
    """`angle`: in the argument of a trigonometric function, where degrees count as what they are."""
    match node:
        case Number():
            return Scalar.of(node.value)
        case Mixed():
            return Scalar.of(node.whole + Fraction(node.over, node.under))
        case Name():
            return Scalar.atom(node.name)
        case Negative():
            return -_value(node.of, angle)
        case Degrees():
            of = _value(node.of, angle)
            return of * Scalar.of(Fraction(1, 180)) * Scalar.atom(r"\pi") if angle else of
        case Sum():
            total = Scalar.of(0)
            for term in node.terms:
                total = total + _value(term, angle)
            return total
        case Product():
            total = Scalar.of(1)
            for factor in node.factors:
                total = total * _value(factor, angle)
            return total
        case Quotient():
            return _value(node.over, angle) / _value(node.under, angle)
        case Power():
            return power(_value(node.base, angle), _value(node.exponent, angle))
        case Root():
            degree = _value(node.degree, angle).number
            if degree is None or degree.denominator != 1 or not 1 < degree < 1000:
                raise ValueError("no root of a whole degree")
            return power(_value(node.of, angle), Scalar.of(1 / degree), real=True)
        case Apply():
            inner = node.function in TRIGONOMETRIC
            return applied(node.function, [_value(argument, inner) for argument in node.arguments])
        case Based():
            return Scalar.of(based_value(node.of, node.base))
    raise ValueError(f"{type(node).__name__} is no expression")


def based_value(node: Node, base: int) -> Fraction:
    """The value of numerals in a base: whole, with a point, signed, or a fraction. Raises ValueError."""
    match node:
        case Negative():
            return -based_value(node.of, base)
        case Quotient():
            return based_value(node.over, base) / based_value(node.under, base)
        case Number() | Name():
            text = node.text if isinstance(node, Number) else node.name
            whole, _, behind = text.partition(".")
            if len(text) > 200:
                raise ValueError("too long a numeral")
            return Fraction(int((whole + behind) or "0", base), base ** len(behind))
    raise ValueError("no numeral")
