r"""Expressions: sums, products and powers, in LaTeX or as they are typed.

Recursive descent. What is written side by side is a product, but for a whole number before a proper fraction
(`2\frac14`), which is their sum. A slash takes one factor: `x^2/4`, and `1/2x` is half an x. Of a power without braces
all digits count (`2^10`): there people type.
"""

import re
from fractions import Fraction

from hexcli.answers.math.atoms import Atoms
from hexcli.answers.math.spelling import COMMA
from hexcli.answers.math.symbols import BIG, DECORATED, GREEK, OPENING, PLAIN
from hexcli.answers.math.tree import (
    Apply,
    Based,
    Degrees,
    Mixed,
    Name,
    Negative,
    Node,
    Number,
    PlusMinus,
    Power,
    Product,
    Quotient,
    Sum,
)  # fmt: skip
from hexcli.answers.math.words import LETTER_UNITS, NUMERALS, counted, unit_of

# The two arguments of a fraction of small numbers, a token a line: {1 }{2 }, 12, 1 {2 }.
_SMALL = re.compile(r"(?:\{\n([0-9]{1,9})\n\}\n|([0-9])\n?)(?:\{\n([0-9]{1,9})\n\}|([0-9]))")
_PROSE = ("and", "or", "per", "of", "U", "mod", "if", "for")


