r"""The shape in which an answer is compared, made of its tree: values, lists, points, intervals, named values.

What is said in several ways comes out as one: `x > 2` and `\{x \mid x > 2\}` are `(2,\infty)`, `a \pm b` is both,
`x=3, x=5` are the values, a chain of equals signs is its name and its result.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hexcli.answers.math.evaluating import TRIGONOMETRIC, scalar
from hexcli.answers.math.labels import applied, is_label
from hexcli.answers.math.matrices import matrix_of
from hexcli.answers.math.sets import each_unequal, interval
from hexcli.answers.math.signs import both, count
from hexcli.answers.math.tree import (
    Apply,
    Degrees,
    Group,
    Listing,
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    PlusMinus,
    Quantity,
    Quotient,
    Ratio,
    Relation,
    Row,
    SetJoin,
    SetOf,
    Sum,
    Text,
    names_of,
)  # fmt: skip
from hexcli.answers.math.unions import common, is_set, joined, listed, without


@dataclass(frozen=True, slots=True)
class Labelled(Node):
    """A value with its name; `relation` is the equation itself."""

    label: Node
    value: Node
    relation: Relation | None


@dataclass(frozen=True, slots=True)
class Either(Node):
    """Said in several ways, each of which counts: `\\sqrt2 \\approx 1.41`."""

    ways: tuple[Node, ...]


REALS = Group("(", ")", (Negative(Name(r"\infty")), Name(r"\infty")))
_ALL = (
    "all real numbers",
    "all reals",
    "all real",
    "all real values",
    "the set of all real numbers",
    "any real number",
)
_MOST_MATRICES = 5  # that are multiplied: each doubles what stands in a cell
_ORDER = {"<": ">", ">": "<", r"\leq": r"\geq", r"\geq": r"\leq"}


def shape(node: Node) -> Node:
    """The shape of an answer; applied to its result it changes nothing."""
    match node:
        case Quantity():
            inner = shape(node.of)
            if isinstance(inner, Quantity):
                return replace(inner, unit=" ".join(sorted({*inner.unit.split(), *node.unit.split()})), note=node.note)
            return Quantity(inner, node.unit, node.note)
        case Listing():
            return _listing(node)
        case Relation():
            return _relation(node)
        case Group():
            return _group(node)
        case SetJoin():
            return _sets(node)
        case SetOf():
            return _set_of(node)
        case Matrix():
            cells = [cell for row in node.rows for cell in row.cells]
            column = all(len(row.cells) == 1 for row in node.rows)
            if column and (node.kind == "cases" or all(isinstance(cell, Relation) for cell in cells)):
                return _listing(Listing(tuple(cells), ","))
            return Matrix(node.kind, tuple(Row(tuple(map(shape, row.cells))) for row in node.rows))
        case Ratio():
            return Ratio(tuple(map(shape, node.items)))
        case Name(r"\mathbb{R}"):
            return REALS
        case Text(words) if words in _ALL:
            return REALS
        case Sum((Name(r"\mathbb{R}") | Group() as whole, Negative(taken))) if is_set(taken):
            return _sets(SetJoin(r"\setminus", (whole, taken)))
    if 0 < count(node, Matrix) <= _MOST_MATRICES and (worked := matrix_of(node)) is not None:
        return shape(worked)
    if count(node, PlusMinus) == 1:
        return _listing(Listing((node,), ","))
    return Quantity(node, "degree") if _in_degrees(node) else node


def _in_degrees(node: Node) -> bool:
    """Whether degrees stand outside of functions: then they are a unit."""
    if isinstance(node, Degrees):
        return True
    return not (isinstance(node, Apply) and node.function in TRIGONOMETRIC) and any(map(_in_degrees, node.parts()))


def _group(node: Group) -> Node:
    open, close = node.open, node.close
    if len(node.items) == 2:
        infinite = [r"\infty" in names_of(item) for item in node.items]
        open, close = "(" if infinite[0] else open, ")" if infinite[1] else close
    rows = [item for item in node.items if isinstance(item, Group) and (item.open, item.close) == ("[", "]")]
    if (open, close) == ("[", "]") and len(rows) == len(node.items) and len({len(row.items) for row in rows}) == 1:
        return Matrix("matrix", tuple(Row(tuple(map(shape, row.items))) for row in rows))  # [[1,2],[3,4]]
    return Group(open, close, tuple(map(shape, node.items)))


def _listing(node: Listing) -> Node:
    items: list[Node] = []
    intervals = 0
    node = Listing(each_unequal(node.items), node.join)
    for item in node.items:
        for one in both(item):
            found = shape(one)
            intervals += isinstance(one, Relation) and isinstance(found, Group | SetJoin)
            if node.join == "{" and isinstance(one, Listing) and one.join == "{" and not is_set(found):
                items.append(Listing((found,), "{"))  # a set of one in a set
            elif isinstance(found, Listing) and found.join != "{" and not isinstance(one, Listing):
                items += found.items
            else:
                items.append(found)
    if intervals == len(items) and items:
        if node.join == "or":
            return joined(items)
        holes = any(isinstance(item, Relation) and r"\neq" in item.signs for item in node.items)
        return common(items) if holes or node.join == "and" else listed(items)
    items = _unnamed(items)
    if node.join in ("{", "or") or all(isinstance(item, Group) for item in items):
        items = list(dict.fromkeys(items))
    if len(items) == 1 and not (node.join == "{" and is_set(items[0])):
        return items[0]
    return Listing(tuple(items), "{" if node.join == "{" else ",")


def _unnamed(items: Sequence[Node]) -> list[Node]:
    """Without their names, where it is one for all: `x=3, x=5`, `x=3, 5`."""
    labels = {_unnumbered(item.label) for item in items if isinstance(item, Labelled)}
    if len(labels) != 1 or len(items) == 1:
        return list(items)
    found: list[Node] = []
    for item in items:
        value = item.value if isinstance(item, Labelled) else item
        found += value.items if isinstance(value, Listing) else [value]
    return found


def _unnumbered(label: Node) -> Node:
    """`x` of `x_1`, the first of several."""
    name = label.name if isinstance(label, Name) else ""
    return Name(name[:-2]) if re.fullmatch(r".+_[0-9]", name) else label


def _set_of(node: SetOf) -> Node:
    what = node.what
    if isinstance(what, Relation) and what.signs == (r"\in",) and shape(what.sides[1]) == REALS:
        what = what.sides[0]
    condition = shape(node.condition)
    if isinstance(what, Name) and isinstance(condition, Group | SetJoin):
        return condition
    if isinstance(what, Name) and isinstance(condition, Labelled) and condition.label == what:
        return condition.value
    return SetOf(what, condition)


def _sets(node: SetJoin) -> Node:
    sets = [shape(one) for one in node.sets]
    if node.sign == r"\cup":
        return joined(sets)
    if node.sign == r"\cap":
        return common(sets)
    if node.sign == r"\setminus" and len(sets) == 2 and (found := without(sets[0], sets[1])) is not None:
        return found
    return SetJoin(node.sign, tuple(sets))


def _relation(node: Relation) -> Node:
    signs = set(node.signs)
    if signs == {"="}:
        return _equation(node)
    if r"\approx" in signs and signs <= {"=", r"\approx"}:
        return _about(node)
    if node.signs == (r"\in",) and isinstance(node.sides[0], Name):
        return Labelled(node.sides[0], shape(node.sides[1]), None)
    if (found := interval(node)) is not None:
        return shape(found)
    if signs <= {">", r"\geq"}:
        return Relation(node.sides[::-1], tuple(_ORDER[sign] for sign in node.signs[::-1]))
    return node


def _about(node: Relation) -> Node:
    values = [side for side in node.sides if not is_label(side, Number(Fraction(0), "0"))]
    if len(values) == len(node.sides):
        return Either(tuple(map(shape, values)))
    if values and len(node.sides) - len(values) == 1 and is_label(node.sides[0], values[0]):
        return Labelled(node.sides[0], Either(tuple(map(shape, values))), None)
    return node


def _equation(node: Relation) -> Node:
    first, *middle, last = node.sides
    names = tuple(side for side in node.sides[:-1] if isinstance(side, Name) and is_label(side, last))
    if middle and len(set(names)) == len(node.sides) - 1 and isinstance(last, Number | Negative | Quotient):
        return Labelled(Group("(", ")", names), shape(last), None)  # x = y = 2
    if is_label(first, last) and not any(map(_names_itself, middle)):
        return Labelled(first, shape(last), None if middle else node)
    if not middle and isinstance(last, Name) and is_label(last, first):
        return Labelled(last, shape(first), node)
    if not any(names_of(side) - {r"\pi", "e", "i"} or applied(side) for side in node.sides):
        return _computation(node)
    return node


def _names_itself(side: Node) -> bool:
    """Of a side between two equals signs: a variable of its own (`x = y = 2`), but not the same angle again."""
    return isinstance(side, Text) or (isinstance(side, Name) and side.name[:2] != "\\a")


def _computation(node: Relation) -> Node:
    """A computation is its result, which stands last; but `18 = 6 * 3` is 18, and `2 = 3` no value."""
    first, last = node.sides[0], node.sides[-1]
    if isinstance(first, Number | Negative) and isinstance(getattr(first, "of", first), Number):
        ours, theirs = scalar(first), scalar(last)
        return shape(first) if ours and theirs and ours.same(theirs) else node
    return shape(last)
