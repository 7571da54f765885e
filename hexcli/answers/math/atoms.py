r"""What an expression is made of: numerals, names, roots, fractions, and functions of what stands behind them.

TeX's own rule holds for what goes without braces (`\frac12`, `\sqrt15`); a typed root takes a whole number, and a
function without parentheses what stands side by side (`\sin 2x`).
"""

import re
from fractions import Fraction

from hexcli.answers.math.reader import Reader
from hexcli.answers.math.symbols import APPLIED, BIG, DECORATED, GREEK, INVERSE, PLAIN
from hexcli.answers.math.tokens import number_value, zeros
from hexcli.answers.math.tree import Apply, Name, Negative, Node, Number, Power, Quotient, Root

_BEHIND = (")", ",", r"\cap", r"\cup", "|", r"\mid")  # the only name in the parentheses of a function
_EVENTS = ("=", "<", ">", r"\leq", r"\geq")  # of a probability: P(X=7)
_MINUS_ONE = Negative(Number(Fraction(1), "1"))
_TWO, _THREE = Number(Fraction(2), "2"), Number(Fraction(3), "3")


class Atoms(Reader):
    """Reads one of them; the rest of an expression is a subclass's."""

    def expression(self) -> Node:
        """A sum."""
        raise NotImplementedError

    def term(self) -> Node:
        """A product."""
        raise NotImplementedError

    def bracket(self) -> Node:
        """What an opening bracket or an environment begins; knows lists, sets and matrices."""
        raise NotImplementedError

    def factors(self) -> Node:
        """What stands side by side, up to another function."""
        raise NotImplementedError

    def raised(self, base: Node) -> Node:
        """The base with the power that comes next."""
        raise NotImplementedError

    def arguments(self, given: bool = False) -> tuple[Node, ...]:
        """Those of a function, in parentheses; `given`: with a bar between them, as in `P(A|B)`."""
        raise NotImplementedError

    def primary(self) -> Node:
        token = self.next
        if token.kind == "number":
            return self.numeral()
        if token.kind == "based":
            return Name(self.take().text)
        if token.kind == "word" and len(token.text) == 1:
            return Name(self.take().text)
        if token.kind == "function":
            return self._function()
        if token.kind == "letters":
            return self._letter()
        if token.text in (r"\frac", r"\binom"):
            self.take()
            over, under = self.argument(), self.argument()
            return Quotient(over, under) if token.text == r"\frac" else Apply("binom", (over, under))
        if token.text in (r"\sqrt", r"\rootof"):
            return self._root()
        if token.text in BIG:
            return self._big()
        if token.text in DECORATED:
            return self._decorated()
        if token.text in PLAIN:
            return self._plain()
        if token.text in (r"\emptyset", r"\reals") or (token.text[:1] == "\\" and token.text[1:] in GREEK):
            self.take()
            return Name(r"\mathbb{R}" if token.text == r"\reals" else token.text)
        return self.bracket()

    def argument(self) -> Node:
        """What TeX takes without braces: one digit, letter or command; or a group in braces."""
        token = self.next
        if token.kind == "number":
            digit = self.split(1)
            return Number(Fraction(int(digit)), digit) if digit.isdigit() else self.fail("half a number")
        if token.kind == "letters":
            return Name(self.split(1))
        if token.kind == "function":
            return self._function()
        return self.primary()

    def numeral(self) -> Number:
        text = self.take().text
        plain = text if "," in text and not zeros(text) else text.replace(",", "").replace("\x01", "")
        plain = re.sub(r"\\[a-z]+ ?", r"\\overline", plain.rstrip(".") or "0")
        return Number(number_value(text), "0" + plain if plain[0] == "." else plain)

    def index(self) -> str:
        if not self.accept("{"):
            return (
                self.take().text
                if self.next.kind == "number"
                else self.split(1 if self.next.kind == "letters" else len(self.next.text))
            )
        texts, depth = "", 1
        while depth:
            token = self.take()
            if token.kind == "end":
                self.fail("} is missing")
            depth += (token.text == "{") - (token.text == "}")
            letters = texts[-1:].isalpha() and token.text[:1].isalpha() and "\\" in texts
            texts += " " * letters + token.text if depth else ""
        return texts

    def _letter(self) -> Node:
        token = self.next
        word = len(token.text) > 3 or (len(token.text) == 3 and token.text.istitle())
        if word and not (self.at and not token.spaced):
            self.fail("a word")
        name = Name(self.split(1))
        if len(token.text) == 1 and self.sees("(") and (name.name in "fgh" or self._applied(name.name)):
            return Apply(name.name, self.arguments(given=name.name == "P"))
        return name

    def _applied(self, letter: str) -> bool:
        """Whether a letter before a parenthesis is a function there: `P(A)`, but not `P(1+r)`."""
        behind = (*_BEHIND, *_EVENTS) if letter == "P" else _BEHIND
        return letter in APPLIED and self.behind().kind in ("letters", "number") and self.behind(2).text in behind

    def _root(self) -> Node:
        r"""`\sqrt` as TeX reads it; a typed one and √ take a whole number."""
        typed = self.take().text == r"\rootof"
        degree: Node = _TWO
        if self.sees("["):
            self.take()
            with self.inside():
                degree = self.expression()
            self.expect("]")
        return Root(degree, self.numeral() if typed and self.next.kind == "number" else self.argument())

    def _decorated(self) -> Node:
        sign = self.take().text
        if self.sees("{"):
            return Name(f"{sign}{{{self.index()}}}")
        if self.next.kind in ("letters", "word"):
            return Name(f"{sign} {self.take().text}")
        if self.next.kind == "command":
            return Name(f"{sign} {self.take().text}")
        return self.fail(f"{sign} of nothing")

    def _plain(self) -> Node:
        sign = self.take().text
        if sign != r"\mathbb":
            return self.argument()
        return Name(rf"\mathbb{{{self.index()}}}" if self.sees("{") else rf"\mathbb{{{self.split(1)}}}")

    def _big(self) -> Node:
        """A sum, product, integral or limit: its signs are kept, and compared as they are."""
        sign = self.take().text
        bounds: list[Node] = []
        while self.sees("^", "_") and len(bounds) < 2:
            mark = self.take().text
            bounds.append(Name(f"{mark}{{{self.index()}}}"))
        bounds.sort(key=repr)
        return Apply(sign, (*bounds, self.term()))

    def _function(self) -> Node:
        name = self.take().text
        if name in ("sqrt", "cbrt"):
            return Root(
                _THREE if name == "cbrt" else _TWO, self.numeral() if self.next.kind == "number" else self.primary()
            )
        power: Node | None = None
        base: Node | None = None
        while self.sees("^", "_"):
            if self.sees("^") and power is None:
                raised = self.raised(Name(name))
                power = raised.exponent if isinstance(raised, Power) else self.fail("a degree of a function")
            elif self.accept("_") and base is None:
                base = self._log_base()
            else:
                self.fail("two indices")
        if power == _MINUS_ONE and name in INVERSE:
            name, power = INVERSE[name], None
        if self.sees("("):
            arguments = self.arguments()
        elif self.sees("{"):
            arguments = (self.argument(),)
        else:
            arguments = (self.factors(),)
        node = _function_of(name, base, arguments) or self.fail(f"{name} of {len(arguments)} things")
        return node if power is None else Power(node, power)

    def _log_base(self) -> Node:
        """The index of a logarithm; of `_28` at the end the first digit."""
        if self.next.kind == "number" and self.behind().kind == "end" and len(self.next.text) > 1:
            return self.argument()
        return self.numeral() if self.next.kind == "number" else self.argument()


def _function_of(name: str, base: Node | None, arguments: tuple[Node, ...]) -> Node | None:
    if name in ("log", "lg") and len(arguments) == 1:
        return Apply("log", (base or Number(Fraction(10), "10"), *arguments))
    if base is not None:
        return None
    if name == "exp" and len(arguments) == 1:
        return Power(Name("e"), arguments[0])
    if name not in ("gcd", "lcm", "max", "min", "binom") and len(arguments) != 1:
        return None
    return Apply(name, arguments)