class Expressions(Atoms):
    """Reads one expression."""

    def expression(self) -> Node:
        """A sum."""
        terms: list[Node] = []
        while not terms or self.sees("+", "-", r"\pm", r"\mp"):
            sign = self.accept("+", "-", r"\pm", r"\mp")
            term = self.term()
            if sign == "-":
                term = Negative(term)
            elif sign in (r"\pm", r"\mp"):
                term = PlusMinus(term, "+" if sign == r"\pm" else "-")
            terms.append(term)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def term(self) -> Node:
        factors = [self._factor()]
        while True:
            if self.accept("*") or self._typed_times():
                factors.append(self._signed_factor())
            elif self.accept("/"):
                factors = [Quotient(_product(factors), self._signed_factor())]
            elif self._juxtaposed(factors[-1]):
                factors.append(self._factor())
            else:
                return _product(factors)

    def _typed_times(self) -> bool:
        """Pass an x between numbers: `1.2 x 10^3`."""
        token, behind = self.next, self.behind()
        found = token.text in ("x", "X") and token.kind == "letters" and behind.kind == "number" and self.at > 0
        if found and (self.behind(-1).kind == "number" or self.behind(-1).text in ("}", ")")):
            self.take()
            return True
        return False

    def _signed_factor(self) -> Node:
        if self.accept("-"):
            return Negative(self._signed_factor())
        self.accept("+")
        return self._factor()

    def factors(self) -> Node:
        found = [self._signed_factor()]
        while self.next.kind != "function" and self._juxtaposed(found[-1]):
            found.append(self._factor())
        return _product(found)

    def _juxtaposed(self, before: Node) -> bool:
        """Whether what comes next is a factor beside the one before."""
        token = self.next
        if token.kind == "number" or token.kind == "based":
            behind = self.behind()
            plain = isinstance(before, Number | Mixed) and self.behind(-1).kind == "number"
            return not plain or (behind.kind == "symbol" and behind.text == "^")
        if isinstance(before, Degrees) and token.text in ("C", "F"):
            return False
        if token.kind == "letters":
            return not self._unit_comes(before)
        if token.kind == "function":
            return not (
                token.text in ("min", "sec") and (self.behind().kind in ("end", "word") or self.behind().text == ",")
            )
        if token.kind == "word":
            return len(token.text) == 1 and not token.spaced and token.text not in LETTER_UNITS
        if token.text in ("|", r"\|"):
            return self.bars == 0
        if token.text == "{":
            return not (isinstance(before, Number) and self.behind().kind == "number")
        if token.text == "[":
            return self.behind().kind != "end" and self.behind().text not in (r"\cup", ",", r"\cap", ")", "|", r"\}")
        return token.text in OPENING or self._names(token.text)

    def _names(self, text: str) -> bool:
        return text[:1] == "\\" and (text[1:] in GREEK or text in DECORATED or text in PLAIN or text in BIG)

    def _unit_comes(self, before: Node) -> bool:
        """Whether letters are a unit, or a word that is no product of variables."""
        token, behind = self.next, self.behind()
        if token.text in _PROSE:
            return token.text != "U" or not token.spaced or behind.text in ("(", "[")
        if len(token.text) == 1:
            alone = behind.kind == "end" or behind.text in (",", ";", "/")
            return token.spaced and token.text in LETTER_UNITS and isinstance(before, Number) and alone
        return (
            unit_of(token.text) is not None or (token.spaced and len(token.text) > 3) or counted(token.text) is not None
        )

    def _factor(self) -> Node:
        node = self._mixed() or self.primary()
        while True:
            if self.sees("^"):
                node = self.raised(node)
            elif self.accept(r"\degree"):
                node = Degrees(node)
            elif self.sees("!"):
                self.take()
                node = Apply("!", (node,))
            elif self.sees("'") and isinstance(node, Name):
                self.take()
                node = Name(node.name + "'")
            elif self.sees("_"):
                node = self._lowered(node)
            elif self.sees("(") and (function := _function(node)):
                node = Apply(function, self.arguments())
            else:
                return node

    def raised(self, base: Node) -> Node:
        self.expect("^")
        brace = self.sees("{")
        mark = self.behind() if brace else self.next
        if mark.text in (r"\circ", r"\degree", "'", r"\degrees"):
            for _ in range(3 if brace else 1):
                self.take()
            if mark.text != "'":
                return Degrees(base)
            return Name(base.name + "'") if isinstance(base, Name) else self.fail("a prime")
        if brace:
            return Power(base, self.argument())
        sign = self.accept("-", "+")
        exponent = self.numeral() if self.next.kind == "number" else self.argument()
        if self.sees("^"):
            exponent = self.raised(exponent)
        return Power(base, Negative(exponent) if sign == "-" else exponent)

    def _lowered(self, node: Node) -> Node:
        r"""An index: of a name, or the base of a numeral: `x_1`, `110_2`, `110_{\text{two}}`."""
        self.expect("_")
        index = self.index()
        if isinstance(node, Name) and not node.name[:1].isdigit():
            return Name(f"{node.name}_{{{index}}}" if len(index) > 1 else f"{node.name}_{index}")
        word = index.strip("() ").removeprefix("base").strip()
        base = NUMERALS.get(word.lower()) or (int(word) if word.isascii() and word.isdigit() and len(word) < 3 else 0)
        if not 2 <= base <= 36:
            self.fail(f"{index} is no base")
        return Based(node, base)

    def _mixed(self) -> Node | None:
        r"""A whole number before a proper fraction: `2\frac14`, `2 1/4`."""
        whole, start = self.next, self.at
        digits = whole.text.replace(COMMA, "")
        if whole.kind != "number" or not digits.isdigit() or len(digits) > 9:
            return None
        texts = [self.behind(number).text for number in range(1, 8)]
        if texts[0] == r"\frac" and (fraction := _SMALL.match("\n".join(texts[1:]))):
            over, under = int(fraction[1] or fraction[2]), int(fraction[3] or fraction[4])
        elif texts[1] == "/" and texts[0].isdigit() and texts[2].isdigit() and self.behind().spaced:
            over, under = int(texts[0]), int(texts[2])
        else:
            return None
        if not 0 < over < under < 10**9:
            return None
        tokens = list(self._tokens)
        self.take()
        if self.accept(r"\frac"):
            self.argument(), self.argument()
        else:
            self.take(), self.take(), self.take()
        if self.sees("^", "!", "_"):
            self.at, self._tokens = start, tokens
            return None
        return Mixed(int(digits), over, under)


def _function(node: Node) -> str:
    """What a derivative or an inverse is called: `f'`, `f^{-1}`; empty for what is no function."""
    if isinstance(node, Name) and node.name[0] in "fgh" and node.name[1:].strip("'") == "" and len(node.name) > 1:
        return node.name
    inverse = isinstance(node, Power) and node.exponent == Negative(Number(Fraction(1), "1"))
    name = node.base.name if inverse and isinstance(node, Power) and isinstance(node.base, Name) else ""
    return f"{name}^{{-1}}" if name in ("f", "g", "h") else ""


def _product(factors: list[Node]) -> Node:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))
