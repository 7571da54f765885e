r"""Inequalities in one variable as the sets of real numbers that they are: intervals and unions of two."""

from collections.abc import Sequence
from fractions import Fraction

from hexcli.answers.math.evaluating import scalar
from hexcli.answers.math.tree import (
    Apply,
    Group,
    Name,
    Negative,
    Node,
    Number,
    Quotient,
    Relation,
    SetJoin,
    Sum,
    names_of,
)  # fmt: skip

_INFINITY = Name(r"\infty")
_CONSTANTS = frozenset((r"\pi", "e", r"\infty"))
_BELOW = ("<", r"\leq")
_ABOVE = (">", r"\geq")


def interval(node: Relation) -> Node | None:
    r"""The set of an inequality that is linear in its variable: `x > 2`, `-2 \leq 2x < 7`, `|x| < 3`, `x \neq 1`."""
    variables = frozenset().union(*map(names_of, node.sides)) - _CONSTANTS
    if len(variables) != 1 or len(node.sides) > 3:
        return None
    (name,) = variables
    if node.signs == (r"\neq",):
        found = _solved(node.sides[0], node.sides[1], name)
        return None if found is None else _outside(found[0], found[0], False)
    if not (set(node.signs) <= set(_BELOW) or set(node.signs) <= set(_ABOVE)):
        return None
    sides, signs = node.sides, node.signs
    if signs[0] in _ABOVE:
        sides, signs = sides[::-1], tuple({">": "<", r"\geq": r"\leq"}[sign] for sign in signs[::-1])
    if len(sides) == 3:
        low, middle, high = sides
        if names_of(low) - _CONSTANTS or names_of(high) - _CONSTANTS:
            return None
        return _between(_solved(middle, low, name), signs[0], _solved(middle, high, name), signs[1])
    left, right = sides
    if isinstance(left, Apply) and left.function == "abs" and not names_of(right) - _CONSTANTS:
        inner = left.arguments[0]
        return _between(_solved(inner, Negative(right), name), signs[0], _solved(inner, right, name), signs[0])
    if isinstance(right, Apply) and right.function == "abs" and not names_of(left) - _CONSTANTS:
        ends = _solved(right.arguments[0], Negative(left), name), _solved(right.arguments[0], left, name)
        if ends[0] is None or ends[1] is None:
            return None
        (low, rising), (high, _) = ends[0], ends[1]
        return _outside(low, high, signs[0] == r"\leq") if rising else _outside(high, low, signs[0] == r"\leq")
    found = _solved(left, right, name)
    if found is None:
        return None
    bound, rising = found
    closed = signs[0] == r"\leq"
    if rising:
        return Group("(", "]" if closed else ")", (Negative(_INFINITY), bound))
    return Group("[" if closed else "(", ")", (bound, _INFINITY))


def _solved(left: Node, right: Node, name: str) -> tuple[Node, bool] | None:
    """Where `left` is `right`, in a variable that both are linear in; and whether left - right is rising."""
    variable = Name(name)
    if left == variable and name not in names_of(right):
        return right, True
    if right == variable and name not in names_of(left):
        return left, False
    ours, theirs = scalar(left), scalar(right)
    if ours is None or theirs is None:
        return None
    if name not in names_of(right):  # the bound as it is written, so that it need not be rational
        factor, rest = _linear(ours.over, name) if ours.under == {(): 1} else (None, None)
        if factor and rest is not None:
            moved = right if not rest else Sum((right, Negative(_number(rest))))
            return (moved if factor == 1 else Quotient(moved, _number(factor))), factor > 0
        return None
    difference = ours + -theirs
    factor, rest = _linear(difference.over, name) if difference.under == {(): 1} else (None, None)
    return (_number(-rest / factor), factor > 0) if factor and rest is not None else None


def _linear(polynomial: object, name: str) -> tuple[Fraction | None, Fraction | None]:
    """The factors a and b of `a x + b`; None where it is something else."""
    assert isinstance(polynomial, dict)
    variable = ((name, Fraction(1)),)
    if set(polynomial) <= {variable, ()} and variable in polynomial:
        return polynomial[variable], polynomial.get((), Fraction(0))
    return None, None


def _number(value: Fraction) -> Node:
    return Number(value, str(value))


def _between(low: tuple[Node, bool] | None, left: str, high: tuple[Node, bool] | None, right: str) -> Node | None:
    if low is None or high is None:
        return None
    if not low[1]:
        low, high, left, right = high, low, right, left
    return Group("[" if left == r"\leq" else "(", "]" if right == r"\leq" else ")", (low[0], high[0]))


def _outside(low: Node, high: Node, closed: bool) -> Node:
    below = Group("(", "]" if closed else ")", (Negative(_INFINITY), low))
    return SetJoin(r"\cup", (below, Group("[" if closed else "(", ")", (high, _INFINITY))))


def each_unequal(items: Sequence[Node]) -> tuple[Node, ...]:
    r"""With the name and sign of `x \neq 1, 2` for each number."""
    first = items[0] if items else None
    if not (isinstance(first, Relation) and first.signs == (r"\neq",)):
        return tuple(items)
    return tuple(
        item if isinstance(item, Relation) else Relation((first.sides[0], item), first.signs) for item in items
    )
