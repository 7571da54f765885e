"""A tree -> LaTeX: short, and read back as the same tree."""

from hexcli.answers.math.tree import (
    Apply,
    Based,
    Clock,
    Degrees,
    Group,
    Listing,
    Matrix,
    Mixed,
    Name,
    Negative,
    Node,
    Number,
    PlusMinus,
    Power,
    Product,
    Quantity,
    Quotient,
    Ratio,
    Relation,
    Root,
    SetJoin,
    SetOf,
    Sum,
    Text,
)  # fmt: skip

_MONEY = {"dollar": r"\$", "pound": r"\pounds ", "euro": r"\euro ", "yen": r"\yen ", "rupee": r"\rupee "}
_BARS = {
    "abs": ("|", "|"),
    "norm": (r"\|", r"\|"),
    "floor": (r"\lfloor ", r"\rfloor "),
    "ceil": (r"\lceil ", r"\rceil "),
}
_COMMANDS = "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln max min gcd det deg dim arg"
_PLAIN_COMMANDS = frozenset(_COMMANDS.split())
_SUM, _SIGN, _TERM, _FACTOR, _BASE = range(5)  # how tightly things hold together


def printed(node: Node) -> str:
    """The tree in LaTeX, on one line."""
    match node:
        case Quantity():
            return _quantity(node)
        case Relation():
            sides = [printed(side) if not isinstance(side, Text) else rf"\text{{{side.words}}}" for side in node.sides]
            return sides[0] + "".join(
                _spaced(sign, side) + side for sign, side in zip(node.signs, sides[1:], strict=True)
            )
        case Group():
            return node.open + ",".join(map(printed, node.items)) + node.close
        case Listing():
            items = list(map(printed, node.items))
            comma = ", " if any(len(item) == 3 and item.isdigit() for item in items) else ","  # 1,100 is a number
            if node.join == "{":
                return r"\{" + comma.join(items) + r"\}"
            return (comma if node.join == "," else rf"\text{{ {node.join} }}").join(items)
        case SetOf():
            return rf"\{{{printed(node.what)}\mid {printed(node.condition)}\}}"
        case SetJoin():
            return node.sign.join(printed(one) for one in node.sets)
        case Matrix():
            name = {"matrix": "pmatrix", "det": "vmatrix", "cases": "cases"}[node.kind]
            rows = r" \\ ".join(" & ".join(map(printed, row.cells)) for row in node.rows)
            return rf"\begin{{{name}}}{rows}\end{{{name}}}"
        case Ratio():
            return ":".join(map(printed, node.items))
        case Clock():
            seconds = f":{node.second:02}" if node.second else ""
            half = rf"\text{{ {node.half}}}" if node.half else ""
            return f"{node.hour}:{node.minute:02}{seconds}{half}"
        case Text():
            words = node.words.split()
            plain = all(map(str.isalpha, words)) and (any(len(word) > 2 for word in words) or node.words.isupper())
            return node.words if plain else rf"\text{{{node.words}}}"
    labelled = getattr(node, "label", None)
    if isinstance(labelled, Node):
        return f"{printed(labelled)}={printed(node.value)}"  # type: ignore[attr-defined]
    if (ways := getattr(node, "ways", None)) is not None:
        return r"\approx ".join(map(printed, ways))
    return _expression(node, _SUM)


def _spaced(sign: str, side: str) -> str:
    return sign + " " * (sign[0] == "\\" and side[:1].isalpha())


def _quantity(node: Quantity) -> str:
    if node.unit == "degree" and not isinstance(node.of, Degrees):
        return _expression(node.of, _SUM) + r"\text{ degrees}"
    unit, note = node.unit, f" {node.note}" if node.note else ""
    if note.startswith(" mod "):
        return printed(node.of) + rf"\pmod{{{note[5:]}}}"
    front = _MONEY.get(unit.split(" ")[0], "")
    if front:
        unit = " ".join(unit.split(" ")[1:])
    if unit == "percent" and not note:
        return front + printed(node.of) + r"\%"
    behind = rf"\text{{ {f'{unit}{note}'.strip()}}}" if unit or note else ""
    return front + printed(node.of) + behind


