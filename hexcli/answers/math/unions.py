r"""Sets of real numbers put together: unions, what they have in common, and what is left without another.

A set is its pieces: intervals, and numbers for single points. Only sets whose ends are rational or infinite are worked
out; of others the parts are kept as they are.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from hexcli.answers.math.evaluating import scalar
from hexcli.answers.math.tree import Group, Listing, Name, Negative, Node, SetJoin

_INFINITY = Name(r"\infty")
EMPTY = Name(r"\emptyset")
Ends = tuple[float | Fraction, float | Fraction]


def joined(sets: Sequence[Node]) -> Node:
    r"""The union of sets, intervals that touch put together."""
    flat = _flat(sets)
    pieces = _pieces(flat)
    if pieces is None:
        unique = tuple(dict.fromkeys(flat))
        return unique[0] if len(unique) == 1 else SetJoin(r"\cup", unique)
    return _union(pieces)


def common(sets: Sequence[Node]) -> Node:
    r"""What sets have in common: `\emptyset` where that is nothing."""
    found: list[Node] | None = None
    for one in sets:
        pieces = _pieces(_flat([one]))
        if pieces is None:
            return SetJoin(r"\cap", tuple(dict.fromkeys(sets)))
        found = pieces if found is None else [both for a in found for b in pieces if (both := _both(a, b)) is not None]
    return _union(found or [])


def listed(sets: Sequence[Node]) -> Node:
    r"""Inequalities side by side: `x<1, x>2` is their union, `x>1, x<3` what they have in common.

    Where one of them says no more than another (`x>1, x>3`) nobody knows what is meant: then they stay a list.
    """
    shared = common(sets)
    if shared == EMPTY or (isinstance(shared, SetJoin) and shared.sign == r"\cap"):
        return joined(sets)
    return Listing(tuple(sets), ",") if shared in sets else shared


def without(whole: Node, holes: Node) -> Node | None:
    r"""`\mathbb{R} \setminus \{1, 2\}` as intervals; None where the ends of one of the sets are not known."""
    left, taken = _pieces(_flat([whole])), _pieces(_flat([holes]))
    if left is None or taken is None:
        return None
    least, most = (Group("[", "]", (end, end)) for end in (Negative(_INFINITY), _INFINITY))
    ends = [least, *_merged(taken), most]
    gaps = [_gap(low, high) for low, high in pairwise(ends)]
    return common([whole, _union([gap for gap in gaps if _ends(gap) is not None])])


def _gap(low: Node, high: Node) -> Node:
    open, close = "(" if _closed(low, 1) else "[", ")" if _closed(high, 0) else "]"
    return Group(open, close, (_at(low, 1), _at(high, 0)))


def is_set(node: Node) -> bool:
    r"""Whether it is a set in braces or `\emptyset`."""
    return node == EMPTY or (isinstance(node, Listing) and node.join == "{")


def _flat(sets: Sequence[Node]) -> list[Node]:
    flat: list[Node] = []
    for one in sets:
        if isinstance(one, SetJoin) and one.sign == r"\cup":
            flat += one.sets
        elif isinstance(one, Listing):
            flat += one.items
        elif one != EMPTY:
            flat.append(one)
    return flat


def _pieces(flat: Sequence[Node]) -> list[Node] | None:
    return None if any(_ends(one) is None for one in flat) else list(flat)


def _union(pieces: Sequence[Node]) -> Node:
    merged = _merged(pieces)
    if len(merged) < 2:
        return merged[0] if merged else EMPTY
    if not any(isinstance(one, Group) for one in merged):
        return Listing(tuple(merged), "{")
    return SetJoin(r"\cup", tuple(merged))


def _merged(pieces: Sequence[Node]) -> list[Node]:
    """In their order on the line, those that overlap or touch as one."""
    known = [(ends, one) for one in pieces if (ends := _ends(one)) is not None]
    known.sort(key=lambda pair: pair[0])
    merged: list[tuple[Ends, Node]] = []
    for ends, one in known:
        if merged and (both := _spanned(*merged[-1], ends, one)) is not None:
            merged[-1] = both
        else:
            merged.append((ends, one))
    return [one for _, one in merged]


def _spanned(first: Ends, one: Node, second: Ends, two: Node) -> tuple[Ends, Node] | None:
    """Two pieces as one, if they overlap or touch; the first begins first."""
    if second[0] > first[1] or (second[0] == first[1] and not (_closed(one, 1) or _closed(two, 0))):
        return None
    start = two if first[0] == second[0] and _closed(two, 0) else one
    end = two if second[1] > first[1] or (second[1] == first[1] and _closed(two, 1)) else one
    return (first[0], max(first[1], second[1])), _piece(start, end)


def _both(a: Node, b: Node) -> Node | None:
    """What two pieces have in common; None where that is nothing."""
    first, second = _ends(a), _ends(b)
    if first is None or second is None:
        return None
    start = a if first[0] > second[0] or (first[0] == second[0] and not _closed(a, 0)) else b
    end = a if first[1] < second[1] or (first[1] == second[1] and not _closed(a, 1)) else b
    low, high = max(first[0], second[0]), min(first[1], second[1])
    if low > high or (low == high and not (_closed(start, 0) and _closed(end, 1))):
        return None
    return _piece(start, end) if low < high else _at(start, 0)


def _piece(start: Node, end: Node) -> Node:
    low, high = _at(start, 0), _at(end, 1)
    open, close = "[" if _closed(start, 0) else "(", "]" if _closed(end, 1) else ")"
    return low if low == high else Group(open, close, (low, high))


def _at(one: Node, end: int) -> Node:
    return one.items[end] if isinstance(one, Group) else one


def _closed(one: Node, end: int) -> bool:
    return (one.close == "]" if end else one.open == "[") if isinstance(one, Group) else True


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
