"""What has a plus or minus in it is two values."""

from dataclasses import replace
from typing import Any

from hexcli.answers.math.tree import Group, Listing, Matrix, Negative, Node, PlusMinus, Sum


def both(node: Node) -> list[Node]:
    """The two values of what has one plus or minus in it; else the node itself."""
    if count(node, PlusMinus) != 1 or isinstance(node, Listing | Group | Matrix):
        return [node]
    return [_signed(node, sign) for sign in "+-"]


def _signed(node: Node, sign: str) -> Node:
    if isinstance(node, PlusMinus):
        return node.of if sign == node.sign else Negative(node.of)
    if isinstance(node, Sum):
        return Sum(tuple(_signed(term, sign) for term in node.terms))
    changed: dict[str, Any] = {}
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if isinstance(value, Node):
            changed[name] = _signed(value, sign)
        elif isinstance(value, tuple):
            changed[name] = tuple(_signed(part, sign) if isinstance(part, Node) else part for part in value)
    return replace(node, **changed)


def count(node: Node, kind: type[Node]) -> int:
    """How many nodes of a kind there are, the node itself too."""
    return isinstance(node, kind) + sum(count(part, kind) for part in node.parts())
