r"""Expressions: sums, products, powers, roots, fractions, functions, in LaTeX or as they are typed.

Recursive descent. What is written side by side is a product, but for a whole number before a proper fraction (`2\frac14`), which is their
sum. A slash takes one factor (`x^2/4`, `1/2x` is half an x), and a function without parentheses what stands side by
side (`\sin 2x`). TeX's own rule holds for what goes without braces (`\frac12`, `\sqrt15`), except for a power's
digits (`2^10`): there people type.
"""

from fractions import Fraction

from hexcli.answers.math.reader import Reader
from hexcli.answers.math.tokens import number_value, zeros
from hexcli.answers.math.tree import (
    Apply, Based, Degrees, Mixed, Name, Negative, Node, Number, PlusMinus, Power, Product, Quotient, Root, Sum,
)  # fmt: skip
from hexcli.answers.math.words import LETTER_UNITS, NUMERALS, counted, unit_of

_APPLIED = frozenset("fghFGHPpqQ")  # letters before parentheses that are functions
_DECORATED = frozenset(
    r"\angle \triangle \overline \overrightarrow \overleftrightarrow \vec \hat \widehat \bar \tilde \widetilde \dot \odot"
    r" \measuredangle \mathcal \mathscr \mathfrak \bigtriangleup \parallelogram \arc \overarc \wideparen".split()
)
_PLAIN = frozenset(r"\mathbf \boldsymbol \bm \underline \mathbb \textbf \ensuremath \pmb \textcolor \displaystyle".split())
_BIG = frozenset(r"\sum \prod \int \iint \oint \lim \bigcup \bigcap".split())
_OPENING = frozenset(
    r"( { | \| \lfloor \lceil \frac \sqrt \rootof \binom \begin \langle \infty \emptyset \pi \mathbb \reals".split()
)
_INVERSE = {"sin": "arcsin", "cos": "arccos", "tan": "arctan", "cot": "arccot"}


