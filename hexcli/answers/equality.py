r"""Whether two answers are the same: their texts are read whole (math/reading.py), brought into one shape
(math/shapes.py), and compared part by part; expressions by exact values, and by a judge for what those leave open.

What cannot be read whole is compared as text only, never by a part of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hexcli.answers.latex import plain
from hexcli.answers.math.comparing import Comparison
from hexcli.answers.math.describing import described
from hexcli.answers.math.reading import readings, why_not
from hexcli.answers.math.shapes import shape
from hexcli.answers.math.tree import Node
from hexcli.answers.undecided import note

Judge = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether two answers are the same, and how that was found.

    by      who decided: `text`, `tree`, `arithmetic`, `judge`; `undecided` where the judge gave up
    trees   what each was read as, the ways it may be read; empty where it was compared as text
    unread  of each, why it could not be read
    steps   what was compared with what, in order
    """

    equal: bool
    by: str
    trees: tuple[tuple[Node, ...], tuple[Node, ...]]
    unread: tuple[str, str]
    steps: tuple[str, ...]


def equal_math(a: str, b: str, judge: Judge) -> bool:
    r"""Whether two answers are the same, with a judge for what only algebra can tell: `\sin 30^\circ` and `\frac12`.

    Symmetric, and reflexive; not transitive: a unit or a base left out is no difference (`52` and `52_8`, `52` and
    `52_9`), two are. Where the judge gives up (TimeoutError) they are not equal, and noted as undecided.
    """
    return verdict(a, b, judge).equal


def same_math(a: str, b: str) -> bool:
    """Whether two answers are the same without any algebra that exact arithmetic cannot do."""

    def nobody(question: str) -> bool:
        return False

    return verdict(a, b, nobody).equal


def verdict(a: str, b: str, judge: Judge) -> Verdict:
    """Whether two answers are the same, and how that was found. Never raises ValueError, whatever the texts."""
    if plain(a) == plain(b):
        return Verdict(equal=True, by="text", trees=((), ()), unread=("", ""), steps=("the texts are the same",))
    ours, theirs = readings(a), readings(b)
    if not ours or not theirs:
        unread = ("" if ours else why_not(a), "" if theirs else why_not(b))
        return Verdict(equal=False, by="text", trees=(ours, theirs), unread=unread, steps=("the texts differ",))
    comparison = Comparison(judge)
    equal = any(comparison.equal(shape(one), shape(two)) for one in ours for two in theirs)
    if comparison.undecided and not equal:
        note(a, b)
    by = "undecided" if comparison.undecided and not equal else comparison.by
    return Verdict(equal=equal, by=by, trees=(ours, theirs), unread=("", ""), steps=tuple(comparison.steps))


__all__ = ["Judge", "Verdict", "described", "equal_math", "readings", "same_math", "verdict"]
