r"""What stands in brackets: points, intervals, sets, absolute values, matrices."""

from hexcli.answers.math.quantities import Quantities
from hexcli.answers.math.tree import Apply, Group, Listing, Matrix, Name, Node, Row, SetOf
from hexcli.answers.math.words import JOINING

_CLOSING = {"|": "|", r"\|": r"\|", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}
_NAMED = {"|": "abs", r"\|": "norm", r"\lfloor": "floor", r"\lceil": "ceil"}
_MATRICES = {"pmatrix": "matrix", "bmatrix": "matrix", "matrix": "matrix", "smallmatrix": "matrix", "vmatrix": "det",
             "Bmatrix": "matrix", "array": "matrix", "cases": "cases", "aligned": "cases", "align": "cases",
             "align*": "cases", "gathered": "cases", "Vmatrix": "det", "psmallmatrix": "matrix"}  # fmt: skip


class Brackets(Quantities):
    """Reads what an opening bracket or an environment begins."""

    def item(self) -> Node:
        """One answer of a list; knows relations."""
        raise NotImplementedError

    def bracket(self) -> Node:
        sign = self.next.text
        if self.next.kind not in ("symbol", "command"):
            self.fail("no value")
        if sign in ("(", "["):
            return self._round()
        if sign == "]":
            return self._round()
        if sign == "{":
            return self._braces()
        if sign == r"\{":
            return self._set(r"\}")
        if sign == r"\langle":
            self.take()
            with self.inside():
                items = self._items()
            self.expect(r"\rangle")
            return Group("(", ")", items)
        if sign in _CLOSING:
            return self._between()
        if sign == r"\begin":
            return self._matrix()
        return self.fail("no value")

    def separators(self) -> list[str]:
        """What comes between the parts of a list, words too."""
        found: list[str] = []
        while self.sees(",", ";", "\\\\", r"\wedge", r"\vee") or (
            self.next.kind in ("word", "letters") and self.next.text in JOINING
        ):
            text = self.take().text
            found.append({r"\wedge": "and", r"\vee": "or"}.get(text, text))
        return found

    def arguments(self, given: bool = False) -> tuple[Node, ...]:
        self.expect("(")
        with self.inside():
            self.bars = int(given)
            items = self._items()
            if given and self.accept("|", r"\mid"):
                items = (*items, Name("|"), *self._items())
        self.expect(")")
        return items

    def _items(self, words: bool = False) -> tuple[Node, ...]:
        items = [self.item()]
        while self.separators() if words else self.accept(",", ";"):
            items.append(self.item())
        return tuple(items)

    def _round(self) -> Node:
        open = self.take().text
        with self.inside():
            items = self._items()
        close = self.expect(")", "]", "[")
        if len(items) == 1:
            if (open, close) not in (("(", ")"), ("[", "]")):
                self.fail("brackets do not match")
            return items[0]
        return Group("(" if open == "]" else open, ")" if close == "[" else close, items)

    def _braces(self) -> Node:
        self.expect("{")
        with self.inside():
            items = self._items()
            if len(items) == 1 and self.accept(r"\choose"):
                items = (Apply("binom", (items[0], self.item())),)
        self.expect("}")
        return items[0] if len(items) == 1 else Listing(items, "{")

    def _set(self, close: str) -> Node:
        self.take()
        if self.accept(close):
            return Name(r"\emptyset")
        with self.inside():
            self.bars = 1  # a | is the condition's
            items = self._items(words=True)
            if len(items) == 1 and self.accept("|", r"\mid", ":"):
                self.bars = 0
                condition = self._condition()
                self.expect(close)
                return SetOf(items[0], condition)
        if not (isinstance(items[0], Matrix) and self.next.kind == "end"):  # \left\{ ... \right.
            self.expect(close)
        return items[0] if isinstance(items[0], Matrix) else Listing(items, "{")

    def _condition(self) -> Node:
        items, join = [self.item()], "and"
        while words := self.separators():
            join = "or" if "or" in words else join
            items.append(self.item())
        return items[0] if len(items) == 1 else Listing(tuple(items), join)

    def _between(self) -> Node:
        open = self.take().text
        with self.inside():
            self.bars = 1
            inner = self.item()
        self.expect(_CLOSING[open])
        if open == "|" and isinstance(inner, Matrix):
            return Matrix("det", inner.rows)
        return Apply(_NAMED[open], (inner,))

    def _matrix(self) -> Node:
        self.take()
        kind = _MATRICES.get(name := self.index()) or self.fail(f"{name} is no matrix")
        if name == "array" and self.sees("{"):
            self.index()
        rows: list[Row] = []
        with self.inside():
            while not self.sees(r"\end"):
                cells = [self.item()]
                while self.accept("&", ","):
                    cells.append(self.item())
                rows.append(Row(tuple(cells)))
                if not self.accept("\\\\"):
                    break
                if self.accept("["):
                    while not self.accept("]"):
                        if self.take().kind == "end":
                            self.fail("] is missing")
                while self.accept(r"\hline"):
                    pass
        self.expect(r"\end")
        if self.index() != name:
            self.fail("another environment ends")
        return Matrix(kind, tuple(rows))
