"""Where a parser is in its tokens: what comes next, and taking it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from hexcli.answers.math.tokens import Token

DEEPEST = 40  # things in things; no answer has more, and Python's own stack must last


class Reader:
    """A cursor over tokens that end in an `end`. Everything that reads raises ValueError where it cannot go on."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self.at = 0
        self.bars = 0  # open | of absolute values, here and not inside other brackets
        self._depth = 0

    @property
    def next(self) -> Token:
        """The token that comes."""
        return self._tokens[self.at]

    def behind(self, number: int = 1) -> Token:
        """The token so many places behind the next one; the end where there are no more."""
        return self._tokens[min(self.at + number, len(self._tokens) - 1)]

    def sees(self, *texts: str) -> bool:
        """Whether a sign of these comes next."""
        return self.next.kind in ("symbol", "command") and self.next.text in texts

    def take(self) -> Token:
        """The next token, which is passed."""
        token = self.next
        self.at += token.kind != "end"
        return token

    def accept(self, *texts: str) -> str:
        """Pass a sign of these if it comes next; else empty."""
        return self.take().text if self.sees(*texts) else ""

    def expect(self, *texts: str) -> str:
        """Pass a sign of these."""
        return self.accept(*texts) or self.fail(f"{' or '.join(texts)} is missing")

    def split(self, length: int) -> str:
        """Take only the first characters of the next token; the rest of it comes next."""
        token = self.next
        if len(token.text) == length:
            return self.take().text
        self._tokens[self.at] = Token(token.kind, token.text[length:], False)
        return token.text[:length]

    def fail(self, why: str) -> NoReturn:
        """Raise ValueError with what is wrong and where."""
        raise ValueError(f"{why} at {self.next.text!r}" if self.next.kind != "end" else f"{why} at the end")

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Inside brackets: bars are counted anew, and not too deep."""
        bars, self.bars = self.bars, 0
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail("too many brackets in brackets")
        try:
            yield
        finally:
            self._depth -= 1
            self.bars = bars
