r"""A value with its unit: `\$18.90`, `5.4 \text{ cents}`, `3\text{ feet north}`, `12 km/h`, `2 dozen`, `50\%`."""

from dataclasses import dataclass, field
from fractions import Fraction

from hexcli.answers.math.expressions import Expressions
from hexcli.answers.math.tree import Degrees, Name, Negative, Node, Number, Product, Quantity
from hexcli.answers.math.words import ABOUT, COMPOUND, JOINING, POWERS, SCALES, TOTAL, counted, unit_of

_MONEY = {r"\dollar": "dollar", r"\pound": "pound", r"\euro": "euro", r"\yen": "yen", r"\rupee": "rupee"}
_TEMPERATURES = {"C": "celsius", "F": "fahrenheit", "Celsius": "celsius", "Fahrenheit": "fahrenheit"}
_AGES = (["year"], ["month"], ["week"], ["day"])
_BEHIND_INCHES = ("per", "by", "x", "long", "wide", "tall", "high", "deep", "thick", "of")
_ORDINAL = ("th", "st", "nd", "rd")


class Quantities(Expressions):
    """Reads an expression and the words behind it."""

    def quantity(self) -> Node:
        """An expression, in a Quantity where it has a unit or words."""
        minus = self.sees("-") and self.behind().text in _MONEY
        if minus:
            self.take()
        unit = _MONEY.get(self.next.text, "") if self.next.kind in ("symbol", "command") else ""
        if unit:
            self.take()
        node = self.expression()
        if minus:
            node = Negative(node)
        return self._measured(node, unit)

    def _measured(self, node: Node, unit: str) -> Node:
        found = _Found([unit] if unit else [])
        while True:
            token = self.next
            if token.text in _MONEY:
                found.units.append(_MONEY[self.take().text])
            elif self.accept("%"):
                found.units.append("percent")
            elif token.kind in ("word", "letters", "function") and token.text.lower() not in JOINING:
                node = self._worded(node, found)
            elif token.text in (r"\pmod", r"\bmod", r"\mod"):
                found.notes.append(self._modulus())
            elif not (found.seen and self._signed(found)):
                return found.of(node)

    def _worded(self, node: Node, found: "_Found") -> Node:
        """Pass a word; what it makes of the value: `million` multiplies it, a scale takes its degrees."""
        if self._in_total():
            found.units.append("total")
            return node
        word = self.take().text
        found.seen = True
        if word.lower() in SCALES and not found.units[1:] and not found.notes:
            times = SCALES[word.lower()]
            return Product((node, Number(Fraction(times), str(times))))
        if isinstance(node, Degrees) and (scale := _TEMPERATURES.get(word)):
            found.units.append(scale)
            return node.of
        self._named(word, found)
        return node

    def _named(self, word: str, found: "_Found") -> None:
        """A word that was passed, among the units or the notes."""
        plain = word.lower()
        if plain in POWERS:
            found.power = POWERS[plain]
            if plain.endswith("ed") and found.units:
                found.units[-1] += f"^{found.power}"
                found.power = 1
        elif word == "per":
            found.over = "/"
        elif (known := self._unit(word, bool(found.units or found.notes))) in COMPOUND and not found.over:
            found.units += COMPOUND[known]
        elif known:
            found.add(known + (f"^{found.power}" if found.power > 1 else ""))
        elif plain in (*ABOUT, *_ORDINAL) or (plain == "old" and found.units[-1:] in _AGES):
            pass
        elif (thing := counted(word)) is not None and not found.notes:
            found.add(thing)
        else:
            found.notes.append(plain.rstrip("."))

    def _signed(self, found: "_Found") -> bool:
        """Pass a sign between units or behind them: a slash, a power, a stop. Whether there was one."""
        token, behind = self.next, self.behind()
        if token.text == "/" and behind.kind in ("word", "letters"):
            self.take()
            found.over = "/"
        elif token.text == "^":
            self.take()
            exponent = self.argument()
            if found.units:
                if not isinstance(exponent, Number):
                    self.fail("a unit's power")
                found.units[-1] += f"^{exponent.text}"
        elif token.text in (".", "-") and (
            behind.kind not in ("number", "symbol") or (found.units and behind.text == "^")
        ):
            self.take()
        else:
            return False
        return True

    def _in_total(self) -> bool:
        """Pass `in total`, `in all` or `altogether`."""
        words = self.next.text.lower(), self.behind().text.lower()
        found = 2 if words[0] == "in" and words[1] in TOTAL else int(words[0] == "altogether")
        for _ in range(found):
            self.take()
        return found > 0

    def _unit(self, word: str, measured: bool) -> str:
        """The unit that a word just passed is, empty for none: `in` is one only behind a number and before no word."""
        behind = self.next
        words = behind.kind in ("word", "letters") and behind.text.lower() not in (*JOINING, *POWERS, *_BEHIND_INCHES)
        return "" if word == "in" and (measured or words) else unit_of(word) or ""

    def _modulus(self) -> str:
        self.take()
        inner = self.accept("(", "{")
        modulus = self.numeral() if self.next.kind == "number" else Name(self.take().text)
        if inner:
            self.expect(")" if inner == "(" else "}")
        return f"mod {modulus.text if isinstance(modulus, Number) else modulus.name}"


@dataclass(slots=True)
class _Found:
    """What stands behind a value: units, other words as notes, and what the next unit is over or raised to.

    seen  whether there was a word yet: without one `/`, `^` and `.` are the expression's own
    """

    units: list[str]
    notes: list[str] = field(default_factory=list)
    over: str = ""
    power: int = 1
    seen: bool = False

    def add(self, unit: str) -> None:
        """The next unit; an empty one says nothing, and what waited for it is over."""
        self.units += [self.over + unit] if unit else []
        self.over, self.power = "", 1

    def of(self, node: Node) -> Node:
        """The value with all that was found."""
        if not self.units and not self.notes:
            return node
        below = "".join(sorted(one for one in self.units if one[0] == "/"))
        above = " ".join(sorted({one for one in self.units if one[0] != "/"}))
        return Quantity(node, above + below, " ".join(self.notes))
