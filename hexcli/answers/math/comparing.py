"""Two shapes -> whether they are the same answer, with the steps that led there."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hexcli.answers.math.evaluating import based_value, evaluated
from hexcli.answers.math.partners import matched, named_apart, point, unmatched
from hexcli.answers.math.printing import printed
from hexcli.answers.math.question import question
from hexcli.answers.math.relations import same_relation
from hexcli.answers.math.scalars import TooLargeError
from hexcli.answers.math.shapes import Either, Labelled
from hexcli.answers.math.tree import (
    Apply,
    Based,
    Clock,
    Group,
    Listing,
    Matrix,
    Name,
    Negative,
    Node,
    Product,
    Quantity,
    Ratio,
    Relation,
    SetJoin,
    SetOf,
    Sum,
    Text,
    names_of,
)  # fmt: skip
from hexcli.answers.math.words import counted

_DEGREES = ({"degree", "celsius"}, {"degree", "fahrenheit"})  # said of a temperature, too
_DEEPEST = 6
_MOST = 12  # parts of a list without an equal on the other side: each is compared with each
_STRUCTURES = (Group, Listing, Matrix, Relation, SetJoin, SetOf, Text, Clock, Ratio)


class Comparison:
    """One comparison: `judge` answers questions about expressions, `steps` says what was found, `by` who found it."""

    def __init__(self, judge: Callable[[str], bool]) -> None:
        self._judge = judge
        self.steps: list[str] = []
        self.by = "tree"
        self.undecided = False

    def equal(self, a: Node, b: Node, depth: int = 0) -> bool:
        """Whether two shapes are the same answer."""
        if a == b:
            return self._found(a, b, True, "tree")
        if depth > _DEEPEST:
            return False
        for one, two in ((a, b), (b, a)):
            if isinstance(one, Either):
                return any(self.equal(way, two, depth + 1) for way in one.ways)
        for one, two in ((a, b), (b, a)):
            if isinstance(one, Labelled):
                return self._labelled(one, two, depth)
        for one, two in ((a, b), (b, a)):
            if isinstance(one, Group) and isinstance(two, Listing) and (values := point(two)) is not None:
                return self._each(one.items, values, depth)
            if isinstance(one, Apply) and one.function.isupper() and isinstance(two, Group) and two.open == "(":
                return self._each(one.arguments, two.items, depth)  # a point with its letter: A(3,4)
            if (
                isinstance(one, Apply)
                and one.function == "C"
                and len(one.arguments) == 2
                and not isinstance(two, Apply)
            ):
                return self.equal(replace(one, function="binom"), two, depth + 1)
            if isinstance(one, Text) and not isinstance(two, _STRUCTURES) and (letters := _letters(one)) is not None:
                return self.equal(letters, two, depth + 1)
        if isinstance(a, Quantity) or isinstance(b, Quantity):
            return self._quantities(a, b, depth)
        if isinstance(a, Relation) and isinstance(b, Relation):
            return self._relations(a, b, depth)
        if isinstance(a, _STRUCTURES) or isinstance(b, _STRUCTURES):
            equal = type(a) is type(b) and self._structures(a, b, depth)
            return self._found(a, b, equal, "undecided" if self.undecided and not equal else "tree")
        return self._expressions(a, b)

    def _found(self, a: Node, b: Node, equal: bool, by: str) -> bool:
        self.by = by
        self.steps.append(f"{printed(a)} {'=' if equal else '!='} {printed(b)}: {by}")
        return equal

    def _labelled(self, a: Labelled, b: Node, depth: int) -> bool:
        if isinstance(b, Relation):
            return a.relation is not None and self._relations(a.relation, b, depth)
        if not isinstance(b, Labelled):
            if isinstance(b, Listing) and isinstance(a.label, Group) and isinstance(a.value, Group):
                values = point(b, a.label.items)
                return values is not None and self._each(a.value.items, values, depth)
            return self.equal(a.value, b, depth + 1)
        if _same_label(a, b) and self.equal(a.value, b.value, depth + 1):
            return True
        return a.relation is not None and b.relation is not None and self._relations(a.relation, b.relation, depth)

    def _quantities(self, a: Node, b: Node, depth: int) -> bool:
        one = a if isinstance(a, Quantity) else Quantity(a, "")
        two = b if isinstance(b, Quantity) else Quantity(b, "")
        if one.note != two.note:
            return self._found(a, b, False, "words")
        if (
            one.unit
            and two.unit
            and one.unit != two.unit
            and {one.unit, two.unit} not in _DEGREES
            and not _counted_up(one, two)
        ):
            return self._found(a, b, False, "units")
        return self.equal(one.of, two.of, depth + 1)

    def _structures(self, a: Node, b: Node, depth: int) -> bool:
        if isinstance(a, Group) and isinstance(b, Group):
            return (a.open, a.close) == (b.open, b.close) and self._each(a.items, b.items, depth)
        if isinstance(a, Listing) and isinstance(b, Listing):
            return self._lists(a.items, b.items, depth)
        if isinstance(a, SetJoin) and isinstance(b, SetJoin):
            ordered = a.sign == r"\setminus"
            return a.sign == b.sign and (self._each if ordered else self._lists)(a.sets, b.sets, depth)
        if isinstance(a, SetOf) and isinstance(b, SetOf):
            return self._each((a.what, a.condition), (b.what, b.condition), depth)
        if isinstance(a, Matrix) and isinstance(b, Matrix):
            if a.kind != b.kind or [len(row.cells) for row in a.rows] != [len(row.cells) for row in b.rows]:
                return False
            cells = [[cell for row in matrix.rows for cell in row.cells] for matrix in (a, b)]
            return self._each(cells[0], cells[1], depth)
        if isinstance(a, Ratio) and isinstance(b, Ratio) and len(a.items) == len(b.items):
            return all(
                self._products(a.items[0], theirs, b.items[0], ours)
                for ours, theirs in zip(a.items[1:], b.items[1:], strict=True)
            )
        return False  # words, times: they would be the same tree

    def _products(self, a: Node, b: Node, c: Node, d: Node) -> bool:
        """Whether a b = c d."""
        return self._expressions(Product((a, b)), Product((c, d)))

    def _each(self, ours: Sequence[Node], theirs: Sequence[Node], depth: int) -> bool:
        return len(ours) == len(theirs) and all(
            self.equal(one, two, depth + 1) for one, two in zip(ours, theirs, strict=True)
        )

    def _lists(self, ours: Sequence[Node], theirs: Sequence[Node], depth: int) -> bool:
        """In any order: every part has a partner of its own."""
        if len(ours) != len(theirs) or named_apart(ours) != named_apart(theirs):
            return False
        left, right = unmatched(ours, theirs)
        if len(left) > _MOST:
            return False
        partners = [[place for place, two in enumerate(right) if self.equal(one, two, depth + 1)] for one in left]
        return matched(partners)

    def _relations(self, a: Relation, b: Relation, depth: int) -> bool:
        found = same_relation(a, b)
        if found is not None:
            return self._found(a, b, found, "arithmetic")
        if len(a.signs) == 1 and a.signs == b.signs and a.signs[0] in ("=", "<", r"\leq"):
            kind = "proportional" if a.signs == ("=",) else "rising"
            one, two = (_difference(relation) for relation in (a, b))
            return self._asked(kind, one, two, a, b)
        if a.signs != b.signs:
            return self._found(a, b, False, "tree")
        return self._each(a.sides, b.sides, depth)

    def _expressions(self, a: Node, b: Node) -> bool:
        for one, two in ((a, b), (b, a)):
            if (numeral := _based(one)) is not None:
                return self._found(a, b, _same_base(numeral, _based(two) or two), "arithmetic")
        try:
            ours, theirs = evaluated(a), evaluated(b)
            if ours.same(theirs):
                return self._found(a, b, True, "arithmetic")
            if ours.free and theirs.free:
                return self._found(a, b, False, "arithmetic")
        except TooLargeError:
            pass
        except (ValueError, ZeroDivisionError, OverflowError, RecursionError):
            return self._found(a, b, False, "tree")
        return self._asked("equal", a, b, a, b)

    def _asked(self, kind: str, one: Node, two: Node, a: Node, b: Node) -> bool:
        try:
            return self._found(a, b, self._judge(question(kind, one, two)), "judge")
        except (TimeoutError, TooLargeError):
            self.undecided = True
            return self._found(a, b, False, "undecided")
        except ValueError:
            return self._found(a, b, False, "tree")


def _counted_up(a: Quantity, b: Quantity) -> bool:
    """Whether one says `in total` of what the other counts: `3 apples`."""
    return any(one.unit == "total" and counted(two.unit) is not None for one, two in ((a, b), (b, a)))


def _letters(text: Text) -> Node | None:
    """The product that letters may be where the other answer is one: `abc`."""
    if text.words.isascii() and text.words.isalpha() and text.words.islower() and 2 < len(text.words) < 5:
        return Product(tuple(map(Name, text.words)))
    return None


def _same_label(a: Labelled, b: Labelled) -> bool:
    """Whether two named values may be one; words may name what a letter does, and y = ... is what f(x) = ... is."""
    if a.label == b.label or isinstance(a.label, Text) != isinstance(b.label, Text):
        return True
    kinds = {type(a.label), type(b.label)}
    return kinds == {Apply, Name} and bool(names_of(a.value) | names_of(b.value))


def _difference(relation: Relation) -> Node:
    return Sum((relation.sides[0], Negative(relation.sides[1])))


def _based(node: Node) -> Based | None:
    """Numerals in a base, with their sign inside."""
    if isinstance(node, Negative) and (inner := _based(node.of)) is not None:
        return Based(Negative(inner.of), inner.base)
    return node if isinstance(node, Based) else None


def _same_base(a: Based, b: Node) -> bool:
    """Whether numerals are the same: with a base left out as they are written, since the problem names it."""
    try:
        if isinstance(b, Based):
            return a.base == b.base and based_value(a.of, a.base) == based_value(b.of, b.base)
        if isinstance(a.of, Name):  # 1A3: without its base a product
            text = printed(b).replace(r"\cdot", "").replace(" ", "")
            return text in (a.of.name, f"{a.of.name.lower()}_{{{a.base}}}")
        return based_value(a.of, a.base) == based_value(b, a.base)
    except (ValueError, ZeroDivisionError):
        return False
