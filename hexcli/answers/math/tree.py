"""What an answer is made of: one frozen node a notion, numbers exact. Nothing here knows LaTeX or algebra."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an answer."""

    def parts(self) -> Iterator["Node"]:
        """The nodes right below."""
        for own in fields(self):
            value = getattr(self, own.name)
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Node):
                    yield part


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A numeral: its exact value, and how it was written (`0.50`), which makes no difference."""

    value: Fraction
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Mixed(Node):
    """A whole number with a fraction behind it: 2 1/4."""

    whole: int
    over: int
    under: int


@dataclass(frozen=True, slots=True)
class Based(Node):
    """Numerals in a base, as written: `-110_2`, `0.11_2`; `2A` is a Name."""

    of: Node
    base: int


@dataclass(frozen=True, slots=True)
class Name(Node):
    r"""What stands for a value: `x`, `x_1`, `\theta`, `\angle BAC`; also the constants `\pi e i \infty`."""

    name: str


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Terms added up; those taken away are Negative."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """A sign in front."""

    of: Node


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Factors."""

    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quotient(Node):
    """A fraction, whether with a bar or a slash."""

    over: Node
    under: Node


@dataclass(frozen=True, slots=True)
class Power(Node):
    """A power."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Root(Node):
    """A root of a degree."""

    degree: Node
    of: Node


@dataclass(frozen=True, slots=True)
class Apply(Node):
    r"""A function of its arguments: `\sin`, `abs`, `floor`, `binom`, `!`, `\log` (base first), `f`."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Degrees(Node):
    """An angle in degrees, percent apart the one unit that may stand inside an expression."""

    of: Node


@dataclass(frozen=True, slots=True)
class PlusMinus(Node):
    r"""Plus or minus something, a term of a sum or alone: both values. `sign` is + for \pm and - for \mp."""

    of: Node
    sign: str


@dataclass(frozen=True, slots=True)
class Quantity(Node):
    """A value with its unit (one of words.UNITS, may be empty) and with words that make it another answer."""

    of: Node
    unit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Relation(Node):
    r"""A chain `a < b \leq c`: one sign fewer than sides. Signs: = \neq < > \leq \geq \approx \in \equiv."""

    sides: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group(Node):
    """A point, a vector or an interval: items between brackets, of which `(` and `]` may be mixed."""

    open: str
    close: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Listing(Node):
    """Answers side by side; `join` says by what: `,`, `or`, `and`, or `{` for a set in braces."""

    items: tuple[Node, ...]
    join: str


@dataclass(frozen=True, slots=True)
class SetOf(Node):
    r"""`\{x \mid x > 3\}`: what is collected, and under which condition."""

    what: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class SetJoin(Node):
    r"""Sets put together by one sign: \cup, \cap or \setminus."""

    sign: str
    sets: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """Rows of cells; `kind` is `matrix`, `det` or `cases`."""

    kind: str
    rows: tuple["Row", ...]


@dataclass(frozen=True, slots=True)
class Row(Node):
    """A row of a matrix."""

    cells: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Ratio(Node):
    """`1:2:3`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Clock(Node):
    """A time of day; `half` is `a.m.`, `p.m.` or empty."""

    hour: int
    minute: int
    second: int
    half: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Words, as they are compared: lower case unless they are letters of a figure (`AB`)."""

    words: str


def names_of(node: Node) -> frozenset[str]:
    """The names in a tree, constants too."""
    if isinstance(node, Name):
        return frozenset({node.name})
    return frozenset().union(*(names_of(part) for part in node.parts()))
