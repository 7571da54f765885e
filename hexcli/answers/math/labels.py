r"""Whether the left side of an equation only names what stands on the right: `f(3)=7`, `\angle BAC=40^\circ`."""

import re

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
    Power,
    Product,
    Quotient,
    Sum,
    Text,
    names_of,
)  # fmt: skip

_CONSTANTS = frozenset((r"\pi", "e", "i", r"\infty", r"\emptyset", r"\mathbb{R}"))
_FUNCTIONS = "sin cos tan cot sec csc arcsin arccos arctan abs norm det gcd lcm max min deg"
_OF_NAMES = frozenset(_FUNCTIONS.split())
_FUNCTION = re.compile(r"[a-zA-Z]|[fgh]('+|\^\{-1\})")


def is_label(left: Node, right: Node) -> bool:
    """Whether `left` names the value `right`.

    A name, words, or a function of a name may name anything without itself in it; sums, products and fractions of
    names (`m+n`, `xy`, `a/b`) a value only, and what has a number for a factor (`3k = 12`) is an equation to solve.
    """
    if isinstance(left, Text):
        return True
    if isinstance(left, Group):
        return all(isinstance(item, Name) for item in left.items) and isinstance(right, Group | Listing | Matrix)
    if isinstance(left, Listing) and left.join == "{":
        return all(isinstance(item, Name) for item in left.items) and isinstance(right, Listing) and right.join == "{"
    if isinstance(left, Apply) and left.function == r"\lim":
        return not _applies(right, left.function)
    own, theirs = names_of(left) - _CONSTANTS, names_of(right) - _CONSTANTS
    if isinstance(right, Matrix) and isinstance(left, Power | Product):
        return _quantity(left)
    if isinstance(left, Name):
        return left.name not in _CONSTANTS and left.name not in theirs
    if isinstance(left, Quotient) and _differential(left.over) and _differential(left.under):
        return True
    if isinstance(left, Apply) and _FUNCTION.fullmatch(left.function):
        return left.function not in theirs and not _applies(right, left.function)
    if isinstance(left, Product) and len(left.factors) == 2 and isinstance(right, Number):
        name, of = left.factors
        if isinstance(name, Name) and isinstance(of, Group):
            return True
    if isinstance(left, Sum | Product) and isinstance(right, Number) and _values(left) and not names_of(left):
        return right.value != 0
    if isinstance(left, Sum) and isinstance(right, Number) and right.value == 0:
        return False  # what is moved over
    return bool(own) and not theirs and _quantity(left) and (len(own) > 1 or isinstance(left, Apply))


def _differential(node: Node) -> bool:
    return isinstance(node, Product) and len(node.factors) == 2 and node.factors[0] == Name("d")


def _values(node: Sum | Product) -> bool:
    """Whether it is made of values of functions, each once: `f(3)+f(5)`, but not `f(3)+2` and `2f(3)`."""
    first, *others = node.parts()
    parts = [first, *(part.of if isinstance(part, Negative) else part for part in others)]
    return len(set(parts)) == len(parts) and all(
        isinstance(part, Apply) and _FUNCTION.fullmatch(part.function) for part in parts
    )


def applied(node: Node) -> bool:
    """Whether a function without a value of its own, as f is, stands in it."""
    return (isinstance(node, Apply) and _FUNCTION.fullmatch(node.function) is not None) or any(
        map(applied, node.parts())
    )


def _applies(node: Node, function: str) -> bool:
    return (isinstance(node, Apply) and node.function == function) or any(
        _applies(part, function) for part in node.parts()
    )


def _quantity(node: Node) -> bool:
    """Whether something is made of names without numbers, but for exponents."""
    match node:
        case Name():
            return node.name not in _CONSTANTS
        case Negative() | Degrees():
            return _quantity(node.of)
        case Sum():  # m + n, but not a^2 + b
            terms = [term.of if isinstance(term, Negative) else term for term in node.terms]
            return all(not isinstance(term, Power) and _quantity(term) for term in terms)
        case Product():
            return all(map(_quantity, node.factors))
        case Quotient():
            return _quantity(node.over) and _quantity(node.under)
        case Power():
            return _quantity(node.base) and (isinstance(node.exponent, Number | Negative) or _quantity(node.exponent))
        case Apply():
            if node.function == "abs" and node.arguments[0] in (Name("x"), Name("y")):
                return False  # an equation to solve
            known = node.function in _OF_NAMES or (len(node.function) == 1 and node.function.isalpha())
            return known and any(map(names_of, node.arguments))
    return False
