"""What the families of word problems are made of: seeded dice, steps of arithmetic, plots, words."""

import random
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")

LARGE = 0.3  # share of amounts from the wider range

HE = ("Tom", "Ben", "Sam", "Max", "Leo", "Adam", "Paul", "Omar", "Hugo", "Ivan", "Jack", "Noah")
SHE = ("Ann", "Eve", "Mia", "Zoe", "Lily", "Nina", "Rosa", "Sara", "Emma", "Kate", "Lucy", "Dina")
PEOPLE = tuple((name, "he") for name in HE) + tuple((name, "she") for name in SHE)
THINGS = (
    "apples", "pears", "plums", "eggs", "nuts", "coins", "stamps", "cards", "shells", "stickers", "marbles",
    "beads", "balls", "buttons", "stones", "toys",
)  # fmt: skip
GOODS = (
    ("pen", "pens"), ("book", "books"), ("cup", "cups"), ("hat", "hats"), ("bag", "bags"), ("lamp", "lamps"),
    ("kite", "kites"), ("cake", "cakes"), ("toy", "toys"), ("plate", "plates"),
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Friday", "Saturday", "Sunday")


class Step(NamedTuple):
    """One operation on whole numbers, and the sentence that tells it: `Tom has 12 + 5 = 17 apples.`"""

    words: str
    left: int
    operation: str
    right: int
    unit: str = ""

    @property
    def value(self) -> int:
        """What the operation gives. Division is exact: raises ValueError where it is not."""
        left, right = self.left, self.right
        match self.operation:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
        if left % right:
            raise ValueError(f"{left} / {right} leaves a remainder")
        return left // right

    @property
    def equation(self) -> str:
        """`12 + 5 = 17`"""
        return f"{self.left} {self.operation} {self.right} = {self.value}"

    @property
    def sentence(self) -> str:
        """`Tom has 12 + 5 = 17 apples.`"""
        return f"{self.words} {self.equation}{self.unit}."


class Plot(NamedTuple):
    """What a family makes: facts in the order they are told, what is asked, and the way to the answer."""

    facts: list[str]
    ask: str
    steps: list[Step]


class Dice:
    """Seeded choices that are equal on every machine (and much faster than random.Random's own)."""

    __slots__ = ("random",)

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed).random

    def number(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def amount(self, low: int, high: int) -> int:
        """A whole number from low to high, or, in some draws, from a range ten times as wide."""
        return self.number(low, high * 10 if self.random() < LARGE else high)

    def chance(self, share: float) -> bool:
        """True for that share of the calls."""
        return self.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[int(self.random() * len(options))]

    def several(self, options: Sequence[T], count: int) -> list[T]:
        """That many different options."""
        out: list[T] = []
        while len(out) < count:
            option = self.pick(options)
            if option not in out:
                out.append(option)
        return out

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """The options in another order."""
        rest = list(options)
        return [rest.pop(int(self.random() * len(rest))) for _ in options]
