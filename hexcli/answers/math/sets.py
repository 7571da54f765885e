r"""Sets of real numbers: inequalities are their intervals, and unions and holes are put together."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from hexcli.answers.math.evaluating import scalar
from hexcli.answers.math.tree import (
    Apply,
    Group,
    Listing,
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
Ends = tuple[float | Fraction, float | Fraction]
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


def joined(sets: Sequence[Node], intersect: bool) -> Node:
    r"""The union of sets, intervals that touch put together; or the intersection of two intervals that overlap."""
    flat: list[Node] = []
    for one in sets:
        if isinstance(one, SetJoin) and one.sign == r"\cup":
            flat += one.sets
        elif isinstance(one, Listing):
            flat += one.items
        else:
            flat.append(one)
    if intersect and len(flat) == 2 and (common := _common(flat[0], flat[1])) is not None:
        return common
    known = [(end, one) for one in flat if (end := _ends(one)) is not None]
    if len(known) < len(flat):
        unique = tuple(dict.fromkeys(flat))
        return unique[0] if len(unique) == 1 else SetJoin(r"\cup", unique)
    known.sort(key=lambda pair: pair[0])
    merged: list[tuple[Ends, Node]] = []
    for ends, one in known:
        if merged and (both := _merged(*merged[-1], ends, one)) is not None:
            merged[-1] = both
        else:
            merged.append((ends, one))
    return merged[0][1] if len(merged) == 1 else SetJoin(r"\cup", tuple(one for _, one in merged))


def _merged(first: Ends, one: Node, second: Ends, two: Node) -> tuple[Ends, Node] | None:
    """Two intervals as one, if they overlap or touch; the first begins first."""
    if second[0] > first[1] or (second[0] == first[1] and not (_closed(one, 1) or _closed(two, 0))):
        return None
    start = two if first[0] == second[0] and _closed(two, 0) else one
    end = two if second[1] > first[1] or (second[1] == first[1] and _closed(two, 1)) else one
    return (first[0], max(first[1], second[1])), _spanning(start, end)


def _spanning(start: Node, end: Node) -> Node:
    low = start.items[0] if isinstance(start, Group) else start
    high = end.items[1] if isinstance(end, Group) else end
    open, close = "[" if _closed(start, 0) else "(", "]" if _closed(end, 1) else ")"
    return low if low == high else Group(open, close, (low, high))


def _closed(one: Node, end: int) -> bool:
    return (one.close == "]" if end else one.open == "[") if isinstance(one, Group) else True


def _common(a: Node, b: Node) -> Node | None:
    """What two intervals have in common, if they overlap and their ends are known."""
    first, second = _ends(a), _ends(b)
    if first is None or second is None or not isinstance(a, Group) or not isinstance(b, Group):
        return None
    low = a if first[0] > second[0] or (first[0] == second[0] and a.open == "(") else b
    high = a if first[1] < second[1] or (first[1] == second[1] and a.close == ")") else b
    if max(first[0], second[0]) >= min(first[1], second[1]):
        return None
    return Group(low.open, high.close, (low.items[0], high.items[1]))


def _ends(one: Node) -> Ends | None:
    """The ends of an interval, or a number twice; None where they are not rational or infinite."""
    if isinstance(one, Group):
        if len(one.items) != 2:
            return None
        low, high = map(_end, one.items)
        return None if low is None or high is None or low >= high else (low, high)
    value = _end(one)
    return None if value is None else (value, value)


def _end(node: Node) -> float | Fraction | None:
    if node == _INFINITY:
        return float("inf")
    if node == Negative(_INFINITY):
        return float("-inf")
    value = scalar(node)
    return value.number if value is not None else None


def without(whole: Node, holes: Node) -> Node | None:
    r"""`\mathbb{R} \setminus \{1, 2\}` as intervals; None where that is not what it is."""
    if not (isinstance(whole, Group) and whole.items == (Negative(_INFINITY), _INFINITY)):
        return None
    items = holes.items if isinstance(holes, Listing) else (holes,)
    ends = {end for item in items if isinstance(end := _end(item), Fraction)}
    if len(ends) < len(set(items)):
        return None
    points = [Negative(_INFINITY), *map(_number, sorted(ends)), _INFINITY]
    return SetJoin(r"\cup", tuple(Group("(", ")", pair) for pair in pairwise(points)))