def _expression(node: Node, outer: int) -> str:
    """`outer`: how tightly the place holds; what holds less gets parentheses."""
    text, own = _written(node)
    return text if own >= outer else f"({text})"


def _written(node: Node) -> tuple[str, int]:
    match node:
        case Number():
            return node.text, _BASE
        case Name():
            return node.name, _BASE
        case Mixed():
            return rf"{node.whole}\frac{{{node.over}}}{{{node.under}}}", _TERM
        case Sum():
            text = ""
            for term in node.terms:
                if isinstance(term, Negative):
                    text += "-" + _expression(term.of, _TERM)
                elif isinstance(term, PlusMinus):
                    text += (r"\pm " if term.sign == "+" else r"\mp ") + _expression(term.of, _TERM)
                else:
                    text += ("+" if text else "") + _expression(term, _TERM)
            return text, _SUM
        case PlusMinus():
            return (r"\pm " if node.sign == "+" else r"\mp ") + _expression(node.of, _TERM), _SUM
        case Negative():
            return "-" + _expression(node.of, _TERM), _SIGN
        case Product():
            return _product(node), _TERM
        case Quotient():
            return rf"\frac{{{printed(node.over)}}}{{{printed(node.under)}}}", _FACTOR
        case Power():
            exponent = printed(node.exponent)
            return f"{_expression(node.base, _BASE)}^" + (
                exponent if len(exponent) == 1 else f"{{{exponent}}}"
            ), _FACTOR
        case Root():
            degree = "" if isinstance(node.degree, Number) and node.degree.text == "2" else f"[{printed(node.degree)}]"
            return rf"\sqrt{degree}{{{printed(node.of)}}}", _BASE
        case Based():
            base = str(node.base)
            return f"{_expression(node.of, _BASE)}_" + (base if len(base) == 1 else f"{{{base}}}"), _FACTOR
        case Degrees():
            return _expression(node.of, _FACTOR if isinstance(node.of, Quotient) else _BASE) + r"^\circ", _FACTOR
        case Apply():
            return _apply(node)
    return f"({printed(node)})" if isinstance(node, Relation | Listing) else printed(node), _BASE


def _product(node: Product) -> str:
    text = ""
    for factor in node.factors:
        one = _expression(factor, _FACTOR)
        if isinstance(factor, Apply) and factor.function[0] == "\\":
            one = f"({one})"
        text += (_between(text, one, isinstance(factor, Name | Power)) if text else "") + one
    return text


def _between(before: str, behind: str, letters: bool) -> str:
    """What keeps two factors apart: a sign where they would be read as something else, a space where TeX needs it."""
    if behind[0] in "0123456789|[(" or before[-1] == "|" or (behind.startswith(r"\frac") and before[-1].isdigit()):
        return r"\cdot"
    touching = before[-1].isalpha() and behind[0].isalpha()
    command = touching and "\\" in before[-12:] and before[before.rindex("\\") + 1 :].isalpha()
    return " " if command or (touching and not letters) else ""


def _apply(node: Apply) -> tuple[str, int]:
    name, arguments = node.function, node.arguments
    inner = ",".join(map(printed, arguments))
    if name in _BARS:
        return _BARS[name][0] + inner + _BARS[name][1], _BASE
    if name == "!":
        return _expression(arguments[0], _BASE) + "!", _FACTOR
    if name == "binom":
        return rf"\binom{{{printed(arguments[0])}}}{{{printed(arguments[1])}}}", _FACTOR
    if name == "log":
        base = printed(arguments[0])
        return rf"\log_{base if len(base) == 1 else f'{{{base}}}'}({printed(arguments[1])})", _FACTOR
    if name[0] == "\\":  # a sum, an integral: its bounds are names
        bounds = "".join(part.name for part in arguments[:-1] if isinstance(part, Name))
        return f"{name}{bounds} {_expression(arguments[-1], _TERM)}", _TERM
    if len(name) == 1 or name[1:2] in ("'", "^"):
        return f"{name}({inner})", _FACTOR
    return (rf"\{name}({inner})" if name in _PLAIN_COMMANDS else rf"\operatorname{{{name}}}({inner})"), _FACTOR
