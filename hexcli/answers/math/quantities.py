r"""A value with its unit: `\$18.90`, `5.4 \text{ cents}`, `3\text{ feet north}`, `12 km/h`, `2 dozen`, `50\%`."""

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
        units: list[str] = [unit] if unit else []
        notes: list[str] = []
        over, power, seen = "", 1, False
        while True:
            token, behind = self.next, self.behind()
            if token.text in _MONEY:
                units.append(_MONEY[self.take().text])
            elif self.accept("%"):
                units.append("percent")
            elif token.kind in ("word", "letters", "function") and token.text.lower() not in JOINING:
                if self._in_total():
                    units.append("total")
                    continue
                word = self.take().text
                seen = True
                if word.lower() in SCALES and not units[1:] and not notes:
                    times = SCALES[word.lower()]
                    node = Product((node, Number(Fraction(times), str(times))))
                elif isinstance(node, Degrees) and (scale := _TEMPERATURES.get(word)):
                    node, units = node.of, [*units, scale]
                elif word.lower() in POWERS:
                    power = POWERS[word.lower()]
                    if word.lower().endswith("ed") and units:
                        units[-1] += f"^{power}"
                        power = 1
                elif word == "per":
                    over = "/"
                elif (known := self._unit(word, bool(units or notes))) in COMPOUND and not over:
                    units += COMPOUND[known]
                elif known:
                    units.append(over + known + (f"^{power}" if power > 1 else ""))
                    over, power = "", 1
                elif word.lower() in (*ABOUT, *_ORDINAL) or (word.lower() == "old" and units[-1:] in _AGES):
                    pass
                elif (thing := counted(word)) is not None and not notes:
                    units += [over + thing] if thing else []
                    over, power = "", 1
                else:
                    notes.append(word.lower().rstrip("."))
            elif token.text == "/" and seen and behind.kind in ("word", "letters"):
                self.take()
                over = "/"
            elif token.text == "^" and seen and units:
                self.take()
                exponent = self.argument()
                if not isinstance(exponent, Number):
                    self.fail("a unit's power")
                units[-1] += f"^{exponent.text}"
            elif token.text == "^" and seen:
                self.take()
                self.argument()
            elif (
                token.text in (".", "-")
                and seen
                and (behind.kind not in ("number", "symbol") or (units and behind.text == "^"))
            ):
                self.take()
            elif token.text in (r"\pmod", r"\bmod", r"\mod"):
                notes.append(self._modulus())
            else:
                break
        if not units and not notes:
            return node
        below = "".join(sorted(one for one in units if one[0] == "/"))
        return Quantity(node, " ".join(sorted({one for one in units if one[0] != "/"})) + below, " ".join(notes))

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