class Expressions(Reader):
    """Reads one expression; what stands in brackets is read by `bracket` of a subclass."""

    def bracket(self) -> Node:
        """What an opening bracket or an environment begins; knows lists, sets and matrices."""
        raise NotImplementedError

    def expression(self) -> Node:
        """A sum."""
        terms: list[Node] = []
        while not terms or self.sees("+", "-", r"\pm", r"\mp"):
            sign = self.accept("+", "-", r"\pm", r"\mp")
            term = self._term()
            if sign == "-":
                term = Negative(term)
            elif sign in (r"\pm", r"\mp"):
                term = PlusMinus(term, "+" if sign == r"\pm" else "-")
            terms.append(term)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def _term(self) -> Node:
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

    def _juxtaposed(self, before: Node) -> bool:
        """Whether what comes next is a factor beside the one before."""
        token = self.next
        if token.kind == "number" or token.kind == "based":
            behind = self.behind()
            plain = isinstance(before, Number | Mixed) and self.behind(-1).kind == "number"
            if plain and not (behind.kind == "symbol" and behind.text == "^"):
                return False
            return True
        if token.kind == "letters":
            return not self._unit_comes(before)
        if token.kind == "function":
            return not (token.text in ("min", "sec") and (self.behind().kind in ("end", "word") or self.behind().text == ","))
        if token.kind == "word":
            return len(token.text) == 1 and not token.spaced
        if token.text == "|":
            return self.bars == 0
        if token.text == "{":
            return not (isinstance(before, Number) and self.behind().kind == "number")
        if token.text == "[":
            return self.behind().kind != "end" and self.behind().text not in (r"\cup", ",", r"\cap", ")", "|", r"\}")
        return token.text in _OPENING or self._names(token.text)

    def _names(self, text: str) -> bool:
        return text[:1] == "\\" and (text[1:] in _GREEK or text in _DECORATED or text in _PLAIN or text in _BIG)

    def _unit_comes(self, before: Node) -> bool:
        """Whether letters are a unit, or a word that is no product of variables."""
        token, behind = self.next, self.behind()
        if token.text in ("and", "or", "per", "of", "U", "mod", "if", "for"):
            return token.text != "U" or not token.spaced or behind.text in ("(", "[")
        if len(token.text) == 1:
            alone = behind.kind == "end" or behind.text in (",", ";", "/")
            return token.spaced and token.text in LETTER_UNITS and isinstance(before, Number) and alone
        return unit_of(token.text) is not None or (token.spaced and len(token.text) > 3) or counted(token.text)

    def _factor(self) -> Node:
        node = self._mixed() or self._primary()
        while True:
            if self.sees("^"):
                node = self._raised(node)
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
            else:
                return node

    def _raised(self, base: Node) -> Node:
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
        exponent = self._numeral() if self.next.kind == "number" else self.argument()
        if self.sees("^"):
            exponent = self._raised(exponent)
        return Power(base, Negative(exponent) if sign == "-" else exponent)

    def _lowered(self, node: Node) -> Node:
        r"""An index: of a name, or the base of a numeral: `x_1`, `110_2`, `110_{\text{two}}`."""
        self.expect("_")
        index = self._index()
        if isinstance(node, Name) and not node.name[:1].isdigit():
            return Name(f"{node.name}_{{{index}}}" if len(index) > 1 else f"{node.name}_{index}")
        word = index.strip("() ").removeprefix("base").strip()
        base = NUMERALS.get(word.lower()) or (int(word) if word.isascii() and word.isdigit() and len(word) < 3 else 0)
        if not 2 <= base <= 36:
            self.fail(f"{index} is no base")
        return Based(node, base)

    def _index(self) -> str:
        if not self.accept("{"):
            return self.take().text if self.next.kind == "number" else self.split(1 if self.next.kind == "letters" else len(self.next.text))
        texts, depth = "", 1
        while depth:
            token = self.take()
            if token.kind == "end":
                self.fail("} is missing")
            depth += (token.text == "{") - (token.text == "}")
            letters = texts[-1:].isalpha() and token.text[:1].isalpha() and "\\" in texts
            texts += " " * letters + token.text if depth else ""
        return texts

    def _mixed(self) -> Node | None:
        r"""A whole number before a proper fraction: `2\frac14`, `2 1/4`."""
        start, whole = self.at, self.next
        if whole.kind != "number" or not whole.text.isdigit() or len(whole.text) > 9:
            return None
        self.take()
        found: tuple[Node, Node] | None = None
        if self.sees(r"\frac"):
            tokens = list(self._tokens)
            self.take()
            fraction = self.argument(), self.argument()
            found = fraction if not self.sees("^", "!", "_") else None
            if found is None or not _proper(*found):
                self._tokens = tokens
        elif self.next.kind == "number" and self.next.spaced and self.behind().text == "/" and self.behind(2).kind == "number":
            over, _, under = self._numeral(), self.take(), self._numeral()
            found = (over, under) if not self.sees("^", "!", "_", ".") else None
        if found is None or not _proper(*found):
            self.at = start
            return None
        over, under = found
        assert isinstance(over, Number) and isinstance(under, Number)
        return Mixed(int(whole.text), int(over.value), int(under.value))

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
        return self._primary()

    def _numeral(self) -> Number:
        text = self.take().text
        plain = text if "," in text and not zeros(text) else text.replace(",", "").replace("\x01", "")
        plain = plain.rstrip(".") if plain != "." else plain
        return Number(number_value(text), "0" + plain if plain[0] == "." else plain)

    def _primary(self) -> Node:
        token = self.next
        if token.kind == "number":
            return self._numeral()
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
        if token.text in _BIG:
            return self._big()
        if token.text in _DECORATED:
            return self._decorated()
        if token.text in _PLAIN:
            return self._plain()
        if token.text in (r"\emptyset", r"\reals") or (token.text[:1] == "\\" and token.text[1:] in _GREEK):
            self.take()
            return Name(r"\mathbb{R}" if token.text == r"\reals" else token.text)
        return self.bracket()

    def _letter(self) -> Node:
        token = self.next
        if len(token.text) > 3 and not (self.at and not token.spaced):
            self.fail("a word")
        name = Name(self.split(1))
        if name.name in _APPLIED and len(token.text) == 1 and self.sees("("):
            return Apply(name.name, self.arguments())
        return name

    def arguments(self) -> tuple[Node, ...]:
        """Those of a function, in parentheses."""
        raise NotImplementedError

    def _root(self) -> Node:
        r"""`\sqrt` as TeX reads it; a typed one and √ take a whole number."""
        typed = self.take().text == r"\rootof"
        degree: Node = Number(Fraction(2), "2")
        if self.sees("[") :
            self.take()
            with self.inside():
                degree = self.expression()
            self.expect("]")
        return Root(degree, self._numeral() if typed and self.next.kind == "number" else self.argument())

    def _decorated(self) -> Node:
        sign = self.take().text
        if self.sees("{"):
            return Name(f"{sign}{{{self._index()}}}")
        if self.next.kind in ("letters", "word"):
            return Name(f"{sign} {self.take().text}")
        if self.next.kind == "command":
            return Name(f"{sign} {self.take().text}")
        return self.fail(f"{sign} of nothing")

    def _plain(self) -> Node:
        sign = self.take().text
        if sign != r"\mathbb":
            return self.argument()
        return Name(rf"\mathbb{{{self._index()}}}" if self.sees("{") else rf"\mathbb{{{self.split(1)}}}")

    def _big(self) -> Node:
        """A sum, product, integral or limit: its signs are kept, and compared as they are."""
        sign = self.take().text
        bounds: list[Node] = []
        while self.sees("^", "_") and len(bounds) < 2:
            mark = self.take().text
            bounds.append(Name(f"{mark}{{{self._index()}}}"))
        bounds.sort(key=repr)
        return Apply(sign, (*bounds, self._term()))

    def _function(self) -> Node:
        name = self.take().text
        if name in ("sqrt", "cbrt"):
            degree = Number(Fraction(3 if name == "cbrt" else 2), "3" if name == "cbrt" else "2")
            return Root(degree, self._numeral() if self.next.kind == "number" else self._primary())
        power: Node | None = None
        base: Node | None = None
        while self.sees("^", "_"):
            if self.sees("^") and power is None:
                raised = self._raised(Name(name))
                power = raised.exponent if isinstance(raised, Power) else self.fail("a degree of a function")
            elif self.accept("_") and base is None:
                base = self._log_base()
            else:
                self.fail("two indices")
        if power == Negative(Number(Fraction(1), "1")) and name in _INVERSE:
            name, power = _INVERSE[name], None
        if self.sees("("):
            arguments = self.arguments()
        elif self.sees("{"):
            arguments = (self.argument(),)
        else:
            factors = [self._signed_factor()]
            while self.next.kind != "function" and self._juxtaposed(factors[-1]):
                factors.append(self._factor())
            arguments = (_product(factors),)
        node = _applied(name, base, arguments) or self.fail(f"{name} of {len(arguments)} things")
        return node if power is None else Power(node, power)

    def _log_base(self) -> Node:
        """The index of a logarithm; of `_28` at the end the first digit."""
        if self.next.kind == "number" and self.behind().kind == "end" and len(self.next.text) > 1:
            return self.argument()
        return self._numeral() if self.next.kind == "number" else self.argument()


_GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell hbar infty".split()
)


def _product(factors: list[Node]) -> Node:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _proper(over: Node, under: Node) -> bool:
    """Whether both are whole, and the first smaller."""
    if not (isinstance(over, Number) and isinstance(under, Number)):
        return False
    return over.value.denominator == under.value.denominator == 1 and 0 < over.value < under.value < 10**9


def _applied(name: str, base: Node | None, arguments: tuple[Node, ...]) -> Node | None:
    if name in ("log", "lg") and len(arguments) == 1:
        return Apply("log", (base or Number(Fraction(10), "10"), *arguments))
    if base is not None:
        return None
    if name == "exp" and len(arguments) == 1:
        return Power(Name("e"), arguments[0])
    if name not in ("gcd", "lcm", "max", "min", "binom") and len(arguments) != 1:
        return None
    return Apply(name, arguments)
