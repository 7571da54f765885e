"""A tree in one line of plain words, for people who want to see what an answer was read as."""

from dataclasses import fields

from hexcli.answers.math.tree import Name, Node, Number, Text


def described(node: Node) -> str:
    r"""`\frac{x^2}{4}` is `Quotient(Power(x, 2), 4)`."""
    if isinstance(node, Number):
        return node.text
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Text):
        return repr(node.words)
    return f"{type(node).__name__}({', '.join(_parts(node))})"


def _parts(node: Node) -> list[str]:
    parts: list[str] = []
    for own in fields(node):
        value = getattr(node, own.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                parts.append(described(part))
            elif part != "":
                parts.append(repr(part) if own.name == "note" else str(part))
    return parts
